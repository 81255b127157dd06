/// A word of a text template.
struct TextTemplateToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// What stands outside of braces, without the blanks that markers take away.
        case text(String)
        case opening
        case closing
        /// Also keywords.
        case word(String)
        /// `.name`, and `.` alone with no name.
        case field(String)
        case dot
        /// With its dollar sign.
        case variable(String)
        case quoted(String)
        case number(String)
        case character(Int)
        /// `|`, `(`, `)`, `:=`, `=`, `,`
        case sign(String)
        case end
    }

    var kind: Kind
    /// Offsets of bytes of the text.
    var range: Range<Int>
    /// Whether blanks stand before it, which part the arguments of a call.
    var isApart: Bool
}
