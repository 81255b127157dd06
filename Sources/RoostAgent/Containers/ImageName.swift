/// The name of an image.
struct ImageName: Hashable, Sendable {
    /// As the pipeline writes it.
    let text: String

    init(_ text: String) { self.text = text }

    /// The registry's host and port; nil when the name has none.
    var registry: String? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].contains(".") || parts[0].contains(":") || parts[0] == "localhost" else {
            return nil
        }
        return String(parts[0])
    }

    /// With registry and namespace: a short name means an image of Docker Hub, as everywhere.
    var qualified: String {
        if registry != nil { return text }
        return text.contains("/") ? "docker.io/\(text)" : "docker.io/library/\(text)"
    }

    /// Whether it names an image that was made on the machine, which no registry has.
    var isOfThisMachine: Bool { registry == "localhost" }

    /// A registry on the machine itself may do without TLS.
    var isOnLoopback: Bool {
        guard let host = registry?.split(separator: ":").first else { return false }
        return host == "localhost" || host.hasPrefix("127.")
    }
}
