import FoundationEssentials
import RoostModel

/// A stored row that does not hold what it should: the file was changed by other hands, or damaged.
struct StoredRowError: Error, Hashable, CustomStringConvertible {
    var table: String
    var reason: String

    var description: String { "table \(table): \(reason)" }
}

/// Takes the columns of a row in the order of the statement.
struct ColumnReader {
    let table: String
    private let values: [SQLValue]
    private var next = 0

    init(table: String, _ values: [SQLValue]) {
        self.table = table
        self.values = values
    }

    private mutating func take() throws(StoredRowError) -> SQLValue {
        guard next < values.count else { throw failure("has only \(values.count) columns") }
        defer { next += 1 }
        return values[next]
    }

    /// An error about the row being read.
    func failure(_ reason: String) -> StoredRowError { StoredRowError(table: table, reason: reason) }

    mutating func optionalInteger() throws(StoredRowError) -> Int? {
        switch try take() {
        case .null: return nil
        case .integer(let number): return number
        case .real(let number) where Int(exactly: number) != nil: return Int(exactly: number)
        case .real, .text: throw failure("column \(next) is not a whole number")
        }
    }

    mutating func integer() throws(StoredRowError) -> Int { try required(optionalInteger()) }

    mutating func flag() throws(StoredRowError) -> Bool { try integer() != 0 }

    mutating func optionalText() throws(StoredRowError) -> String? {
        switch try take() {
        case .null: return nil
        case .text(let text): return text
        case .integer, .real: throw failure("column \(next) is not a text")
        }
    }

    mutating func text() throws(StoredRowError) -> String { try required(optionalText()) }

    mutating func optionalDate() throws(StoredRowError) -> Date? {
        switch try take() {
        case .null: return nil
        case .real(let seconds): return Date(timeIntervalSinceReferenceDate: seconds)
        case .integer(let seconds): return Date(timeIntervalSinceReferenceDate: Double(seconds))
        case .text: throw failure("column \(next) is not a moment")
        }
    }

    mutating func real() throws(StoredRowError) -> Double {
        switch try take() {
        case .real(let number): return number
        case .integer(let number): return Double(number)
        case .null, .text: throw failure("column \(next) is not a number")
        }
    }

    mutating func date() throws(StoredRowError) -> Date { try required(optionalDate()) }

    mutating func uuid() throws(StoredRowError) -> UUID {
        let text = try text()
        guard let uuid = UUID(uuidString: text) else { throw failure("'\(text)' is not a UUID") }
        return uuid
    }

    /// A word of an enumeration.
    mutating func word<Word: RawRepresentable>(_ type: Word.Type) throws(StoredRowError) -> Word
    where Word.RawValue == String {
        let text = try text()
        guard let word = Word(rawValue: text) else { throw failure("'\(text)' is not a \(type)") }
        return word
    }

    mutating func optionalWord<Word: RawRepresentable>(_ type: Word.Type) throws(StoredRowError) -> Word?
    where Word.RawValue == String {
        guard let text = try optionalText() else { return nil }
        guard let word = Word(rawValue: text) else { throw failure("'\(text)' is not a \(type)") }
        return word
    }

    private func required<Value>(_ value: Value?) throws(StoredRowError) -> Value {
        guard let value else { throw failure("column \(next) is empty") }
        return value
    }
}
