/// What a reader of XML comes upon.
enum XMLEvent: Hashable {
    /// The name has no prefix of a namespace.
    case begin(String, [String: String])
    case end(String)
    /// Text between tags, in parts of any length.
    case text(String)
}
