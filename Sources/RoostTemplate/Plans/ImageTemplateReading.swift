public import RoostLanguage

/// What a template comes to, with everything that is wrong in it.
public struct ImageTemplateReading: Sendable {
    /// As far as it could be understood, also where there are errors; targets that are not wanted are not in it.
    public var plan: ImagePlan
    public var diagnostics: [Diagnostic]
    /// The files, for showing the lines that problems are in.
    public var sources: [SourceText]

    public init(plan: ImagePlan, diagnostics: [Diagnostic], sources: [SourceText]) {
        self.plan = plan
        self.diagnostics = diagnostics
        self.sources = sources
    }
}
