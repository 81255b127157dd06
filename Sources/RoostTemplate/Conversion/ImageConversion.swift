public import RoostLanguage

/// A template written in another language.
public struct ImageConversion: Sendable {
    public var text: String
    /// What could not be said in the other language, and what else there is to know.
    public var diagnostics: [Diagnostic]

    public init(text: String, diagnostics: [Diagnostic]) {
        self.text = text
        self.diagnostics = diagnostics
    }

    /// Every loss has this code.
    public static let lossCode = "image-convert.loss"

    /// The same with losses as warnings, for somebody who takes them.
    public var withLossesAccepted: ImageConversion {
        ImageConversion(
            text: text,
            diagnostics: diagnostics.map { $0.code == Self.lossCode ? $0.asWarning : $0 }
        )
    }

    /// A template of Image Builder in a language of Packer; placeholders without a value become variables.
    ///
    /// - Parameters:
    ///   - bytes: of the template.
    ///   - name: of its file.
    ///   - input: values of placeholders, and which template is wanted.
    ///   - language: one of Packer's.
    /// - Returns: the text, and the files for showing lines of them.
    public static func packer(
        fromImageBuilder bytes: [UInt8],
        name: String,
        _ input: ImageTemplateInput,
        as language: ImagePlan.Language
    ) -> (conversion: ImageConversion, sources: [SourceText]) {
        let reading = ImageBuilderTemplate.read(bytes, name: name, input, keepsPlaceholders: true)
        guard !reading.diagnostics.contains(where: \.isError), let target = only(reading.plan) else {
            let problems = reading.diagnostics + severalTargets(reading)
            return (ImageConversion(text: "", diagnostics: problems), reading.sources)
        }
        var translator = PackerTranslator(target, variables: reading.plan.variables)
        let document = translator.document()
        let text = language == .packerJSON ? document.json : document.hcl
        let problems = reading.diagnostics + translator.losses
        return (ImageConversion(text: text, diagnostics: problems), reading.sources)
    }

    /// A plan as a template of Image Builder.
    ///
    /// - Parameter reading: of a template of Packer, with the one target that is wanted.
    public static func imageBuilder(from reading: ImageTemplateReading) -> ImageConversion {
        guard !reading.diagnostics.contains(where: \.isError), let target = only(reading.plan) else {
            return ImageConversion(text: "", diagnostics: reading.diagnostics + severalTargets(reading))
        }
        var translator = ImageBuilderTranslator(target)
        let text = translator.text()
        return ImageConversion(text: text, diagnostics: reading.diagnostics + translator.losses)
    }

    private static func only(_ plan: ImagePlan) -> ImageTarget? { plan.targets.count == 1 ? plan.targets[0] : nil }

    private static func severalTargets(_ reading: ImageTemplateReading) -> [Diagnostic] {
        let names = reading.plan.targets.map(\.name)
        guard !reading.diagnostics.contains(where: \.isError), names.count != 1 else { return [] }
        return [
            .error(
                "image-convert.targets",
                names.isEmpty ? "The template makes no image" : "The template makes \(names.count) images",
                advice: names.isEmpty ? nil : "Choose one with -only.",
                detail: names.isEmpty ? nil : "One at a time is converted: \(names.joined(separator: ", "))."
            )
        ]
    }
}
