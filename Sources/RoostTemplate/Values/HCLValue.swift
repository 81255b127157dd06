/// A value of the template languages: its type, and what is known of it.
///
/// Strings are in Unicode's normal form C. Values of maps and objects are ordered by their keys, those of sets by themselves.
public struct HCLValue: Sendable, Hashable {
    /// What is known of a value.
    public enum Content: Sendable, Hashable {
        /// Known later only, such as the address of a machine that does not exist yet.
        case unknown
        case null
        case string(String)
        case number(HCLNumber)
        case bool(Bool)
        /// Of a list, a set or a tuple.
        case elements([HCLValue])
        /// Of a map or an object.
        case attributes([String: HCLValue])
    }

    public let type: HCLType
    public let content: Content
    /// Whether it must not be shown; what is made of it must not be shown either.
    public var isSensitive: Bool

    init(_ type: HCLType, _ content: Content, sensitive: Bool = false) {
        self.type = type
        self.content = content
        isSensitive = sensitive
    }

    // MARK: Making

    public static func string(_ text: String) -> HCLValue { HCLValue(.string, .string(normalForm(text))) }
    public static func number(_ number: HCLNumber) -> HCLValue { HCLValue(.number, .number(number)) }
    public static func number(_ number: Int) -> HCLValue { .number(HCLNumber(number)) }
    public static func bool(_ value: Bool) -> HCLValue { HCLValue(.bool, .bool(value)) }
    public static func null(_ type: HCLType = .dynamic) -> HCLValue { HCLValue(type, .null) }
    public static func unknown(_ type: HCLType = .dynamic) -> HCLValue { HCLValue(type, .unknown) }

    public static func tuple(_ elements: [HCLValue]) -> HCLValue {
        HCLValue(.tuple(elements.map(\.type)), .elements(elements))
    }

    public static func object(_ attributes: [String: HCLValue]) -> HCLValue {
        HCLValue(.object(attributes.mapValues(\.type)), .attributes(attributes))
    }

    /// A list whose elements all have the given type already.
    public static func list(_ elements: [HCLValue], of type: HCLType) -> HCLValue {
        HCLValue(.list(type), .elements(elements))
    }

    /// A map whose values all have the given type already.
    public static func map(_ values: [String: HCLValue], of type: HCLType) -> HCLValue {
        HCLValue(.map(type), .attributes(values))
    }

    /// A set whose elements all have the given type already; it is as secret as any of them.
    public static func set(_ elements: [HCLValue], of type: HCLType) -> HCLValue {
        let isSensitive = elements.contains(where: \.hasSensitivePart)
        var seen: Set<HCLValue> = []
        let distinct = elements.map(\.withoutMarks).filter { seen.insert($0).inserted }
        return HCLValue(.set(type), .elements(distinct.sorted(by: setOrder)), sensitive: isSensitive)
    }

    // MARK: Asking

    public var isNull: Bool { content == .null }
    public var isKnown: Bool { content != .unknown }

    public var text: String? {
        if case .string(let text) = content { text } else { nil }
    }

    public var numeral: HCLNumber? {
        if case .number(let number) = content { number } else { nil }
    }

    public var truth: Bool? {
        if case .bool(let value) = content { value } else { nil }
    }

    /// Of a known list, set or tuple.
    public var elements: [HCLValue]? {
        if case .elements(let elements) = content { elements } else { nil }
    }

    /// Of a known map or object.
    public var attributes: [String: HCLValue]? {
        if case .attributes(let attributes) = content { attributes } else { nil }
    }

    /// Whether everything in it is known too.
    public var isWhollyKnown: Bool {
        switch content {
        case .unknown: false
        case .elements(let elements): elements.allSatisfy(\.isWhollyKnown)
        case .attributes(let attributes): attributes.values.allSatisfy(\.isWhollyKnown)
        default: true
        }
    }

    /// Whether it or anything in it must not be shown.
    public var hasSensitivePart: Bool {
        if isSensitive { return true }
        return switch content {
        case .elements(let elements): elements.contains(where: \.hasSensitivePart)
        case .attributes(let attributes): attributes.values.contains(where: \.hasSensitivePart)
        default: false
        }
    }

    /// The same value without any mark on it or in it.
    public var withoutMarks: HCLValue {
        guard hasSensitivePart else { return self }
        return switch content {
        case .elements(let elements): HCLValue(type, .elements(elements.map(\.withoutMarks)))
        case .attributes(let attributes): HCLValue(type, .attributes(attributes.mapValues(\.withoutMarks)))
        default: HCLValue(type, content)
        }
    }

    /// The same value, marked if it was or if the condition holds.
    public func marked(_ sensitive: Bool) -> HCLValue {
        HCLValue(type, content, sensitive: isSensitive || sensitive)
    }

    // MARK: Iterating

    /// Whether a `for` may go over it.
    public var isIterable: Bool {
        switch type {
        case .list, .set, .map, .object, .tuple: !isNull
        default: false
        }
    }

    /// Keys and values in order, of which those of a set are the same; nil when it is not known or no collection.
    public var entries: [(key: HCLValue, value: HCLValue)]? {
        switch content {
        case .elements(let elements):
            if case .set = type { return elements.map { ($0.marked(isSensitive), $0.marked(isSensitive)) } }
            return elements.enumerated().map { (.number($0.offset), $0.element.marked(isSensitive)) }
        case .attributes(let attributes):
            return attributes.sorted { $0.key < $1.key }.map { (.string($0.key), $0.value.marked(isSensitive)) }
        default: return nil
        }
    }

    /// Order within a set: natural for texts, numbers and truths; of what they are written as else; null comes last.
    private static func setOrder(_ left: HCLValue, _ right: HCLValue) -> Bool {
        switch (left.content, right.content) {
        case (.string(let a), .string(let b)): a < b
        case (.number(let a), .number(let b)): a < b
        case (.bool(let a), .bool(let b)): !a && b
        case (.null, _): false
        case (_, .null): true
        case (.unknown, _): false
        case (_, .unknown): true
        default: left.sortKey < right.sortKey
        }
    }

    private var sortKey: String {
        switch content {
        case .unknown: "?"
        case .null: "~"
        case .string(let text): quoted(text)
        case .number(let number): number.description
        case .bool(let value): value ? "T" : "F"
        case .elements(let elements): "[" + elements.map { $0.sortKey + ";" }.joined() + "]"
        case .attributes(let attributes):
            "{" + attributes.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\($0.value.sortKey);" }.joined() + "}"
        }
    }
}
