import Foundation
import RoostImages
import RoostTemplate
import Synchronization

/// Prints what happens in a build, as packer does.
final class ImageBuildPrinter: Sendable {
    private enum Kind: String {
        case say, message, error
    }

    private static let colours = ["32", "36", "35", "33", "34"]
    private let form: ImageOutput.Form
    private let names: [String]
    /// What was built may have a secret in its name.
    private let secrets: SecretTexts
    private let hasTimes: Bool
    private let isColoured: Bool
    /// Lines of several targets do not run into each other.
    private let turn = Mutex(())

    init(_ form: ImageOutput.Form, _ plan: ImagePlan, hasTimes: Bool) {
        self.form = form
        names = plan.targets.map(\.name)
        secrets = SecretTexts(plan)
        self.hasTimes = hasTimes
        if case .person(let isColoured) = form {
            self.isColoured = isColoured ?? Terminal.standard.hasColor
        } else {
            isColoured = false
        }
    }

    func start(isDebug: Bool) {
        if isDebug { write(.say, "Debug mode enabled. Builds will not be parallelized.") }
        guard isColoured else { return }
        for name in names { write(.say, "\(name): output will be in this color.", of: name) }
        write(.say, "")
    }

    func print(_ event: ImageBuildEvent) {
        let name = event.target
        switch event.kind {
        case .message(let message, let postProcessor):
            let title = postProcessor.map { "\(name) (\($0))" } ?? name
            switch message {
            case .step(let text): write(.say, prefixed("==> \(title): ", text), of: name)
            case .detail(let text): write(.message, prefixed("    \(title): ", text), of: name)
            case .error(let text): write(.error, prefixed("==> \(title): ", text), of: name)
            }
        case .progress: break
        case .finished(let duration, _):
            write(.say, "Build '\(name)' finished after \(GoText.span(duration)).", of: name)
        case .failed(let duration, let reason):
            write(.error, "Build '\(name)' errored after \(GoText.span(duration)): \(reason)", of: name)
        }
    }

    private func prefixed(_ prefix: String, _ text: String) -> String {
        let time = hasTimes ? "\(Date().formatted(.iso8601)): " : ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { "\(prefix)\(time)\($0)" }
            .joined(separator: "\n")
    }

    // MARK: The end

    func finish(_ results: [ImageBuildResult], after duration: Duration, isInterrupted: Bool) {
        write(.say, "\n==> Wait completed after \(GoText.span(duration))")
        if isInterrupted { return write(.error, "Cleanly cancelled builds after being interrupted.") }
        let failures = results.compactMap { result -> (name: String, reason: String)? in
            guard case .failed(let reason) = result.outcome else { return nil }
            return (result.target.name, reason)
        }
        if !failures.isEmpty { write(failures) }
        let made = results.compactMap { result -> (name: String, artifacts: [ImageArtifact])? in
            guard case .finished(let artifacts) = result.outcome else { return nil }
            return (result.target.name, artifacts)
        }
        guard !made.isEmpty else { return write(.say, "\n==> Builds finished but no artifacts were created.") }
        write(.say, "\n==> Builds finished. The artifacts of successful builds are:")
        for (name, artifacts) in made { write(artifacts, of: name) }
    }

    private func write(_ failures: [(name: String, reason: String)]) {
        tell("error-count", ["\(failures.count)"])
        write(.error, "\n==> Some builds didn't complete successfully and had errors:")
        for (name, reason) in failures {
            tell("error", [reason], of: name)
            write(.error, "--> \(name): \(reason)")
        }
    }

    private func write(_ artifacts: [ImageArtifact], of name: String) {
        tell("artifact-count", ["\(artifacts.count)"], of: name)
        for (place, artifact) in artifacts.enumerated() {
            func tellPart(_ part: String, _ data: String...) { tell("artifact", ["\(place)", part] + data, of: name) }
            tellPart("builder-id", artifact.builderID)
            tellPart("id", artifact.id)
            tellPart("string", artifact.text)
            tellPart("files-count", "\(artifact.files.count)")
            for (number, file) in artifact.files.enumerated() { tellPart("file", "\(number)", file) }
            tellPart("end")
            write(.say, "--> \(name): \(artifact.text)")
        }
    }

    // MARK: Lines

    private func tell(_ category: String, _ data: [String], of target: String = "") {
        guard case .machine = form else { return }
        turn.withLock { _ in Terminal.print(MachineLine(category, data.map(secrets.masked), target: target).text) }
    }

    /// With `--output json`, people read along on standard error.
    private func write(_ kind: Kind, _ text: String, of target: String? = nil) {
        let text = secrets.masked(text)
        turn.withLock { _ in
            switch form {
            case .machine: Terminal.print(MachineLine("ui", [kind.rawValue, text]).text)
            case .json: Terminal.printError(text)
            case .person: Terminal.print(coloured(text, kind, target))
            }
        }
    }

    private func coloured(_ text: String, _ kind: Kind, _ target: String?) -> String {
        guard isColoured, let target, let place = names.firstIndex(of: target) else { return text }
        let colour = Self.colours[place % Self.colours.count]
        let style =
            switch kind {
            case .say: "1;\(colour)"
            case .message: "0;\(colour)"
            case .error: "1;31"
            }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { "\u{1b}[\(style)m\($0)\u{1b}[0m" }
            .joined(separator: "\n")
    }
}
