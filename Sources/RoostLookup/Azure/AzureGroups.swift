public import RoostImages
import RoostModel
public import RoostTemplate

/// Looks for resource groups and removes them.
public struct AzureGroups: CloudGroups {
    private let facts: AzureFacts

    /// While a group is being removed, a resource manager that does not say when to ask is asked this often.
    private static let pause = 2.0

    public init(_ facts: AzureFacts) { self.facts = facts }

    public func state(
        of group: AzureResourceID,
        _ signIn: AzureSignIn,
        until deadline: ContinuousClock.Instant
    ) async -> CloudGroupState {
        do throws(AzureObstacle) {
            let reader = try await reader(signIn, deadline)
            if try await reader.wire(group) != nil { return .there }
            // A resource manager says so too of a subscription that the account does not see.
            guard try await reader.fact(.subscription(group.subscription)) != nil else {
                return .unknown(
                    PreflightObstacle(
                        .forbidden,
                        code: "subscription",
                        reason: "who signs in sees no subscription \(group.subscription)"
                    )
                )
            }
            return .gone
        } catch { return .unknown(error.preflight) }
    }

    public func remove(
        _ group: AzureResourceID,
        _ signIn: AzureSignIn,
        until deadline: ContinuousClock.Instant
    ) async -> CloudGroupState {
        do throws(AzureObstacle) {
            let reader = try await reader(signIn, deadline)
            guard
                let answer = try await reader.connection.send("DELETE", try reader.address(group), by: deadline)
            else { return .gone }
            return await end(of: group, reader, after: answer.retryAfter)
        } catch { return .unknown(error.preflight) }
    }

    private func reader(
        _ signIn: AzureSignIn,
        _ deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> AzureReader {
        AzureReader(connection: try await facts.sessions.connection(signIn, by: deadline), deadline: deadline)
    }

    /// Whatever is answered from now on, the cloud has taken the order.
    private func end(of group: AzureResourceID, _ reader: AzureReader, after seconds: Double?) async -> CloudGroupState
    {
        let pause = Duration.seconds(min(30, max(0.05, seconds ?? Self.pause)))
        do throws(AzureObstacle) {
            let url = try reader.address(group)
            while try await reader.wire(group) != nil {
                _ = try await answered(by: reader.deadline, at: url) { try await Task.sleep(for: pause) }
            }
            return .gone
        } catch { return .there }
    }
}
