import RoostLanguage

extension Diagnostic {
    static func hcl(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ subject: HCLRange,
        context: HCLRange? = nil,
        advice: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            .error,
            code: "hcl.\(code)",
            summary,
            detail: detail,
            at: subject.span,
            context: context?.span,
            advice: advice
        )
    }
}
