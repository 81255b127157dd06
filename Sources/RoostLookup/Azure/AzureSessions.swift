import RoostClient
import RoostImages
import RoostModel

/// Connections to clouds, each made once for all who want it.
actor AzureSessions {
    private let authority: AzureAuthority
    private var connections: [AzureSignIn: Task<Result<AzureConnection, AzureObstacle>, Never>] = [:]

    init(_ authority: AzureAuthority) { self.authority = authority }

    /// Signs in, or waits for whoever does already.
    ///
    /// It ends at the deadline of who came first; what failed is tried anew afterwards.
    func connection(
        _ signIn: AzureSignIn,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> AzureConnection {
        let authority = authority
        let task =
            connections[signIn]
            ?? Task {
                do throws(AzureObstacle) { return .success(try await authority.connection(signIn, by: deadline)) } catch
                {
                    return .failure(error.asSignIn)
                }
            }
        connections[signIn] = task
        let result = await task.value
        if case .failure = result, connections[signIn] == task { connections[signIn] = nil }
        return try result.get()
    }
}
