import RoostLanguage

/// A place in a file as `hcldec` writes it.
struct HCLRangeJSON: Encodable {
    struct Position: Encodable {
        let line: Int
        let column: Int
        let byte: Int

        init(_ position: SourcePosition) {
            line = position.line
            column = position.column
            byte = position.offset
        }
    }

    let filename: String
    let start: Position
    let end: Position

    init(_ span: SourceSpan) {
        filename = span.file
        start = Position(span.start)
        end = Position(span.end)
    }
}
