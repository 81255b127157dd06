import FoundationEssentials
import RoostModel

/// A value of a column, in the types every engine has.
enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)
}

extension SQLValue {
    static func integer(_ number: Int?) -> SQLValue { number.map(SQLValue.integer) ?? .null }
    static func text(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }
    static func flag(_ flag: Bool) -> SQLValue { .integer(flag ? 1 : 0) }

    /// Seconds since 2001-01-01 UTC, which is how `Date` holds a moment: any other epoch would lose its last bits.
    static func date(_ date: Date?) -> SQLValue { date.map { .real($0.timeIntervalSinceReferenceDate) } ?? .null }

    static func id<ID: Identifier>(_ id: ID) -> SQLValue where ID.RawValue == Int { .integer(id.rawValue) }
    static func id<ID: Identifier>(_ id: ID?) -> SQLValue where ID.RawValue == Int { .integer(id?.rawValue) }
    static func id<ID: Identifier>(_ id: ID) -> SQLValue where ID.RawValue == UUID { .text(id.description) }
}
