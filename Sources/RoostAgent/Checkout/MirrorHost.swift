public import RoostWire

/// Where copies of a job's repositories are served, near to the agent.
public protocol MirrorHost: Sendable {
    /// The address for git, of a path from `_apis/` on.
    func address(_ path: String) -> String
    /// What git needs to reach it; secrets are among it, so it travels in the environment.
    var gitSettings: [(key: String, value: String)] { get }

    /// The packs and names of a copy.
    ///
    /// - Parameter path: of the copy, without a slash at its end.
    func content(_ path: String) async throws -> MirrorContentWire

    /// Reads a pack or an index, piece by piece.
    ///
    /// - Parameters:
    ///   - name: of the file.
    ///   - path: of the copy.
    ///   - take: gets the bytes in order; a file that ends too early is an error of this call.
    func read(_ name: String, of path: String, take: @Sendable ([UInt8]) throws -> Void) async throws

    /// Remembers how a checkout went.
    func report(_ checkout: CheckoutReportWire) async throws
}
