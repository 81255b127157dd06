import Logging
import RoostModel

/// Why a text is no value of its key.
struct ValueProblem: Error, Hashable {
    let text: String
    init(_ text: String) { self.text = text }
}

/// What a key of the configuration can hold.
protocol ConfigurationValue: Sendable, Hashable {
    /// As the documentation names the type.
    static var kind: String { get }
    init(configuration text: String) throws(ValueProblem)
    /// In the form that ``init(configuration:)`` reads.
    var configurationText: String { get }
}

extension String: ConfigurationValue {
    static var kind: String { "text" }
    init(configuration text: String) throws(ValueProblem) { self = text }
    var configurationText: String { self }
}

extension Optional: ConfigurationValue where Wrapped: ConfigurationValue {
    static var kind: String { Wrapped.kind }
    init(configuration text: String) throws(ValueProblem) {
        self = text.isEmpty ? nil : try Wrapped(configuration: text)
    }
    var configurationText: String { self?.configurationText ?? "" }
}

extension Int: ConfigurationValue {
    static var kind: String { "number" }
    init(configuration text: String) throws(ValueProblem) {
        guard let value = Int(text) else { throw ValueProblem("'\(text)' is no whole number") }
        self = value
    }
    var configurationText: String { String(self) }
}

extension Bool: ConfigurationValue {
    static var kind: String { "true or false" }
    init(configuration text: String) throws(ValueProblem) {
        switch text.lowercased() {
        case "true", "yes", "on", "1": self = true
        case "false", "no", "off", "0": self = false
        default: throw ValueProblem("'\(text)' is neither true nor false")
        }
    }
    var configurationText: String { self ? "true" : "false" }
}

extension ByteCount: ConfigurationValue {
    static var kind: String { "size" }
    init(configuration text: String) throws(ValueProblem) {
        guard let value = ByteCount(parsing: text) else {
            throw ValueProblem("'\(text)' is no size; write for example 64KiB or 16MiB")
        }
        self = value
    }
    var configurationText: String { description }
}

extension Duration: ConfigurationValue {
    static var kind: String { "duration" }

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Reads `50s`, `1h30m`, `250ms`, `7d`, or `0`.
    init(configuration text: String) throws(ValueProblem) {
        let problem = ValueProblem("'\(text)' is no duration; write for example 50s, 10m or 1h30m")
        var rest = text.lowercased()[...]
        guard rest != "0" else {
            self = .zero
            return
        }
        var total: Int64 = 0
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { $0.isLetter }
            rest = rest[unit.endIndex...]
            guard let count = Int64(digits), let known = Self.units.first(where: { $0.name == unit }) else {
                throw problem
            }
            let (part, tooLarge) = count.multipliedReportingOverflow(by: known.milliseconds)
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !tooLarge, !overflow else { throw problem }
            total = sum
        } while !rest.isEmpty
        self = .milliseconds(total)
    }

    var configurationText: String {
        var rest = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        guard rest != 0 else { return "0" }
        var text = ""
        for unit in Self.units.reversed() where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text
    }
}

extension Logger.Level: ConfigurationValue {
    static var kind: String { Self.allCases.map(\.rawValue).joined(separator: ", ") }
    init(configuration text: String) throws(ValueProblem) {
        guard let level = Self(rawValue: text.lowercased()) else {
            throw ValueProblem("'\(text)' is none of \(Self.kind)")
        }
        self = level
    }
    var configurationText: String { rawValue }
}

/// How log lines look.
public enum LogFormat: String, Hashable, Sendable, CaseIterable {
    /// For people.
    case text
    /// One JSON object on each line, for programs.
    case json
}

extension LogFormat: ConfigurationValue {
    static var kind: String { "text or json" }
    init(configuration text: String) throws(ValueProblem) {
        guard let format = Self(rawValue: text.lowercased()) else {
            throw ValueProblem("'\(text)' is neither text nor json")
        }
        self = format
    }
    var configurationText: String { rawValue }
}
