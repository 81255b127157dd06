/// Which component something is said about.
public struct ComponentName: Sendable, Hashable, CustomStringConvertible {
    public var kind: ComponentKind
    public var type: String
    /// Where it is named.
    public var range: HCLRange?

    public init(_ kind: ComponentKind, _ type: String, range: HCLRange? = nil) {
        self.kind = kind
        self.type = type
        self.range = range
    }

    /// Such as `builder "azure-arm"`.
    public var description: String { "\(kind.rawValue) \"\(type)\"" }
}
