import FoundationEssentials
import RoostModel

/// What is reached without the proxy: by patterns of addresses, as in `.proxybypass`, and by names, as in `no_proxy`.
public struct ProxyBypass: Hashable, Sendable, Codable {
    /// Regular expressions, in any letter case.
    public var patterns: [String]
    /// `host`, `.host`, `*.host`, `host:port`, a range of addresses, or `*`.
    public var names: [String]

    public init(patterns: [String] = [], names: [String] = []) {
        self.patterns = patterns
        self.names = names
    }

    /// The value of `no_proxy`.
    public init(list: String) {
        self.init(names: list.split { $0 == "," || $0.isWhitespace }.map(String.init))
    }

    /// Lines of `.proxybypass`; ranges of addresses and `host:port`, which are no useful patterns, may stand there too.
    public init(lines: String) {
        let all = lines.split(whereSeparator: \.isNewline).map { String($0.filter { !$0.isWhitespace }) }
        self.init(patterns: all.filter { !$0.isEmpty && !Self.isPlain($0) }, names: all.filter(Self.isPlain))
    }

    /// A range of addresses, or a name with a port.
    private static func isPlain(_ line: String) -> Bool {
        if line.contains("/") { return AddressRange(line) != nil }
        let parts = line.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, Int(parts[1]) != nil, !parts[0].isEmpty else { return false }
        return parts[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
    }

    public var isEmpty: Bool { patterns.isEmpty && names.isEmpty }

    /// This machine, and where clouds tell a machine about itself: never behind a proxy.
    public static let thisMachine = ["localhost", "127.0.0.1", "::1", "169.254.169.254"]

    static func isThisMachine(_ host: String) -> Bool {
        let bare = host.lowercased().filter { $0 != "[" && $0 != "]" }
        return thisMachine.contains(bare) || bare.hasPrefix("127.")
    }

    /// Whether an address is reached without the proxy.
    public func covers(_ url: String) -> Bool {
        let isFound = patterns.contains { pattern in
            guard let expression = try? Regex<AnyRegexOutput>(pattern).ignoresCase() else { return false }
            return (try? expression.firstMatch(in: url)) != nil
        }
        guard !isFound, let parsed = URL(string: url), let host = parsed.host?.lowercased() else { return isFound }
        let bare = host.filter { $0 != "[" && $0 != "]" }
        let port = parsed.port ?? (parsed.scheme?.lowercased() == "https" ? 443 : 80)
        return names.contains { Self.matches($0.lowercased(), bare, port) }
    }

    private static func matches(_ name: String, _ host: String, _ port: Int) -> Bool {
        if name == "*" { return true }
        if let range = AddressRange(name) { return range.contains(host) }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, Int(parts[1]) != port { return false }
        guard let text = parts.first else { return false }
        let suffix = text.drop { $0 == "*" }.drop { $0 == "." }
        return !suffix.isEmpty && (host == suffix || host.hasSuffix(".\(suffix)"))
    }

    // MARK: For others

    /// For `no_proxy`: the names, and those patterns that mean one.
    public var list: [String] {
        var seen: Set<String> = []
        return (names + patterns.compactMap(Self.name(of:))).filter { seen.insert($0).inserted }
    }

    /// Lines for `.proxybypass`: the patterns, and the names as patterns.
    public var lines: [String] { patterns + names.map(Self.line(of:)) }

    private static let (before, after) = (#"://([^/]*\.)?"#, "([:/]|$)")

    private static func line(of name: String) -> String {
        if name == "*" { return ".*" }
        // These are understood in the file, though no pattern says them.
        guard !isPlain(name) else { return name }
        let bare = String(name.drop { $0 == "*" }.drop { $0 == "." })
        return before + bare.replacing(".", with: #"\."#) + after
    }

    /// The name that a pattern means when it is one with dots, perhaps with a scheme before and a slash after; nil for other patterns.
    static func name(of pattern: String) -> String? {
        if [".*", ".+", "*"].contains(pattern) { return "*" }
        var rest = pattern[...]
        for start in ["^", before, "https?://", "http://", "https://", #"(.*\.)?"#, #".*\."#, ".*", #"\."#]
        where rest.hasPrefix(start) { rest = rest.dropFirst(start.count) }
        for end in [after, "$", ".*", "/"] where rest.hasSuffix(end) { rest = rest.dropLast(end.count) }
        let name = String(rest).replacing(#"\."#, with: ".")
        let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-:_".contains($0)) }
        return isName && name.contains { $0.isLetter || $0.isNumber } ? name : nil
    }
}
