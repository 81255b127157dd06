/// Texts that must not be shown, and how they are taken out of what is shown.
public struct SecretTexts: Sendable {
    /// What stands in the place of a secret.
    public static let replacement = "<sensitive>"

    /// The longest first, so that no part of one is left.
    private let texts: [String]

    /// Everything secret in the variables and settings of a plan.
    public init(_ plan: ImagePlan) {
        var texts: Set<String> = []
        for variable in plan.variables + plan.locals {
            for value in [variable.defaultValue, variable.value].compactMap(\.self) {
                Self.collect(value, variable.isSensitive, into: &texts)
            }
        }
        for target in plan.targets {
            let steps = target.provisioners + target.validations + target.postProcessors.flatMap { $0 }
            for settings in [target.settings] + (steps + [target.errorCleanup].compactMap(\.self)).map(\.settings) {
                Self.collect(SettingValue(.object(settings)), false, into: &texts)
            }
        }
        self.init(texts)
    }

    /// With everything secret in settings besides, and other texts.
    public func adding(_ settings: ImageSettings, _ others: [String] = []) -> SecretTexts {
        var texts = Set(texts)
        Self.collect(SettingValue(.object(settings)), false, into: &texts)
        for text in others { Self.insert(text, into: &texts) }
        return SecretTexts(texts)
    }

    private init(_ texts: Set<String>) {
        self.texts = texts.filter { !$0.isEmpty }.sorted { ($1.count, $0) < ($0.count, $1) }
    }

    private static func collect(_ value: HCLValue, _ isSecret: Bool, into texts: inout Set<String>) {
        let isSecret = isSecret || value.isSensitive
        switch value.content {
        case .string(let text) where isSecret: insert(text, into: &texts)
        case .elements(let elements): for element in elements { collect(element, isSecret, into: &texts) }
        case .attributes(let attributes): for element in attributes.values { collect(element, isSecret, into: &texts) }
        default: break
        }
    }

    private static func collect(_ value: SettingValue, _ isSecret: Bool, into texts: inout Set<String>) {
        let isSecret = isSecret || value.isSensitive
        switch value.form {
        case .text(let text) where isSecret: insert(text, into: &texts)
        case .list(let elements): for element in elements { collect(element, isSecret, into: &texts) }
        case .object(let settings): for entry in settings.entries { collect(entry.value, isSecret, into: &texts) }
        default: break
        }
    }

    /// A text of several lines is shown line by line too, and in quotes.
    private static func insert(_ text: String, into texts: inout Set<String>) {
        texts.insert(text)
        texts.insert(String(jsonText(text).dropFirst().dropLast()))
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        if lines.count > 1 { texts.formUnion(lines.filter { $0.count > 3 }) }
    }

    /// The text without secrets; those of one or two characters are taken out only where they stand alone.
    public func masked(_ text: String) -> String {
        texts.reduce(text) { text, secret in
            guard text.contains(secret) else { return text }
            return secret.count > 2
                ? text.replacing(secret, with: Self.replacement) : Self.maskingWords(secret, in: text)
        }
    }

    private static func maskingWords(_ secret: String, in text: String) -> String {
        var (result, rest) = ("", text[...])
        while let found = rest.firstRange(of: secret) {
            let before = found.lowerBound > text.startIndex ? text[text.index(before: found.lowerBound)] : " "
            let after = found.upperBound < text.endIndex ? text[found.upperBound] : " "
            let isAlone = ![before, after].contains { $0.isLetter || $0.isNumber || "_-'".contains($0) }
            result += rest[..<found.lowerBound] + (isAlone ? replacement : secret)
            rest = rest[found.upperBound...]
        }
        return result + rest
    }
}
