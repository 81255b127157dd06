import RoostModel

/// What opens a repository over HTTP: a header that is given to git in its environment, never in an address or on a command line.
struct GitCredentials: Sendable {
    /// The repository's address without user and password, for which the header is sent.
    let scope: String
    /// The whole header, `AUTHORIZATION: …`.
    let header: String

    /// The credentials of a repository; nil when it has none or is not reached over HTTP.
    init?(_ repository: JobRepository, endpoints: [JobEndpoint]) {
        guard repository.url.hasPrefix("http://") || repository.url.hasPrefix("https://") else { return nil }
        let own = repository.endpoint.flatMap { id in endpoints.first { $0.id == id } }
        let usesServer = repository.type.lowercased() == "tfsgit" || own?.isSystemConnection == true
        guard let endpoint = own ?? (usesServer ? endpoints.first { $0.isSystemConnection } : nil),
            let header = Self.header(endpoint)
        else { return nil }
        self.header = header
        scope = Self.withoutUser(repository.url)
    }

    private static func header(_ endpoint: JobEndpoint) -> String? {
        let token = endpoint.parameter("AccessToken") ?? endpoint.parameter("apitoken") ?? endpoint.parameter("IdToken")
        switch endpoint.scheme.lowercased() {
        case "oauth" where endpoint.isSystemConnection: return token.map { "AUTHORIZATION: bearer \($0)" }
        case "oauth", "token", "personalaccesstoken", "installationtoken", "oauth2":
            return token.map { basic(user: "x-access-token", password: $0) }
        case "usernamepassword", "basic":
            let password = endpoint.parameter("password") ?? ""
            let user = endpoint.parameter("username") ?? ""
            return user.isEmpty && password.isEmpty ? nil : basic(user: user, password: password)
        default: return nil
        }
    }

    private static func basic(user: String, password: String) -> String {
        let pair = Base64Alphabet.standard.encode(Array("\(user):\(password)".utf8))
        return "AUTHORIZATION: basic \(String(decoding: pair, as: UTF8.self))"
    }

    /// An address without `user:password@`.
    static func withoutUser(_ url: String) -> String {
        guard let slashes = url.utf8Range(of: "://") else { return url }
        let authorityEnd = url[slashes.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        guard let at = url[slashes.upperBound..<authorityEnd].lastIndex(of: "@") else { return url }
        return String(url[..<slashes.upperBound] + url[url.index(after: at)...])
    }

    /// The part of the header that must never be seen.
    var secret: String { String(header.split(separator: " ").last ?? "") }
}
