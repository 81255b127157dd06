/// What a job asks of an agent's capabilities.
///
/// Grammar: `name`, `name -equals value` or `name -gtVersion version`, where the name has no white space and the value is the rest
/// of the line. Names and values are compared ignoring case; `-gtVersion` means *at least*, as in Azure DevOps.
public enum Demand: Hashable, Sendable {
    case exists(String)
    case equals(String, value: String)
    case atLeastVersion(String, version: Version)

    /// The capability it is about.
    public var name: String {
        switch self {
        case .exists(let name), .equals(let name, _), .atLeastVersion(let name, _): name
        }
    }
}

/// A dotted version; missing parts count as 0, a suffix after `-` or `+` is not compared.
public struct Version: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let parts: [Int]
    /// As it was written.
    public let description: String

    /// Nil unless the text is one to four dotted numbers, optionally after a `v` and before a suffix.
    public init?(_ text: some StringProtocol) {
        let trimmed = text.drop(while: { $0 == " " || $0 == "v" || $0 == "V" })
        let core = trimmed.prefix { $0 != "-" && $0 != "+" && $0 != " " }
        let fields = core.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(fields.count) else { return nil }
        var parts: [Int] = []
        for field in fields {
            guard let part = Int(field), part >= 0 else { return nil }
            parts.append(part)
        }
        self.parts = parts
        self.description = String(text)
    }

    private func part(_ index: Int) -> Int { index < parts.count ? parts[index] : 0 }

    public static func < (left: Version, right: Version) -> Bool {
        for index in 0..<4 where left.part(index) != right.part(index) {
            return left.part(index) < right.part(index)
        }
        return false
    }

    public static func == (left: Version, right: Version) -> Bool { !(left < right) && !(right < left) }
    public func hash(into hasher: inout Hasher) { for index in 0..<4 { hasher.combine(part(index)) } }
}

/// A demand that is none.
public struct InvalidDemand: UserFacingError, Hashable {
    public let text: String
    public let reason: String
    public var code: String { "demand.invalid" }
    public var summary: String { "The demand '\(text)' cannot be understood: \(reason)." }
    public var advice: String? { "Write 'name', 'name -equals value' or 'name -gtVersion 1.2.3'." }
}

extension Demand: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exists(let name): name
        case .equals(let name, let value): "\(name) -equals \(value)"
        case .atLeastVersion(let name, let version): "\(name) -gtVersion \(version)"
        }
    }

    /// Reads one demand.
    ///
    /// - Throws: ``InvalidDemand`` when the operator is unknown, a value is missing, or a version is none.
    public init(parsing text: String) throws(InvalidDemand) {
        let fields = text.split(maxSplits: 2, whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" })
            .map { $0.trimmingBlanks() }
        guard let name = fields.first, !name.isEmpty else {
            throw InvalidDemand(text: text, reason: "it is empty")
        }
        guard fields.count > 1 else {
            self = .exists(name)
            return
        }
        guard fields[1].hasPrefix("-") else {
            throw InvalidDemand(text: text, reason: "a capability's name has no blanks")
        }
        guard fields.count == 3, !fields[2].isEmpty else {
            throw InvalidDemand(text: text, reason: "'\(fields[1])' needs a value")
        }
        switch fields[1].lowercased() {
        case "-equals":
            self = .equals(name, value: fields[2])
        case "-gtversion":
            guard let version = Version(fields[2]) else {
                throw InvalidDemand(text: text, reason: "'\(fields[2])' is no version")
            }
            self = .atLeastVersion(name, version: version)
        default:
            throw InvalidDemand(text: text, reason: "'\(fields[1])' is no operator")
        }
    }

    /// Whether capabilities meet it; the second set (the user's) is looked at first.
    public func isMet(by system: Capabilities, _ user: Capabilities) -> Bool {
        if let refused = refusedImageVersion {
            let version = user[ElasticOffer.version] ?? system[ElasticOffer.version]
            return version?.lowercased() != refused.lowercased()
        }
        guard let offered = user[name] ?? system[name] else { return false }
        switch self {
        case .exists: return true
        case .equals(_, let value): return offered.lowercased() == value.lowercased()
        case .atLeastVersion(_, let version): return Version(offered).map { $0 >= version } ?? false
        }
    }
}

extension Demand: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension StringProtocol {
    /// Without blanks and line ends at both ends.
    func trimmingBlanks() -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
        guard let start = firstIndex(where: { !isBlank($0) }), let end = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[start...end])
    }
}
