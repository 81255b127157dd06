public import RoostLanguage

/// What a template comes to, with everything that is wrong in it.
public struct ImageTemplateReading: Sendable {
    /// As far as it could be understood, also where there are errors; targets that are not wanted are not in it.
    public var plan: ImagePlan
    public var diagnostics: [Diagnostic]
    /// Those of the files as such, before values and settings are looked at; they are in ``diagnostics`` too.
    public var syntaxProblems: [Diagnostic]
    /// The files, for showing the lines that problems are in.
    public var sources: [SourceText]

    public init(
        plan: ImagePlan,
        diagnostics: [Diagnostic],
        syntaxProblems: [Diagnostic] = [],
        sources: [SourceText]
    ) {
        self.plan = plan
        self.diagnostics = diagnostics
        self.syntaxProblems = syntaxProblems
        self.sources = sources
    }

    /// Whether a problem does not matter to somebody who only looks: a variable has no value yet, or settings are not those that a
    /// component takes, which may come of that.
    public func isOnlyForBuilds(_ diagnostic: Diagnostic) -> Bool {
        Self.unsetCodes.contains(diagnostic.code) || diagnostic.code.hasPrefix("component.")
    }

    private static let unsetCodes: Set = [
        "hcl.packer.unset", "image-builder.unset", "text-template.unknown-user-variable",
    ]
}
