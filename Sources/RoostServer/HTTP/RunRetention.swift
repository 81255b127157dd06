import FoundationEssentials
import Logging
import RoostModel
import RoostStore
import ServiceLifecycle

/// Which completed runs are old enough to go.
///
/// - Parameters:
///   - runs: completed runs.
///   - keep: how long they stay after their end.
///   - now: the present.
/// - Returns: those whose time is over.
func planRunRetention(_ runs: [Run], keep: Duration, at now: Date) -> [RunID] {
    let limit = now - Double(keep.components.seconds)
    return runs.filter { run in
        run.state.isCompleted && !run.isKeptForever && run.finishedAt.map { $0 < limit } ?? false
    }.map(\.id)
}

/// Removes completed runs after `run-retention`, once an hour.
struct RunRetention: Service {
    let plane: ControlPlane
    let keep: Duration
    let logger: Logger

    private static let interval = Duration.seconds(3600)
    /// Runs looked at together.
    private static let page = 500

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await sweep()
                // Its only failure is the stop.
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    private func sweep() async {
        var before: RunID?
        do {
            while true {
                let page = try await plane.runs(RunQuery(completed: true, before: before, limit: Self.page)).map(\.run)
                for id in planRunRetention(page, keep: keep, at: Date()) { try await plane.deleteRun(id, by: .system) }
                guard page.count == Self.page, let last = page.last else { return }
                before = last.id
            }
        } catch {
            logger.warning("old runs could not be removed", metadata: ["error": "\(error)"])
        }
    }
}
