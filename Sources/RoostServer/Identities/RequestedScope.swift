import FoundationEssentials

/// What a client asks for: one resource, and what OpenID Connect adds.
struct RequestedScope: Hashable, Sendable {
    /// Becomes the audience.
    var resource: String
    /// Resource and right, as it was asked for.
    var permission: String
    var wantsRefresh = false
    var wantsIDToken = false
    private var words: [String]

    /// Why a scope cannot be given.
    enum Problem: Error, Hashable {
        case missing
        case malformed(String)
        case severalResources
    }

    private static let openID: Set = ["openid", "profile", "email", "offline_access"]
    private static let longest = 2000

    /// Reads the parameter `scope`.
    ///
    /// - Parameters:
    ///   - text: words with blanks between them.
    ///   - isApp: a program asks for itself, which has `/.default` only.
    /// - Throws: ``Problem``.
    init(_ text: String?, isApp: Bool) throws(Problem) {
        guard let text, text.utf8.count <= Self.longest else { throw .missing }
        words = text.split(separator: " ").map(String.init)
        let own = words.filter { !Self.openID.contains($0.lowercased()) }
        guard own.count <= 1 || Set(own.compactMap(Self.split).map(\.resource)).count == 1 else {
            throw .severalResources
        }
        wantsRefresh = words.contains("offline_access")
        wantsIDToken = words.contains("openid")
        guard let first = own.first else {
            if isApp { throw .missing }
            resource = AccessTokenClaims.serviceAudience
            permission = "\(resource)/.default"
            return
        }
        guard let parts = Self.split(first), !isApp || parts.right == ".default" else { throw .malformed(first) }
        resource = parts.resource
        permission = first
    }

    /// What the answer says was given.
    var granted: String { words.isEmpty ? permission : words.joined(separator: " ") }

    private static func split(_ word: String) -> (resource: String, right: String)? {
        guard let slash = word.lastIndex(of: "/") else { return nil }
        let resource = String(word[..<slash])
        let right = String(word[word.index(after: slash)...])
        guard !right.isEmpty, UUID(uuidString: resource) != nil || isAddress(resource) else { return nil }
        return (resource, right)
    }

    /// Such as `https://vault.example.org` or `api://name`.
    private static func isAddress(_ text: String) -> Bool {
        guard let range = text.firstRange(of: "://") else { return false }
        let scheme = text[..<range.lowerBound]
        return !scheme.isEmpty && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            && !text[range.upperBound...].isEmpty
            && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 32 && $0 != "\"" && $0 != "\\" }
    }
}
