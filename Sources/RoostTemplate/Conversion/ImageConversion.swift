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
        let accepted = diagnostics.map { $0.code == Self.lossCode ? $0.asWarning : $0 }
        return ImageConversion(text: text, diagnostics: accepted)
    }

    /// Reads a template and writes it in another language.
    ///
    /// - Parameters:
    ///   - input: names the template, the values of its variables, and which of its targets is wanted.
    ///   - language: what it is written in, whatever its name says.
    ///   - other: what to write.
    /// - Returns: the text with everything that is wrong or lost, and what was read.
    public static func of(
        _ input: ImageTemplateInput,
        as language: ImagePlan.Language? = nil,
        to other: ImagePlan.Language
    ) -> (conversion: ImageConversion, reading: ImageTemplateReading) {
        let input = readOnce(input)
        var reading = ImageTemplate.read(input, as: language).reading
        if reading.plan.language == .packerJSON, other == .packerHCL, let upgraded = upgraded(input) {
            return (upgraded, reading)
        }
        let isToPacker = reading.plan.language == .imageBuilder && other != .imageBuilder
        if isToPacker, let bytes = input.text {
            // Once more, as placeholders without a value become variables.
            reading = ImageBuilderTemplate.read(bytes, name: input.path, input, keepsPlaceholders: true)
        }
        return (of(reading, to: other), reading)
    }

    /// A file of JSON is read here, because a pipe can be read only once.
    private static func readOnce(_ input: ImageTemplateInput) -> ImageTemplateInput {
        guard input.text == nil, !input.isFolder, !input.path.hasSuffix(".hcl"), !input.path.hasSuffix(".pkr.json")
        else { return input }
        var result = input
        result.text = FileBytes.read(input.path)
        return result
    }

    /// Packer's own languages: what is written is translated, not what it comes to.
    private static func upgraded(_ input: ImageTemplateInput) -> ImageConversion? {
        guard let bytes = input.text else { return nil }
        let (text, diagnostics, _) = PackerUpgrade.upgraded(bytes, name: input.path)
        return ImageConversion(text: text, diagnostics: diagnostics)
    }

    /// Writes what was read in another language.
    static func of(_ reading: ImageTemplateReading, to other: ImagePlan.Language) -> ImageConversion {
        guard !reading.diagnostics.contains(where: \.isError) else {
            return ImageConversion(text: "", diagnostics: reading.diagnostics)
        }
        if let problem = unknownWay(from: reading.plan.language, to: other) ?? severalTargets(reading.plan) {
            return ImageConversion(text: "", diagnostics: reading.diagnostics + [problem])
        }
        let target = reading.plan.targets[0]
        if other == .imageBuilder {
            if let problem = otherBuilder(target) {
                return ImageConversion(text: "", diagnostics: reading.diagnostics + [problem])
            }
            var translator = ImageBuilderTranslator(target)
            let text = translator.text()
            return ImageConversion(text: text, diagnostics: reading.diagnostics + translator.losses)
        }
        var translator = PackerTranslator(target, variables: reading.plan.variables, language: other)
        let document = translator.document()
        return ImageConversion(
            text: other == .packerJSON ? document.json : document.hcl,
            diagnostics: reading.diagnostics + translator.losses
        )
    }

    private static func unknownWay(
        from language: ImagePlan.Language,
        to other: ImagePlan.Language
    ) -> Diagnostic? {
        guard (language == .imageBuilder) == (other == .imageBuilder) else { return nil }
        return .error(
            "image-convert.way",
            language == other
                ? "The template is one of \(other.rawValue) already"
                : "\(language.rawValue) is not converted to \(other.rawValue)",
            advice:
                "Templates of Image Builder become those of Packer, and the other way round; JSON of Packer becomes HCL2."
        )
    }

    /// Without its builder nothing of a template is left, so that this is no loss that anybody can take.
    private static func otherBuilder(_ target: ImageTarget) -> Diagnostic? {
        guard target.type != "azure-arm" else { return nil }
        return .error(
            "image-convert.builder",
            "Builder \"\(target.type)\" cannot be said",
            at: target.range?.span,
            advice: "Convert a target of builder \"azure-arm\".",
            detail: "Image Builder makes images in Azure, as builder azure-arm does."
        )
    }

    private static func severalTargets(_ plan: ImagePlan) -> Diagnostic? {
        let names = plan.targets.map(\.name)
        guard names.count != 1 else { return nil }
        return .error(
            "image-convert.targets",
            names.isEmpty ? "The template makes no image" : "The template makes \(names.count) images",
            advice: names.isEmpty ? nil : "Choose one with -only.",
            detail: names.isEmpty ? nil : "One at a time is converted: \(names.joined(separator: ", "))."
        )
    }
}
