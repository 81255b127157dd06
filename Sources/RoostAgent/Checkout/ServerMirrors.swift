import RoostClient
import RoostModel
import RoostWire

/// The copies of the server that sent the job.
struct ServerMirrors: MirrorHost {
    let client: RoostClient
    /// The job's.
    let token: Secret
    let run: Int

    func address(_ path: String) -> String { client.baseURL + path }

    var gitSettings: [(key: String, value: String)] {
        let scope = "http.\(client.baseURL)"
        let options = client.options
        var settings = [(key: "\(scope).extraheader", value: "AUTHORIZATION: bearer \(token.exposed)")]
        if let file = options.authorityFile { settings.append(("\(scope).sslCAInfo", file)) }
        if !options.verifiesCertificates { settings.append(("\(scope).sslVerify", "false")) }
        if let proxy = proxy(options) { settings.append(("\(scope).proxy", proxy)) }
        return settings
    }

    /// The proxy with its user, as git takes it.
    private func proxy(_ options: ClientOptions) -> String? {
        guard let url = options.proxyURL, let slashes = url.utf8Range(of: "://") else { return options.proxyURL }
        guard let user = options.proxyUser, let password = options.proxyPassword else { return url }
        let login = "\(RoostClient.escape(user)):\(RoostClient.escape(password.exposed))@"
        return url[..<slashes.upperBound] + login + url[slashes.upperBound...]
    }

    func content(_ path: String) async throws -> MirrorContentWire { try await client.mirrorContent(path) }

    func read(_ name: String, of path: String, take: @Sendable ([UInt8]) throws -> Void) async throws {
        try await client.mirrorFile(name, of: path, take: take)
    }

    func report(_ checkout: CheckoutReportWire) async throws {
        try await client.reportCheckout(run: run, checkout)
    }
}
