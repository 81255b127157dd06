import RoostClient

extension WebClient {
    /// Sends one request, and ends the connection.
    func answer(_ request: Request) async throws(ClientError) -> Answer {
        let result: Result<Answer, ClientError>
        do throws(ClientError) { result = .success(try await send(request)) } catch { result = .failure(error) }
        await close()
        return try result.get()
    }
}

extension ClientError {
    var isTLS: Bool {
        if case .tlsFailure = self { true } else { false }
    }
}
