/// The text of a variable, as text templates put it in.
public struct SettingText: Sendable, Hashable {
    public var text: String
    /// Whether it must not be shown.
    public var isSensitive: Bool
    /// Whether it is a template that is put in as one, because it speaks of what only a running build knows.
    public var isTemplate: Bool

    public init(_ text: String, isSensitive: Bool = false, isTemplate: Bool = false) {
        self.text = text
        self.isSensitive = isSensitive
        self.isTemplate = isTemplate
    }
}
