public import RoostWire

/// Where copies of a job's repositories are served, near to the agent.
public protocol MirrorHost: Sendable {
    /// The address for git, of a path from `_apis/` on.
    func address(_ path: String) -> String
    /// What git needs to reach it; secrets are among it, so it travels in the environment.
    var gitSettings: [(key: String, value: String)] { get }

    /// The packs and names of a copy, whose path has no slash at its end.
    func content(_ path: String) async throws -> MirrorContentWire

    /// Reads a pack or an index, piece by piece.
    ///
    /// - Parameters:
    ///   - name: of the file.
    ///   - path: of the copy.
    ///   - take: gets the bytes in order.
    /// - Throws: what the server or `take` refuses, and for a file that ends too early.
    func read(_ name: String, of path: String, take: @Sendable ([UInt8]) throws -> Void) async throws

    /// Remembers how a checkout went.
    func report(_ checkout: CheckoutReportWire) async throws
}
