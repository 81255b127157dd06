/// A value of the JSON syntax with its place.
struct HCLJSONNode: Sendable {
    indirect enum Form: Sendable {
        case null
        case bool(Bool)
        case number(HCLNumber)
        /// The text, and for each of its bytes and the end where it stands in the file.
        case string(String, offsets: [Int])
        case array([HCLJSONNode])
        case object([Property])
    }

    struct Property: Sendable {
        let name: String
        let nameNode: HCLJSONNode
        let value: HCLJSONNode

        var nameRange: HCLRange { nameNode.range }
    }

    let form: Form
    let range: HCLRange

    /// The opening bracket, or the whole value.
    var startRange: HCLRange {
        switch form {
        case .array, .object: HCLRange(range.source, range.bytes.lowerBound..<(range.bytes.lowerBound + 1))
        default: range
        }
    }
}
