/// An error a person can meet: it says what happened, where, and what to do next.
public protocol UserFacingError: Error, CustomStringConvertible {
    /// Stable, for scripts and documentation, such as `pool.not-found`.
    var code: String { get }
    /// One sentence that names the thing as the user knows it.
    var summary: String { get }
    /// Where: file, line and column; job and step; pool; URL.
    var location: String? { get }
    /// The next step, when we know it.
    var advice: String? { get }
}

extension UserFacingError {
    public var location: String? { nil }
    public var advice: String? { nil }

    /// `location: summary (advice) [code]`, the form used where only one line is available.
    public var description: String {
        var text = location.map { "\($0): " } ?? ""
        text += summary
        // A summary that ends with what a program said or with a path ends with no full stop of its own.
        if let advice { text += "\(text.last.map(".!?:".contains) == false ? "." : "") \(advice)" }
        return "\(text) [\(code)]"
    }
}
