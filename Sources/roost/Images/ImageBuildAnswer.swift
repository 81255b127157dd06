import RoostImages
import RoostLanguage
import RoostTemplate

/// What a build prints for scripts.
struct ImageBuildAnswer: Encodable {
    struct Target: Encodable {
        var name: String
        var type: String
        /// `finished`, `failed` or `canceled`.
        var outcome: String
        var seconds: Double
        var error: String?
        var artifacts: [Artifact]
    }

    struct Artifact: Encodable {
        var builder: String
        var id: String
        var text: String
        var files: [String]
    }

    var version = 1
    var succeeded: Bool
    var targets: [Target]
    var diagnostics: [DiagnosticJSON]

    init(problems: [Diagnostic], _ results: [ImageBuildResult] = []) {
        targets = results.map(Target.init)
        diagnostics = problems.map(DiagnosticJSON.init)
        succeeded = !problems.hasErrors && targets.allSatisfy { $0.outcome == "finished" }
    }
}

extension ImageBuildAnswer.Target {
    init(_ result: ImageBuildResult) {
        name = result.target.name
        type = result.target.type
        let parts = result.duration.components
        seconds = Double(parts.seconds) + Double(parts.attoseconds / 1_000_000_000_000_000) / 1000
        artifacts = []
        switch result.outcome {
        case .finished(let made):
            outcome = "finished"
            artifacts = made.map { .init(builder: $0.builderID, id: $0.id, text: $0.text, files: $0.files) }
        case .failed(let reason):
            outcome = "failed"
            error = reason
        case .canceled: outcome = "canceled"
        }
    }
}
