public import RoostWire

/// Calls about the server's copies of repositories; all are below the run that speaks.
extension RoostClient {
    /// The packs and names of a copy, by its path from `_apis/` on.
    public func mirrorContent(_ path: String) async throws(ClientError) -> MirrorContentWire {
        try await call(Call(method: "GET", path: "\(path)/content", timeout: .seconds(600)))
    }

    /// Reads a pack or an index as it comes, without holding it.
    ///
    /// - Parameters:
    ///   - name: of the file.
    ///   - path: of the copy, from `_apis/` on.
    ///   - take: gets the bytes in order; what it throws ends the call.
    /// - Throws: ``ClientError``, and what `take` throws.
    public func mirrorFile(
        _ name: String,
        of path: String,
        take: @Sendable ([UInt8]) throws -> Void
    ) async throws {
        let call = Call(
            method: "GET",
            path: "\(path)/packs/\(Self.escape(name))",
            accept: "application/octet-stream"
        )
        try await read(call, take: take)
    }

    /// Tells how a checkout went.
    public func reportCheckout(run: Int, _ checkout: CheckoutReportWire) async throws(ClientError) {
        try await callForNothing(
            Call(method: "POST", path: "_apis/roost/runs/\(run)/checkouts", body: try Self.body(checkout))
        )
    }

    /// How checkouts went, newest first; of a run, of a repository by its name, or of all.
    public func checkouts(
        run: Int? = nil,
        repository: String? = nil,
        limit: Int? = nil
    ) async throws(ClientError) -> [CheckoutReportWire] {
        try await call(
            Call(
                method: "GET",
                path: "_apis/roost/checkouts",
                query: [
                    ("buildId", run.map(String.init)), ("repository", repository), ("$top", limit.map(String.init)),
                ]
            ),
            as: WireList<CheckoutReportWire>.self
        ).value
    }
}
