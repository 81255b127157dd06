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
        // As the agent reaches it, whatever the environment says; nothing is the direct way.
        settings.append(("\(scope).proxy", options.proxy?.wholeURL.exposed ?? ""))
        return settings
    }

    func content(_ path: String) async throws -> MirrorContentWire { try await client.mirrorContent(path) }

    func read(_ name: String, of path: String, take: @Sendable ([UInt8]) throws -> Void) async throws {
        try await client.mirrorFile(name, of: path, take: take)
    }

    func report(_ checkout: CheckoutReportWire) async throws {
        try await client.reportCheckout(run: run, checkout)
    }
}
