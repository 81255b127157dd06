/// Why a value cannot become one of another type, as the end of a sentence.
public struct ConversionFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the value it is, such as `["ports"][2]`; empty for the value itself.
    public var path: String
    /// Such as `a number is required`.
    public var reason: String

    init(_ reason: String, path: String = "") {
        self.reason = reason
        self.path = path
    }

    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }

    func within(_ step: String) -> ConversionFault { ConversionFault(reason, path: step + path) }
}
