/// A logging command: what a step says to the agent in a line of its output.
///
/// ```
/// [text] ##vso[area.event key=value;key=value]data
/// ```
/// In values `%3B` is `;`, `%5D` is `]`; in values and data `%0D` and `%0A` are line breaks and `%AZP25` is `%`.
public struct VSOCommand: Hashable, Sendable {
    /// What a line holds.
    enum Reading: Hashable {
        case command(VSOCommand)
        /// The prefix is there, but what follows is no command; tells what is missing.
        case malformed(String)
        case plainText
    }

    static let prefix: StaticString = "##vso["

    /// Lower case.
    public let area: String
    /// Lower case.
    public let event: String
    /// By lower-case key; pairs without a value are left out.
    public let properties: [String: String]
    public let data: String

    init(area: String, event: String, properties: [String: String] = [:], data: String = "") {
        self.area = area
        self.event = event
        self.properties = properties
        self.data = data
    }

    /// `area.event`.
    public var name: String { "\(area).\(event)" }

    /// The value of a property, found ignoring case.
    public subscript(key: String) -> String? { properties[key.lowercased()] }

    /// Whether a property is true in any letter case.
    func flag(_ key: String) -> Bool { self[key]?.lowercased() == "true" }

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - line: as it was written.
    ///   - decodesPercents: whether `%AZP25` stands for `%`.
    /// - Returns: what it holds.
    static func read(_ line: String, decodesPercents: Bool = true) -> Reading {
        let dataEscapes = decodesPercents ? lineBreaks + [percent] : lineBreaks
        let valueEscapes = dataEscapes + delimiters
        guard let start = line.utf8Range(of: "##vso[")?.upperBound else { return .plainText }
        guard let close = line.utf8[start...].firstIndex(of: UInt8(ascii: "]")) else {
            return .malformed("the closing bracket ']' is missing")
        }
        let head = line[start..<close]
        let space = head.firstIndex(of: " ") ?? head.endIndex
        let name = head[..<space].split(separator: ".", omittingEmptySubsequences: false)
        guard name.count == 2, !name[0].isEmpty, !name[1].isEmpty else {
            return .malformed("the name must have the form 'area.event'")
        }
        var properties: [String: String] = [:]
        for pair in head[space...].split(separator: ";") {
            guard let equals = pair.firstIndex(of: "=") else { continue }
            let key = pair[..<equals].trimmingSpaces.lowercased()
            let value = decoded(pair[pair.index(after: equals)...], escapes: valueEscapes)
            if !key.isEmpty, !value.isEmpty { properties[key] = value }
        }
        return .command(
            VSOCommand(
                area: name[0].lowercased(),
                event: name[1].lowercased(),
                properties: properties,
                data: decoded(line[line.utf8.index(after: close)...], escapes: dataEscapes)
            )
        )
    }

    private static let lineBreaks = [("%0D", "\r"), ("%0A", "\n")]
    private static let percent = ("%AZP25", "%")
    private static let delimiters = [("%3B", ";"), ("%5D", "]")]

    /// Replaces escapes from left to right, so that what an escape stands for is not taken for the begin of another.
    private static func decoded(_ text: Substring, escapes: [(String, String)]) -> String {
        var result: [UInt8] = []
        var rest = text.utf8
        while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
            result += rest[..<percent]
            rest = rest[percent...]
            if let escape = escapes.first(where: { rest.startsIgnoringCase(with: $0.0) }) {
                result += escape.1.utf8
                rest = rest.dropFirst(escape.0.utf8.count)
            } else {
                result.append(UInt8(ascii: "%"))
                rest = rest.dropFirst()
            }
        }
        result += rest
        return String(decoding: result, as: UTF8.self)
    }
}

extension Substring.UTF8View {
    fileprivate func startsIgnoringCase(with text: String) -> Bool {
        let upper: (UInt8) -> UInt8 = { (97...122).contains($0) ? $0 - 32 : $0 }
        return prefix(text.utf8.count).elementsEqual(text.utf8) { upper($0) == upper($1) }
    }
}

extension Substring {
    /// Without white space at both ends.
    fileprivate var trimmingSpaces: Substring {
        var rest = self.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace ?? false { rest.removeLast() }
        return rest
    }
}

extension String {
    /// The first place of an ASCII text.
    func utf8Range(of text: String) -> Range<Index>? {
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return nil }
        var place = utf8.startIndex
        while let hit = utf8[place...].firstIndex(of: first) {
            if utf8[hit...].starts(with: wanted) { return hit..<utf8.index(hit, offsetBy: wanted.count) }
            place = utf8.index(after: hit)
        }
        return nil
    }
}
