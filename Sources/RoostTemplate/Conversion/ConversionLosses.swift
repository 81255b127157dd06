import RoostLanguage

/// What a conversion could not say, and what a person has to know.
struct ConversionLosses {
    private(set) var diagnostics: [Diagnostic] = []

    mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// Something has another meaning afterwards, or none.
    mutating func lose(_ summary: String, _ detail: String, _ range: HCLRange?, _ advice: String? = nil) {
        diagnostics.append(
            .error(ImageConversion.lossCode, summary, at: range?.span, advice: advice, detail: detail)
        )
    }

    /// The meaning stays, but there is something to do or to know.
    mutating func note(_ summary: String, _ detail: String, _ range: HCLRange?, _ advice: String? = nil) {
        diagnostics.append(.warning("image-convert.note", summary, at: range?.span, advice: advice, detail: detail))
    }
}
