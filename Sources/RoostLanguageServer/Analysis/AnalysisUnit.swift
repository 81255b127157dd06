import RoostPipeline

/// One use of the compiler: a root file, or a template that nothing includes and that is tried by itself.
struct AnalysisUnit: Hashable, Sendable {
    /// The absolute path of the file.
    let path: String
    /// The root of its repository.
    let folder: String
    /// The text to compile instead of the file's own: one that includes it.
    let wrapper: String?
    /// Values for parameters that must be given, so that the rest can be checked.
    let standIns: [String: String]

    var usesStandIns: Bool { wrapper != nil || !standIns.isEmpty }

    /// The path from the root of the repository.
    var relativePath: String { String(path.dropFirst(folder.count + 1)) }

    init(_ path: String, _ facts: FileFacts, folder: String) {
        self.path = path
        self.folder = folder
        let name = String(path.dropFirst(folder.count + 1))
        wrapper = Self.wrapper(name, facts)
        standIns = wrapper == nil ? Self.standIns(facts) : [:]
    }

    /// Text that includes the file when it is a template that cannot be a root: of variables, or with parameters of the old form.
    private static func wrapper(_ name: String, _ facts: FileFacts) -> String? {
        let bodies = facts.rootKeys.filter { $0 != "parameters" }
        guard bodies.count == 1, ["variables", "steps", "jobs", "stages"].contains(bodies[0]) else { return nil }
        let isOld = facts.parameters.contains { $0.isUntyped }
        guard bodies[0] == "variables" || isOld else { return nil }
        var text = "\(bodies[0]):\n- template: '/\(quoted(name))'\n"
        let given = standIns(facts).sorted { $0.key < $1.key }
        if !given.isEmpty { text += "  parameters:\n" }
        for (name, value) in given {
            let isData = value.hasPrefix("{") || value.hasPrefix("[")
            text += "    '\(quoted(name))': \(isData ? value : "'\(quoted(value))'")\n"
        }
        return bodies[0] == "variables" ? text + "steps:\n- script: echo\n" : text
    }

    private static func quoted(_ text: String) -> String {
        text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    }

    private static func standIns(_ facts: FileFacts) -> [String: String] {
        var values: [String: String] = [:]
        for parameter in facts.parameters where !parameter.hasDefault {
            let declared = PipelineParameter(
                name: parameter.name,
                displayName: parameter.name,
                type: parameter.type,
                defaultValue: nil,
                allowed: parameter.allowed.isEmpty ? nil : parameter.allowed
            )
            values[parameter.name] = declared.exampleValue
        }
        return values
    }
}
