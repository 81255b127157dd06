import FoundationEssentials
import Logging
import RoostModel
import RoostStore
import ServiceLifecycle

/// Purges deleted secrets when their time is over; sleeps until the next of them.
struct SecretPurge: Service {
    let plane: ControlPlane

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let next = await pass()
                await plane.secretDeadlines.wait(until: next, now: Date())
            }
        }
    }

    /// Secrets looked at together.
    private static let batch = 100
    /// Pause after a failure of the store.
    private static let pause: TimeInterval = 60

    /// Purges what is due and returns when the next is.
    private func pass() async -> Date? {
        do {
            while !Task.isCancelled {
                let found = try await plane.store.secretsToPurge(limit: Self.batch)
                let now = Date()
                let due = found.filter { ($0.deletion?.purgeAt ?? .distantFuture) <= now }
                for key in Set(due.map(\.key)) { try await plane.purgeWhenDue(key, at: now) }
                if due.count < found.count || found.isEmpty {
                    return found.compactMap { $0.deletion?.purgeAt }.first { $0 > now }
                }
            }
            return nil
        } catch {
            plane.logger.error("deleted secrets could not be purged", metadata: ["error": "\(error)"])
            return Date() + Self.pause
        }
    }
}

extension ControlPlane {
    /// Purges a secret whose time is over, unless it was recovered meanwhile.
    fileprivate func purgeWhenDue(_ key: SecretKey, at now: Date) async throws {
        try await secretWork.perform(key) { () async -> Result<Void, any Error> in
            do {
                guard let found = try await self.store.secretVersion(key, nil), let deletion = found.deletion,
                    deletion.purgeAt <= now
                else { return .success(()) }
                try await self.change { state, change in
                    let vault = state.vaults[key.vault]?.name ?? key.vault.description
                    change.store.append(.deleteSecret(key))
                    change.audit(.system, "secret.purge", "vault:\(vault)/\(found.name)", "its time was over")
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }.get()
    }
}
