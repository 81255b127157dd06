public import FoundationEssentials

/// What a JSON Web Token says, as far as rules look at it (RFC 7519 §4).
///
/// It proves nothing: whoever judges by it has checked the signature before.
public struct TokenClaims: Hashable, Sendable {
    /// All claims as text, by name.
    ///
    /// Members of an object are named `object/member`; a list is its elements.
    public let values: [String: [String]]
    public let expires: Date?
    public let notBefore: Date?
    public let issuedAt: Date?

    /// Why a payload cannot be read.
    public enum Flaw: Error, Hashable, Sendable {
        case notAnObject
        /// A claim that the standard defines as seconds since 1970 is none.
        case wrongDate(claim: String)
    }

    /// Reads a token's payload.
    ///
    /// - Throws: ``Flaw``.
    public init(payload: Data) throws(Flaw) {
        guard let members = try? JSONDecoder().decode([String: ClaimValue].self, from: payload) else {
            throw .notAnObject
        }
        expires = try Self.date("exp", members)
        notBefore = try Self.date("nbf", members)
        issuedAt = try Self.date("iat", members)
        var values: [String: [String]] = [:]
        for (name, value) in members { value.collect(as: name, into: &values) }
        self.values = values
    }

    public var issuer: String? { values["iss"]?.first }
    public var subject: String? { values["sub"]?.first }
    /// One or a list.
    public var audiences: [String] { values["aud"] ?? [] }

    private static func date(_ name: String, _ members: [String: ClaimValue]) throws(Flaw) -> Date? {
        guard let value = members[name] else { return nil }
        guard case .number(let seconds) = value, seconds.magnitude < 1e12 else { throw .wrongDate(claim: name) }
        return Date(timeIntervalSince1970: seconds)
    }
}

/// A value of a claim.
private enum ClaimValue: Decodable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([ClaimValue])
    case object([String: ClaimValue])
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([ClaimValue].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: ClaimValue].self))
        }
    }

    func collect(as name: String, into values: inout [String: [String]]) {
        switch self {
        case .text(let text): values[name, default: []].append(text)
        case .number(let number): values[name, default: []].append(Self.text(number))
        case .flag(let flag): values[name, default: []].append(flag ? "true" : "false")
        case .list(let list): for element in list { element.collect(as: name, into: &values) }
        case .object(let members):
            for (member, value) in members { value.collect(as: "\(name)/\(member)", into: &values) }
        case .null: break
        }
    }

    /// Whole numbers without a fraction.
    private static func text(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}
