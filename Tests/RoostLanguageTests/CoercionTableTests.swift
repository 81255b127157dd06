import RoostLanguage
import Testing

/// The table of conversions between kinds, every cell of it.
@Suite("The coercion table")
struct CoercionTableTests {
    /// A value and what it is in every kind; nil is no form.
    struct Row: Sendable, CustomTestStringConvertible {
        let value: Value
        let bool: Bool
        let null: Bool
        let number: Double?
        let string: String?
        let version: String?

        init(_ value: Value, bool: Bool, null: Bool, number: Double?, string: String?, version: String?) {
            self.value = value
            self.bool = bool
            self.null = null
            self.number = number
            self.string = string
            self.version = version
        }

        var testDescription: String { "\(value.kind.rawValue) \(value.displayText)" }
    }

    static let version = VersionNumber("1.2.3").map(Value.version) ?? .null
    static let moment = Value.dateTime(DateTime(seconds: 0))

    static let rows: [Row] = [
        Row(true, bool: true, null: false, number: 1, string: "True", version: nil),
        Row(false, bool: false, null: false, number: 0, string: "False", version: nil),
        Row(.null, bool: false, null: true, number: 0, string: "", version: nil),
        Row(0, bool: false, null: false, number: 0, string: "0", version: nil),
        Row(-1, bool: true, null: false, number: -1, string: "-1", version: nil),
        Row(1.5, bool: true, null: false, number: 1.5, string: "1.5", version: "1.5"),
        Row(
            1_234_567.125,
            bool: true,
            null: false,
            number: 1_234_567.125,
            string: "1234567.125",
            version: "1234567.125"
        ),
        Row("", bool: false, null: true, number: 0, string: "", version: nil),
        Row("false", bool: true, null: false, number: nil, string: "false", version: nil),
        Row("0", bool: true, null: false, number: 0, string: "0", version: nil),
        Row(" +1,234.50 ", bool: true, null: false, number: 1234.5, string: " +1,234.50 ", version: nil),
        Row("1e3", bool: true, null: false, number: nil, string: "1e3", version: nil),
        Row("1.2.3", bool: true, null: false, number: nil, string: "1.2.3", version: "1.2.3"),
        Row("1.2", bool: true, null: false, number: 1.2, string: "1.2", version: "1.2"),
        Row(version, bool: true, null: false, number: nil, string: "1.2.3", version: "1.2.3"),
        Row(moment, bool: true, null: false, number: nil, string: "1970-01-01 00:00:00+00:00", version: nil),
        Row([], bool: true, null: false, number: nil, string: nil, version: nil),
        Row([1], bool: true, null: false, number: nil, string: nil, version: nil),
        Row([:], bool: true, null: false, number: nil, string: nil, version: nil),
        Row(["a": 1], bool: true, null: false, number: nil, string: nil, version: nil),
    ]

    @Test("a value has the form the table gives for each kind", arguments: rows)
    func forms(_ row: Row) {
        #expect(row.value.converted(to: .bool) == .bool(row.bool))
        #expect((row.value.converted(to: .null) != nil) == row.null)
        #expect(row.value.converted(to: .number) == row.number.map(Value.number))
        #expect(row.value.converted(to: .string) == row.string.map(Value.string))
        let version = row.version.flatMap { VersionNumber($0) }.map(Value.version)
        #expect(row.value.converted(to: .version) == version)
        for kind in [ValueKind.dateTime, .array, .object] where kind != row.value.kind {
            #expect(row.value.converted(to: kind) == nil)
        }
    }

    @Test("eq takes the right side in the kind of the left, and is false when it has no such form", arguments: rows)
    func equality(_ row: Row) {
        for other in Self.rows {
            let expected: Bool =
                switch row.value.kind {
                case .bool: row.bool == other.bool
                case .null: other.null
                case .number: other.number != nil && row.number == other.number
                case .string: other.string.map { $0.lowercased() == row.string?.lowercased() } ?? false
                case .version: other.version != nil && row.version == other.version
                case .dateTime: row.value == other.value
                case .array, .object: false
                }
            let isItself = row.value == other.value && row.value.isCollection
            if !isItself { #expect(row.value.equals(other.value) == expected, "\(row) and \(other)") }
        }
    }

    @Test("gt and its like are errors when the right side has no form of the left's kind", arguments: rows)
    func order(_ row: Row) {
        for other in Self.rows {
            let isPossible: Bool =
                switch row.value.kind {
                case .bool: true
                case .null, .number: other.number != nil
                case .string: other.string != nil
                case .version: other.version != nil
                case .dateTime: other.value.kind == .dateTime
                case .array, .object: false
                }
            #expect(((try? row.value.order(against: other.value)) != nil) == isPossible, "\(row) and \(other)")
        }
    }
}
