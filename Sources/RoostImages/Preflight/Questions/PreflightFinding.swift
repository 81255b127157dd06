public import RoostLanguage

/// Something that a build would fail for, or might.
public struct PreflightFinding: Sendable, Hashable {
    /// What, where in the template, and what to do.
    public var problem: Diagnostic
    /// Which command makes what is missing.
    public var command: String?
    /// What can be made here, when that is wanted.
    public var draft: PreflightDraft?

    public init(_ problem: Diagnostic, command: String? = nil, draft: PreflightDraft? = nil) {
        self.problem = problem
        self.command = command ?? draft?.command
        self.draft = draft
    }

    /// The problem with the command in its advice.
    public var diagnostic: Diagnostic {
        guard let command else { return problem }
        var diagnostic = problem
        let making = "Make it with '\(command)'\(draft == nil ? "" : ", or with --create-missing")."
        diagnostic.advice = [problem.advice, making].compactMap(\.self).joined(separator: " ")
        return diagnostic
    }
}
