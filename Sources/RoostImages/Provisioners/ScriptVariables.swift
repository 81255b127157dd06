import RoostTemplate

/// The variables that a script sees.
struct ScriptVariables {
    let values: [String: String]

    init(_ work: StepWork) throws {
        var values = ["PACKER_BUILD_NAME": work.target.sourceName, "PACKER_BUILDER_TYPE": work.target.type]
        for (name, fact) in [
            ("PACKER_HTTP_ADDR", "PackerHTTPAddr"), ("PACKER_HTTP_IP", "PackerHTTPIP"),
            ("PACKER_HTTP_PORT", "PackerHTTPPort"),
        ] {
            if let value = work.run.facts[fact], !value.isEmpty { values[name] = value }
        }
        for assignment in try work.texts("environment_vars") {
            guard let place = assignment.firstIndex(of: "="), place != assignment.startIndex else {
                throw ImageBuildFailure.setting("A variable of \(work.type) is not written as NAME=value.")
            }
            values[String(assignment[..<place])] = String(assignment[assignment.index(after: place)...])
        }
        self.values = values.merging(try work.map("env")) { $1 }
    }

    /// One after the other in a format such as `%s='%s' `, by their names.
    func formatted(_ format: String) -> String {
        values.sorted { $0.key < $1.key }.map { name, value in
            GoText.format(format, [name, value.replacing("'", with: "'\"'\"'")])
        }.joined()
    }
}
