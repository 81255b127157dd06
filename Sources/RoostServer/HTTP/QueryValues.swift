import FoundationEssentials
import RoostModel

/// The query of an address: names are compared ignoring case, values are decoded.
struct QueryValues: Sendable {
    private var pairs: [(name: String, value: String)] = []

    init(_ query: String?) {
        guard let query, !query.isEmpty else { return }
        for part in query.split(separator: "&") {
            let equals = part.firstIndex(of: "=") ?? part.endIndex
            pairs.append((Self.decode(part[..<equals]).lowercased(), Self.decode(part[equals...].dropFirst())))
        }
    }

    /// Forms and Python's clients write blanks as `+`.
    private static func decode(_ text: Substring) -> String { PercentCoding.decode(text, plusIsBlank: true) }

    /// Nil when it is absent or empty.
    subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return pairs.first { $0.name == wanted && !$0.value.isEmpty }?.value
    }

    var isEmpty: Bool { pairs.isEmpty }

    /// A whole number.
    ///
    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` when it is there and none.
    func number(_ name: String) throws(ControlError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text) else {
            throw .invalid(what: "'\(name)'", problem: "'\(text)' is no number", advice: nil)
        }
        return number
    }

    /// A UUID in any letter case.
    ///
    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` when it is there and none.
    func uuid(_ name: String) throws(ControlError) -> UUID? {
        guard let text = self[name] else { return nil }
        guard let id = UUID(uuidString: text) else {
            throw .invalid(what: "'\(name)'", problem: "'\(text)' is no UUID", advice: nil)
        }
        return id
    }

    /// True for `true` and `1` in any letter case.
    func flag(_ name: String) -> Bool {
        guard let text = self[name]?.lowercased() else { return false }
        return text == "true" || text == "1"
    }

    /// The parts of a comma-separated value.
    func list(_ name: String) -> [String]? {
        self[name]?.split(separator: ",").map { String($0.drop { $0 == " " }) }
    }

    /// Numbers of a comma-separated value.
    ///
    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` when one is none.
    func numbers(_ name: String) throws(ControlError) -> [Int]? {
        guard let parts = list(name) else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard let number = Int(part) else {
                throw .invalid(what: "'\(name)'", problem: "'\(part)' is no number", advice: nil)
            }
            numbers.append(number)
        }
        return numbers
    }
}
