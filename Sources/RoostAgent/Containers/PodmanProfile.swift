/// A way of running containers that was tried on this machine and works.
struct PodmanProfile: Hashable, Sendable, Codable {
    /// How containers of a job reach each other.
    enum Network: String, Codable, Sendable {
        /// A network of the job's own, with names for its containers.
        case own
        /// The machine's network, because this user cannot make one.
        case machine
    }

    /// Path of podman.
    var program: String
    var version: String
    /// Before the command.
    var globalArguments: [String]
    /// Behind `run`.
    var runArguments: [String]
    var network: Network
    /// Run by a user who is not root; otherwise by root, with containers in a user namespace.
    var isRootless: Bool

    /// One line for logs and capabilities.
    var summary: String {
        let user = isRootless ? "rootless" : "in a user namespace of root"
        let network = network == .own ? "a network for each job" : "the machine's network"
        return "podman \(version), \(user), \(network)"
    }
}
