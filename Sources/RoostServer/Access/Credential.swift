import FoundationEssentials
import HTTPTypes

/// What a request brings to say who makes it.
enum Credential: Hashable, Sendable {
    /// The password of Basic authentication; the user's name does not matter.
    case password(String)
    case bearer(String)
    /// The dashboard's cookie.
    case session(String)
    case unreadable(String)

    /// Name of the dashboard's cookie.
    static let cookieName = "roost_session"

    /// The credential of a request; a header wins over the cookie.
    ///
    /// Nil when there is none.
    init?(_ headers: HTTPFields) {
        if let header = headers[.authorization] {
            self.init(header: header)
            return
        }
        guard let cookie = headers[.cookie], let value = Self.cookie(Self.cookieName, in: cookie), !value.isEmpty else {
            return nil
        }
        self = .session(value)
    }

    private init(header: String) {
        guard let blank = header.firstIndex(of: " ") else {
            self = .unreadable("it has no scheme")
            return
        }
        let scheme = header[..<blank].lowercased()
        let value = header[blank...].drop { $0 == " " }
        switch scheme {
        case "bearer": self = value.isEmpty ? .unreadable("the token is empty") : .bearer(String(value))
        case "basic": self.init(basic: value)
        default: self = .unreadable("the scheme '\(scheme.prefix(20))' is not served, only Basic and Bearer are")
        }
    }

    private init(basic value: Substring) {
        guard let bytes = Data(base64Encoded: String(value)), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            self = .unreadable("it is not base64 of 'user:token'")
            return
        }
        let password = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        self = password.isEmpty ? .unreadable("the token is empty") : .password(password)
    }

    private static func cookie(_ name: String, in header: String) -> String? {
        for part in header.split(separator: ";") {
            let pair = part.drop { $0 == " " }
            guard pair.hasPrefix(name), pair.dropFirst(name.count).first == "=" else { continue }
            return String(pair.dropFirst(name.count + 1))
        }
        return nil
    }
}
