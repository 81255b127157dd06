import Logging
import ServiceLifecycle

/// Removes cache entries and content that is no longer referred to, at the start and once an hour.
struct ContentKeeping: Service {
    let plane: ControlPlane
    let logger: Logger

    private static let delay = Duration.seconds(30)
    private static let interval = Duration.seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Not in the way of what begins at a start.
                guard (try? await Task.sleep(for: Self.delay)) != nil else { return }
                do { try await plane.keepContent() } catch {
                    logger.warning("old content could not be removed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
