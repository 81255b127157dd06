import RoostClient

/// Where a machine gets tokens of its own identity: by the two forms that Azure's clients know.
struct MachineEndpoint: Hashable, Sendable {
    let url: String
    let headers: [Header]

    struct Header: Hashable, Sendable {
        var name: String
        var value: String
    }

    /// The address at which clouds answer their machines.
    private static let usualHost = "http://169.254.169.254"

    /// - Parameters:
    ///   - environment: names the endpoint, or moves it.
    ///   - resource: what the token is for.
    ///   - client: chooses one of several identities.
    init(environment: [String: String], resource: String, client: String?) {
        let filled: (String) -> String? = { name in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let asked =
            "&resource=\(RoostClient.escape(resource))" + (client.map { "&client_id=\(RoostClient.escape($0))" } ?? "")
        if let endpoint = filled("IDENTITY_ENDPOINT"), let secret = filled("IDENTITY_HEADER") {
            url = "\(endpoint)?api-version=2019-08-01\(asked)"
            headers = [Header(name: "X-IDENTITY-HEADER", value: secret), Header(name: "Metadata", value: "true")]
            return
        }
        url = "\(Self.host(environment))/metadata/identity/oauth2/token?api-version=2018-02-01\(asked)"
        headers = [Header(name: "Metadata", value: "true")]
    }

    /// The address of the instance document.
    static func instance(_ environment: [String: String]) -> String {
        "\(host(environment))/metadata/instance?api-version=2021-02-01"
    }

    /// Where instance metadata is, without a slash at its end.
    private static func host(_ environment: [String: String]) -> String {
        let named = environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? ""
        var host = named.isEmpty ? usualHost : named
        while host.hasSuffix("/") { host.removeLast() }
        return host
    }
}
