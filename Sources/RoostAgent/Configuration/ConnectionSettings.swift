import RoostClient
import RoostModel

/// How an agent reaches its server and others: through which proxy, trusting whom.
struct ConnectionSettings: Hashable, Sendable {
    /// For everything that the bypass does not cover.
    var proxy: Proxy?
    var bypass = ProxyBypass()
    /// What stands where a proxy's address should, without its password.
    var unusableProxy: String?
    /// PEM file of an authority that is trusted beside the system's.
    var authorityFile: String?
    var verifiesCertificates = true

    /// The proxy on the way to an address; nil is the direct way.
    func proxy(for url: String) -> Proxy? { bypass.covers(url) ? nil : proxy }

    /// What requests to an address are sent with.
    func clientOptions(for url: String) -> ClientOptions {
        ClientOptions(
            userAgent: AgentVersion.userAgent,
            authorityFile: authorityFile,
            verifiesCertificates: verifiesCertificates,
            proxy: proxy(for: url)
        )
    }

    init() {}

    /// From the command line; what it does not say is as the agent's files and the environment have it.
    init(_ inputs: AgentInputs, root: AgentRoot, environment: [String: String], serverURL: String) {
        self.init(root: root, environment: environment, serverURL: serverURL)
        if let url = inputs.text("proxyurl") {
            take(url, user: inputs.text("proxyusername"), password: inputs.secret("proxypassword"))
        }
        if let file = inputs.text("sslcacert") { authorityFile = file }
        if inputs.flag("sslskipcertvalidation") { verifiesCertificates = false }
    }

    /// From the agent's files, with gaps filled from the environment.
    ///
    /// The order is that of Azure Pipelines' agent: `.proxy`, then `VSTS_HTTP_PROXY`, then `http_proxy` or `https_proxy`, whichever is for the
    /// server's scheme.
    init(root: AgentRoot, environment: [String: String], serverURL: String) {
        let filled: (String) -> String? = { name in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let lines = (SmallFile.read(root.file(.proxy)) ?? "").split(whereSeparator: \.isNewline).map(String.init)
        if let url = lines.first(where: { !$0.lowercased().hasPrefix("basicauth") }) {
            let known = LineFile.read(root.file(.proxyCredentials))
            take(
                url,
                user: known.first { $0.name == "username" }?.value,
                password: known.first { $0.name == "password" }.map { Secret($0.value) }
            )
        } else if let url = filled("VSTS_HTTP_PROXY") {
            take(
                url,
                user: filled("VSTS_HTTP_PROXY_USERNAME"),
                password: filled(Self.passwordVariable).map { Secret($0) }
            )
        } else {
            let isSecure = serverURL.lowercased().hasPrefix("https")
            let names = isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"]
            if let url = names.lazy.compactMap(filled).first { take(url) }
        }
        bypass = ProxyBypass(lines: SmallFile.read(root.file(.proxyBypass)) ?? "")
        bypass.names += ProxyBypass(list: filled("no_proxy") ?? filled("NO_PROXY") ?? "").names
        for (name, value) in LineFile.read(root.file(.certificates)) {
            if name == "cacert" { authorityFile = value }
            if name == "skipcertvalidation" { verifiesCertificates = AgentInputs.flag(value) != true }
        }
    }

    /// Of the agent alone: programs of jobs have the password elsewhere.
    static let passwordVariable = "VSTS_HTTP_PROXY_PASSWORD"

    private mutating func take(_ text: String, user: String? = nil, password: Secret? = nil) {
        proxy = Proxy(text, user: user, password: password)
        unusableProxy = proxy == nil ? GitCredentials.withoutUser(text) : nil
    }

    /// Refuses to go without a proxy where one is wanted that cannot be used.
    ///
    /// - Throws: ``ConfigurationFailure/notAProxy(_:)``.
    func check() throws(ConfigurationFailure) {
        if let unusableProxy { throw .notAProxy(unusableProxy) }
    }

    /// Writes it to the agent's files, so that a service without this environment finds it.
    func save(_ files: AgentFiles) throws(ConfigurationFailure) {
        if let proxy {
            try files.write("\(proxy.url)\nbasicauth=true\n", to: .proxy, isSecret: false)
            if let user = proxy.user {
                // Azure Pipelines' agent has a credential store for it; here the file's mode protects it.
                let text = "username=\(user)\npassword=\(proxy.password?.exposed ?? "")\n"
                try files.write(text, to: .proxyCredentials, isSecret: true)
            }
            if !bypass.names.isEmpty {
                try files.write(bypass.lines.map { "\($0)\n" }.joined(), to: .proxyBypass, isSecret: false)
            }
        }
        guard authorityFile != nil || !verifiesCertificates else { return }
        let lines = [
            authorityFile.map { "cacert=\(AgentRoot($0).path)" },
            verifiesCertificates ? nil : "skipcertvalidation=true",
        ]
        try files.write(lines.compactMap { $0.map { "\($0)\n" } }.joined(), to: .certificates, isSecret: false)
    }
}
