/// How large an expression may be.
public struct ExpressionLimits: Hashable, Sendable {
    /// In characters, as the service counts them.
    public var length: Int
    /// Calls, indexes and dots that may be nested in each other.
    public var depth: Int

    public init(length: Int = 21_000, depth: Int = 50) {
        self.length = length
        self.depth = depth
    }

    public static let `default` = ExpressionLimits()
}
