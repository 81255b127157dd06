import FoundationEssentials

/// Name and password for a registry, in a file only the agent's user can read, for the time of one pull.
struct RegistryLogin: Sendable {
    private struct File: Encodable {
        struct Entry: Encodable { var auth: String }
        var auths: [String: Entry]
    }

    let path: String

    /// Writes the file; nil when the connection has no name and password.
    ///
    /// - Parameters:
    ///   - endpoint: a service connection of type dockerregistry.
    ///   - image: whose registry counts when the connection names none.
    ///   - folder: for the file.
    /// - Throws: ``TaskFailure/scriptNotWritten(path:reason:)``.
    init?(_ endpoint: JobEndpoint, image: ImageName, folder: String) throws {
        guard let user = endpoint.parameter("username"), let password = endpoint.parameter("password") else {
            return nil
        }
        let address = endpoint.parameter("registry") ?? endpoint.url
        let registry = Self.host(address) ?? ImageName(image.qualified).registry ?? "docker.io"
        let auth = Data("\(user):\(password)".utf8).base64EncodedString()
        let data = try JSONEncoder().encode(File(auths: [registry: .init(auth: auth)]))
        path = "\(folder)/\(UUID().uuidString.lowercased()).auth"
        let error = SmallFile.create(String(decoding: data, as: UTF8.self), at: path, mode: 0o600)
        if error != 0 { throw TaskFailure.scriptNotWritten(path: path, reason: systemMessage(error)) }
    }

    func remove() { FileTree.delete(path) }

    /// The host and port of a registry's address; Docker Hub has several, which are one.
    static func host(_ address: String) -> String? {
        let parts = address.split(separator: "/").drop { $0.hasSuffix(":") }
        let host = parts.first ?? ""
        guard !host.isEmpty else { return nil }
        return host.hasSuffix("docker.io") || host.hasSuffix("docker.com") ? "docker.io" : String(host)
    }
}
