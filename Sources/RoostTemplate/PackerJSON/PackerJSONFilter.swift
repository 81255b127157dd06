import RoostLanguage

/// Chooses builds by their exact names, as `-only` and `-except` do for templates of JSON.
struct PackerJSONFilter {
    private let only: Set<String>
    private let except: Set<String>
    /// Names that nothing has: to build nothing is never what was meant.
    private(set) var diagnostics: [Diagnostic] = []

    init(_ input: ImageTemplateInput, builds: [String], postProcessors: [PackerJSONSyntax.Step]) {
        only = Set(input.only)
        except = Set(input.except)
        let steps = postProcessors.map(\.filterName)
        for name in input.only where !builds.contains(name) { report(name, "only", "builder", builds, builds) }
        for name in input.except where !(builds + steps).contains(name) {
            report(name, "except", "builder and no post-processor", builds, builds + steps)
        }
        if diagnostics.isEmpty, !builds.isEmpty, !builds.contains(where: includes) {
            diagnostics.append(
                .error(
                    "packer-json.no-target",
                    "-only and -except leave no builder to build.",
                    detail: "There are \(builds.joined(separator: ", "))."
                )
            )
        }
    }

    private mutating func report(_ name: String, _ flag: String, _ what: String, _ builds: [String], _ known: [String])
    {
        diagnostics.append(
            .error(
                "packer-json.no-target",
                "No \(what) is called \"\(name)\", which -\(flag) names.",
                advice: suggestion(name, among: known),
                detail: builds.isEmpty
                    ? "The template builds nothing." : "There are \(builds.joined(separator: ", "))."
            )
        )
    }

    func includes(_ name: String) -> Bool { (only.isEmpty || only.contains(name)) && !except.contains(name) }

    /// Whether a post-processor is done; those after it in its chain are not done either.
    func includes(_ step: PackerJSONSyntax.Step) -> Bool { !except.contains(step.filterName) }
}

extension PackerJSONSyntax.Step {
    /// As `-except` knows it.
    fileprivate var filterName: String { name?.text ?? type.text }
}
