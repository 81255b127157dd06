package import Foundation

/// The one thing of the network that a virtual machine reaches: an address of its own network that leads to the server.
package struct ServerDoor: Sendable, Hashable {
    /// Within the network that QEMU makes, 10.0.2.0/24, and not one of those that it uses itself.
    static let address = "10.0.2.100"

    let host: String
    let port: Int
    /// How the machine calls the server.
    let url: URL
    /// A line of `/etc/hosts`, for a server that is called by its name.
    let hostLine: String?

    /// - Throws: ``BootFailure/url(_:)``.
    package init(to url: URL) throws(BootFailure) {
        guard let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme), let host = url.host(),
            !host.isEmpty
        else { throw .url(url.absoluteString) }
        self.host = host
        port = url.port ?? (scheme == "https" ? 443 : 80)
        // A name stays, because certificates are for names.
        let isNumber = host == "localhost" || host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: false)
        if isNumber { parts?.host = Self.address }
        guard let inner = parts?.url else { throw .url(url.absoluteString) }
        self.url = inner
        hostLine = isNumber ? nil : "\(Self.address) \(host)"
    }
}
