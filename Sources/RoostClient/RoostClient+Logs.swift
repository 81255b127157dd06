import RoostWire

extension RoostClient {
    /// The text of a log as it is now, in the chunks it comes in.
    ///
    /// - Parameters:
    ///   - run: the run's number.
    ///   - log: the log's number in the run.
    ///   - line: the first line that is wanted, from 1; nil is all, which is never held in memory as a whole.
    /// - Returns: bytes, whole lines but perhaps for the last.
    /// - Throws: ``ClientError`` when the log cannot be read.
    public func logText(
        run: Int,
        log: Int,
        fromLine line: Int? = nil
    ) async throws(ClientError)
        -> AsyncThrowingStream<[UInt8], any Error>
    {
        let query = [("startLine", line.map(String.init))]
        return try await stream(
            Call(method: "GET", path: "_apis/build/builds/\(run)/logs/\(log)", query: query, accept: "text/plain")
        )
    }

    /// The text of a log from an offset in bytes on, and what is added to it, until no more can come.
    public func followLogText(
        run: Int,
        log: Int,
        from offset: Int = 0
    ) async throws(ClientError)
        -> AsyncThrowingStream<[UInt8], any Error>
    {
        let path = "_apis/roost/runs/\(run)/logs/\(log)/follow"
        return try await stream(
            Call(method: "GET", path: path, query: [("offset", String(offset))], accept: "text/plain")
        )
    }
}
