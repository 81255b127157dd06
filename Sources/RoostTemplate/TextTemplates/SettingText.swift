/// The text of a variable, as text templates put it in.
public struct SettingText: Sendable, Hashable {
    public var text: String
    /// Whether it must not be shown.
    public var isSensitive: Bool
    /// Whether it is a template that is put in as one, because it speaks of what only a running build knows.
    public var isTemplate: Bool

    /// Whether it has a value; what speaks of one that has none stays a template.
    public var isKnown: Bool

    public init(_ text: String, isSensitive: Bool = false, isTemplate: Bool = false, isKnown: Bool = true) {
        self.text = text
        self.isKnown = isKnown
        self.isSensitive = isSensitive
        self.isTemplate = isTemplate
    }
}
