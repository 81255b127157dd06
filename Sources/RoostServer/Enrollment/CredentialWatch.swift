import Foundation
import Logging
import RoostModel
import ServiceLifecycle

/// Names credentials that die soon in the server's log, at its start and once a day.
struct CredentialWatch: Service {
    let plane: ControlPlane
    /// The server's own.
    let certificate: String?
    let logger: Logger
    private static let interval = Duration.seconds(86_400)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                warn()
                // Its only failure is the stop.
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    private func warn() {
        let own = ServerCertificate.expiring(certificate).map { [$0] } ?? []
        for warning in plane.credentialWarnings(at: Date(), beside: own) {
            let credential = warning.credential
            logger.warning(
                warning.isExpired ? "a credential has expired" : "a credential expires soon",
                metadata: [
                    "kind": "\(credential.kind.rawValue)", "name": "\(credential.name)", "owner": "\(credential.owner)",
                    "end": "\(credential.ends.ISO8601Format())",
                ]
            )
        }
    }
}
