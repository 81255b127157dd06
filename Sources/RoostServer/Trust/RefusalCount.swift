import FoundationEssentials
import ServiceLifecycle

/// Writes what the ledger of refused exchanges has counted into the audit, at the end of its minutes and of the server.
struct RefusalCount: Service {
    let plane: ControlPlane
    private static let interval = Duration.seconds(RefusalLedger.window)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Its only failure is the stop.
                try? await Task.sleep(for: Self.interval)
                await plane.auditCountedRefusals(at: Date())
            }
        }
        await plane.auditCountedRefusals(at: .distantFuture)
    }
}
