import FoundationEssentials
public import RoostModel

/// A proxy that connects to others over HTTP, and who asks it.
public struct Proxy: Hashable, Sendable {
    public let host: String
    public let port: Int
    public let user: String?
    public let password: Secret?

    /// What `http://host` means.
    private static let usualPort = 80

    /// Reads `http://host:port`, also without the scheme, or with `user:password@` before the host.
    ///
    /// - Parameters:
    ///   - text: the address; nil when it is none of a proxy over HTTP.
    ///   - user: wins over that of the address.
    ///   - password: the same.
    public init?(_ text: String, user: String? = nil, password: Secret? = nil) {
        let bare = text.filter { !$0.isWhitespace }
        guard let url = URL(string: bare.contains("://") ? bare : "http://\(bare)"), url.scheme?.lowercased() == "http",
            let host = url.host, !host.isEmpty
        else { return nil }
        self.host = host.filter { $0 != "[" && $0 != "]" }
        port = url.port ?? Self.usualPort
        let own = Self.login(bare)
        self.user = user ?? own?.user
        self.password = password ?? (user == nil ? own?.password : nil)
    }

    /// Without user and password.
    public var url: String { "http://\(place)" }

    /// With user and password, as programs read it from their environment.
    public var wholeURL: Secret {
        guard let user else { return Secret(url) }
        let login = "\(RoostClient.escape(user)):\(RoostClient.escape(password?.exposed ?? ""))"
        return Secret("http://\(login)@\(place)")
    }

    private var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func login(_ text: String) -> (user: String, password: Secret?)? {
        let authority = text.split(separator: "/").first { !$0.hasSuffix(":") } ?? ""
        guard let at = authority.lastIndex(of: "@") else { return nil }
        let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let words = parts.map(unescape)
        return words[0].isEmpty ? nil : (words[0], words.count > 1 ? Secret(words[1]) : nil)
    }

    /// A text without its percent-encoding; a percent sign that begins none stands for itself.
    private static func unescape(_ text: Substring) -> String {
        var (bytes, rest): ([UInt8], ArraySlice<UInt8>) = ([], Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Proxy {
    /// What an environment says for an address, as most programs read it: by the scheme, and not for what `no_proxy` names nor for this machine.
    public init?(environment: [String: String], for url: String) {
        let filled = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let list = ProxyBypass(list: filled("no_proxy") ?? filled("NO_PROXY") ?? "")
        guard let host = URL(string: url)?.host, !ProxyBypass.isThisMachine(host), !list.covers(url) else { return nil }
        let names =
            url.lowercased().hasPrefix("https") ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"]
        guard let text = names.lazy.compactMap(filled).first else { return nil }
        self.init(text)
    }
}
