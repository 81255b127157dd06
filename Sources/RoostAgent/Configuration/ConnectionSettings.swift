import RoostClient
import RoostModel

/// How an agent reaches its server: through which proxy, trusting whom.
struct ConnectionSettings: Hashable, Sendable {
    var proxyURL: String?
    var proxyUser: String?
    var proxyPassword: Secret?
    /// PEM file of an authority that is trusted beside the system's.
    var authorityFile: String?
    var verifiesCertificates = true

    /// What requests are sent with.
    var clientOptions: ClientOptions {
        ClientOptions(
            userAgent: AgentVersion.userAgent,
            authorityFile: authorityFile,
            verifiesCertificates: verifiesCertificates,
            proxyURL: proxyURL,
            proxyUser: proxyUser,
            proxyPassword: proxyPassword
        )
    }

    init() {}

    /// From the command line.
    init(_ inputs: AgentInputs) {
        proxyURL = inputs.text("proxyurl")
        proxyUser = inputs.text("proxyusername")
        proxyPassword = inputs.secret("proxypassword")
        authorityFile = inputs.text("sslcacert")
        verifiesCertificates = !inputs.flag("sslskipcertvalidation")
    }

    /// From the agent's files, with gaps filled from the environment, for one server.
    ///
    /// The order is that of Azure Pipelines' agent: `.proxy`, then `VSTS_HTTP_PROXY`, then `http_proxy` and `https_proxy`.
    init(root: AgentRoot, environment: [String: String], serverURL: String) {
        let lines = (SmallFile.read(root.file(.proxy)) ?? "").split(whereSeparator: \.isNewline).map(String.init)
        if let url = lines.first(where: { !$0.lowercased().hasPrefix("basicauth") }) {
            let known = LineFile.read(root.file(.proxyCredentials))
            self.init(
                proxy: url,
                user: known.first { $0.name == "username" }?.value,
                password: known.first { $0.name == "password" }?.value
            )
        } else {
            self.init(environment: environment, serverURL: serverURL)
        }
        for (name, value) in LineFile.read(root.file(.certificates)) {
            if name == "cacert" { authorityFile = value }
            if name == "skipcertvalidation" { verifiesCertificates = AgentInputs.flag(value) != true }
        }
        if Self.bypasses(serverURL, environment: environment, file: root.file(.proxyBypass)) {
            (proxyURL, proxyUser, proxyPassword) = (nil, nil, nil)
        }
    }

    private init(proxy: String, user: String?, password: String?) {
        proxyURL = proxy
        proxyUser = user
        proxyPassword = password.map { Secret($0) }
    }

    private init(environment: [String: String], serverURL: String) {
        let filled: (String) -> String? = { name in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let url = filled("VSTS_HTTP_PROXY") {
            self.init(
                proxy: url,
                user: filled("VSTS_HTTP_PROXY_USERNAME"),
                password: filled("VSTS_HTTP_PROXY_PASSWORD")
            )
            return
        }
        self.init()
        let names =
            serverURL.lowercased().hasPrefix("https") ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"]
        proxyURL = names.lazy.compactMap(filled).first
    }

    /// Whether the server is reached without the proxy: by a pattern of the file, or a name in `no_proxy`.
    private static func bypasses(_ url: String, environment: [String: String], file: String) -> Bool {
        let patterns = (SmallFile.read(file) ?? "").split(whereSeparator: \.isNewline)
        if patterns.contains(where: { pattern in
            guard let expression = try? Regex<AnyRegexOutput>(String(pattern)).ignoresCase() else { return false }
            return (try? expression.firstMatch(in: url)) != nil
        }) {
            return true
        }
        guard let host = ServerURL.host(of: url)?.lowercased() else { return false }
        let list = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        return list.split(separator: ",").contains { item in
            let name = String(item.filter { $0 != " " }).lowercased()
            guard !name.isEmpty else { return false }
            let suffix = name.hasPrefix(".") ? String(name.dropFirst()) : name
            return name == "*" || host == suffix || host.hasSuffix(".\(suffix)")
        }
    }

    /// Writes what was given to the agent's files.
    func save(_ files: AgentFiles) throws(ConfigurationFailure) {
        if let proxyURL { try files.write("\(proxyURL)\nbasicauth=true\n", to: .proxy, isSecret: false) }
        if let proxyUser, let proxyPassword {
            // Azure Pipelines' agent has a credential store for it; here the file's mode protects it.
            let text = "username=\(proxyUser)\npassword=\(proxyPassword.exposed)\n"
            try files.write(text, to: .proxyCredentials, isSecret: true)
        }
        guard authorityFile != nil || !verifiesCertificates else { return }
        let lines = [
            authorityFile.map { "cacert=\(AgentRoot($0).path)" },
            verifiesCertificates ? nil : "skipcertvalidation=true",
        ]
        try files.write(lines.compactMap { $0.map { "\($0)\n" } }.joined(), to: .certificates, isSecret: false)
    }
}
