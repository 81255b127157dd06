/// A value that a component is given, with the place where it is written; places do not matter for equality.
public struct SettingValue: Sendable {
    public enum Form: Sendable, Hashable {
        case null
        /// A text that is used as it is.
        case text(String)
        /// A text that is rendered when the build runs, because it speaks of what is known then only: `{{ .Path }}`.
        case template(String)
        case number(HCLNumber)
        case truth(Bool)
        case list([SettingValue])
        case object(ImageSettings)
        /// Computed when the build runs, because it speaks of what is known then only: `build.Host`.
        case later(LaterExpression)
    }

    public var form: Form
    /// Where it is written; nil for what nobody wrote.
    public var range: HCLRange?
    /// Whether it must not be shown.
    public var isSensitive: Bool

    public init(_ form: Form, range: HCLRange? = nil, isSensitive: Bool = false) {
        self.form = form
        self.range = range
        self.isSensitive = isSensitive
    }

    public var isNull: Bool { form == .null }

    /// A text that is known, also where a template stands in it.
    public var text: String? {
        switch form {
        case .text(let text), .template(let text): text
        default: nil
        }
    }

    public var truth: Bool? {
        if case .truth(let truth) = form { truth } else { nil }
    }

    public var number: HCLNumber? {
        if case .number(let number) = form { number } else { nil }
    }

    public var list: [SettingValue]? {
        if case .list(let elements) = form { elements } else { nil }
    }

    public var settings: ImageSettings? {
        if case .object(let settings) = form { settings } else { nil }
    }

    /// Whether it, or something in it, must not be shown.
    public var hasSensitivePart: Bool {
        if isSensitive { return true }
        return switch form {
        case .list(let elements): elements.contains(where: \.hasSensitivePart)
        case .object(let settings): settings.entries.contains { $0.value.hasSensitivePart }
        default: false
        }
    }
}

extension SettingValue: Hashable {
    public static func == (left: SettingValue, right: SettingValue) -> Bool {
        left.form == right.form && left.isSensitive == right.isSensitive
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(form) }
}

/// An expression with the names it may use, except those that are known when a build runs.
public struct LaterExpression: Sendable {
    let expression: HCLExpression
    let scope: HCLScope

    /// As it is written.
    public var text: String { String(expression.range.text) }

    /// As it would stand in a text: what is a text with parts is written without its quotes.
    public var templateText: String {
        let text = expression.range.text
        return text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
            ? String(text.dropFirst().dropLast()) : "${\(text)}"
    }

    /// Its value, when it is known what `build`, and whatever else is given, stand for.
    public func value(knowing variables: [String: HCLValue]) throws(HCLFailure) -> HCLValue {
        let (value, problems) = expression.value(in: HCLScope(variables: variables, parent: scope))
        guard problems.isEmpty else { throw HCLFailure(diagnostics: problems) }
        return value
    }
}

extension LaterExpression: Hashable {
    public static func == (left: LaterExpression, right: LaterExpression) -> Bool { left.text == right.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
