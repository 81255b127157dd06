/// The part of a `WWW-Authenticate` header that names where identities sign in.
public struct AuthorityChallenge: Hashable {
    /// Such as `https://host/tenant`, without a slash at its end.
    public let authority: String

    /// Nil when the header is of another scheme or names no authority.
    public init?(_ header: String) {
        guard let blank = header.firstIndex(of: " "), header[..<blank].lowercased() == "bearer" else { return nil }
        for part in header[blank...].split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, ["authorization_uri", "authorization"].contains(Self.plain(pair[0]).lowercased())
            else { continue }
            var value = Self.plain(pair[1])
            while value.hasSuffix("/") { value.removeLast() }
            guard !value.isEmpty else { return nil }
            authority = value
            return
        }
        return nil
    }

    /// Without blanks and quotation marks.
    private static func plain(_ text: Substring) -> String { String(text.filter { $0 != " " && $0 != "\"" }) }
}
