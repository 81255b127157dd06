import FoundationEssentials
import RoostClient
import RoostModel

/// How the programs of a job reach others: through which proxy, trusting whom.
///
/// It travels to the worker with the job.
public struct JobNetwork: Codable, Hashable, Sendable {
    /// Without user and password.
    var proxyURL: String?
    var proxyUser: String?
    var proxyPassword: String?
    var bypass = ProxyBypass()
    /// PEM file of an authority that is trusted beside the system's.
    var authorityFile: String?
    /// PEM file of that one and those of the system, for programs that know one file.
    var authorities: String?
    var verifiesCertificates = true

    /// The direct way, with the system's authorities.
    public init() {}

    /// - Parameters:
    ///   - connection: how the agent itself does it.
    ///   - authorities: a file that ``AuthorityBundle`` wrote.
    init(_ connection: ConnectionSettings, authorities: String?) {
        proxyURL = connection.proxy?.url
        proxyUser = connection.proxy?.user
        proxyPassword = connection.proxy?.password?.exposed
        bypass = connection.bypass
        authorityFile = connection.authorityFile
        self.authorities = authorities
        verifiesCertificates = connection.verifiesCertificates
    }

    var proxy: Proxy? { proxyURL.flatMap { Proxy($0, user: proxyUser, password: proxyPassword.map { Secret($0) }) } }

    /// The proxy on the way to an address; nil is the direct way.
    func proxy(for url: String) -> Proxy? { bypass.covers(url) ? nil : proxy }

    // MARK: What jobs are told

    /// Variables by which tasks of the vendor's library find proxy and certificates.
    var variables: [(name: String, value: String, isSecret: Bool)] {
        var known: [(name: String, value: String, isSecret: Bool)] = []
        if let proxyURL {
            known.append(("Agent.ProxyUrl", proxyURL, false))
            if let proxyUser { known.append(("Agent.ProxyUsername", proxyUser, false)) }
            if let proxyPassword { known.append(("Agent.ProxyPassword", proxyPassword, true)) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            if !bypass.isEmpty, let list = try? encoder.encode(bypass.lines) {
                known.append(("Agent.ProxyBypassList", String(decoding: list, as: UTF8.self), false))
            }
        }
        if let authorityFile { known.append(("Agent.CAInfo", authorityFile, false)) }
        if !verifiesCertificates { known.append(("Agent.SkipCertValidation", "True", false)) }
        return known
    }

    /// An environment with what curl, git, pip, npm, Node.js and most others read; what somebody has set already stays.
    ///
    /// - Parameters:
    ///   - environment: what there is.
    ///   - services: names beside the job that no proxy knows.
    /// - Returns: the same with proxy, exceptions and authorities in it.
    func completing(_ environment: [String: String], services: [String] = []) -> [String: String] {
        var values = environment
        if let proxy {
            let address = proxy.wholeURL.exposed
            for name in ["http_proxy", "https_proxy"] {
                Self.set(name, address, &values)
            }
            // Node.js takes the others by itself only when it is told to.
            if values["NODE_USE_ENV_PROXY"] == nil { values["NODE_USE_ENV_PROXY"] = "1" }
            let own = values["no_proxy"] ?? values["NO_PROXY"]
            let names = own.map { ProxyBypass(list: $0).names } ?? ProxyBypass.thisMachine + bypass.list
            let list = (names + services).joined(separator: ",")
            (values["no_proxy"], values["NO_PROXY"]) = (list, list)
        }
        if let authorities {
            // What names the system's file, as some machines have it, means no other authorities.
            for (name, value) in values where AuthorityBundle.systems.contains(value) { values[name] = authorities }
            for name in Self.bundleVariables where values[name] == nil { values[name] = authorities }
        }
        if let authorityFile {
            for name in Self.authorityVariables where values[name] == nil { values[name] = authorityFile }
        }
        return values
    }

    /// Small and capital letters mean the same; programs know the one or the other.
    private static func set(_ name: String, _ value: String, _ values: inout [String: String]) {
        guard values[name] == nil, values[name.uppercased()] == nil else { return }
        (values[name], values[name.uppercased()]) = (value, value)
    }

    /// OpenSSL, curl, git and Python take a file in the place of the system's.
    static let bundleVariables = ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "REQUESTS_CA_BUNDLE"]
    /// Node.js and `roost` take one beside the system's.
    static let authorityVariables = ["NODE_EXTRA_CA_CERTS", "ROOST_CACERT"]

    /// Whether a variable says how others are reached: the agent's own is for containers too.
    static func isAboutNetwork(_ name: String) -> Bool {
        name.lowercased().hasSuffix("_proxy") || (bundleVariables + authorityVariables).contains(name)
            || name == "NODE_USE_ENV_PROXY"
    }

    /// Settings of git for all that a checkout fetches.
    ///
    /// - Parameter url: the repository's; a pattern may except it from the proxy. Names are excepted by `no_proxy`, which git reads.
    /// - Returns: for git's environment; the proxy's password is among them.
    func gitSettings(for url: String) -> [(key: String, value: String)] {
        var settings: [(key: String, value: String)] = []
        if let proxy {
            settings.append((key: "http.proxy", value: proxy.wholeURL.exposed))
            if url.hasPrefix("http"), bypass.covers(url) {
                settings.append((key: "http.\(GitCredentials.withoutUser(url)).proxy", value: ""))
            }
        }
        if let authorities { settings.append((key: "http.sslCAInfo", value: authorities)) }
        if !verifiesCertificates { settings.append((key: "http.sslVerify", value: "false")) }
        return settings
    }

    /// Files that programs of jobs must be able to read.
    var files: [String] {
        var seen: Set<String> = []
        return [authorityFile, authorities].compactMap(\.self).filter { seen.insert($0).inserted }
    }

    /// Passwords that no log may show: the proxy's, and those in an environment.
    func secrets(in environment: [String: String]) -> [(name: String, value: String)] {
        let given = proxyPassword.map { [(name: "password of the proxy", value: $0)] } ?? []
        let others = environment.sorted { $0.key < $1.key }.filter { $0.key.lowercased().hasSuffix("_proxy") }
        return given
            + others.compactMap { name, value in
                guard let password = Proxy(value)?.password else { return nil }
                return (name: "password in \(name)", value: password.exposed)
            }
    }
}
