import RoostTemplate
import Synchronization

/// Says what a target has to say, without its secrets.
final class MaskedVoice: Sendable {
    private let secrets: Mutex<SecretTexts>
    private let target: String
    private let report: @Sendable (ImageBuildEvent) -> Void

    init(_ plan: ImagePlan, target: String, _ report: @escaping @Sendable (ImageBuildEvent) -> Void) {
        secrets = Mutex(SecretTexts(plan))
        self.target = target
        self.report = report
    }

    /// Learns what is secret in settings that were computed during the build, and other secrets of the machine.
    func hide(_ settings: ImageSettings, _ others: [String] = []) {
        secrets.withLock { $0 = $0.adding(settings, others) }
    }

    func masked(_ text: String) -> String {
        let known = secrets.withLock { $0 }
        return known.masked(text)
    }

    func say(_ message: BuildMessage, by postProcessor: String? = nil) {
        let message: BuildMessage =
            switch message {
            case .step(let text): .step(masked(text))
            case .detail(let text): .detail(masked(text))
            case .error(let text): .error(masked(text))
            }
        report(ImageBuildEvent(target: target, kind: .message(message, postProcessor: postProcessor)))
    }

    func tell(_ kind: ImageBuildEvent.Kind) { report(ImageBuildEvent(target: target, kind: kind)) }
}
