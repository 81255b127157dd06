import Foundation
import Glibc
import RoostLanguage
import RoostTemplate

/// One target in the hands of packer: builder, provisioners and post-processors, up to those that come after it.
struct PackerTargetBuild: Sendable {
    /// What came of it.
    struct Result: Sendable {
        /// Those that are kept.
        var artifacts: [ImageArtifact]
        /// What is left of chains of post-processors, and what each begins with.
        var rests: [(steps: [ImageStep], input: ImageArtifact)]
    }

    let packer: PackerProgram
    let runner: ImageBuildRunner
    let target: ImageTarget

    /// What packer takes for the removal of what it made in a cloud, before it is ended by force.
    private static let grace = Duration.seconds(900)

    /// Builds it.
    ///
    /// - Parameters:
    ///   - hide: takes texts that must not be shown.
    ///   - say: gets what packer says.
    /// - Returns: the artifacts, and what is left to be done here.
    /// - Throws: ``PackerFailure`` with packer's reason, what keeps it from starting, what cancels.
    func run(
        hide: ([String]) -> Void,
        say: @escaping @Sendable (PackerTranscript.Said) -> Void
    ) async throws -> Result {
        let folder = try PackerFolder(in: packer.buildsFolder)
        defer { folder.remove() }
        let transcript = PackerTranscript(target.sourceName)
        var target = try signedIn(folder, hide)
        let group = CloudGroup(target, runner.environment, build: folder.build, at: Date())
        if let group { target = group.given(to: target) }
        let command = try command("build", ["-machine-readable"] + flags(say), folder, target)
        if let group { try packer.ledger.enter(group) }
        let end = try await HostProcess.end(of: command) { line in
            switch line {
            case .output(let text): for said in transcript.take(text) { say(said) }
            case .errors(let text): for said in transcript.takeError(text) { say(said) }
            }
        }
        if let group { settle(group, end, transcript, say) }
        try Task.checkCancellation()
        guard end == .exited(0) else {
            throw PackerFailure.failed(transcript.failure ?? "packer ended with code \(end.code)")
        }
        let told = transcript.artifacts
        return Result(artifacts: handover.artifacts(told), rests: try handover.inputs(told, folder.path))
    }

    private var handover: PackerHandover { runner.handover(of: target) }

    /// Strikes a resource group off, unless packer may have left it without anybody wanting so.
    private func settle(
        _ group: CloudGroup,
        _ end: HostEnd,
        _ transcript: PackerTranscript,
        _ say: (PackerTranscript.Said) -> Void
    ) {
        // Other codes are those of a packer that came to no end of its own.
        guard case .exited(let code) = end, code == 0 || code == 1, !transcript.leftGroup else {
            say((.error("The resource group \(group.name) may be left; the next build removes it."), nil))
            return
        }
        packer.ledger.strike(group)
        guard code != 0, [.abort, .runCleanupProvisioner].contains(runner.options.onError) else { return }
        say((.detail("The resource group \(group.name) stays, as -on-error says."), nil))
    }

    /// What packer finds wrong, before anything is made.
    func problems() async -> [Diagnostic] {
        do {
            let folder = try PackerFolder(in: packer.buildsFolder)
            defer { folder.remove() }
            var secrets: [String] = []
            let command = try command("validate", [], folder, try signedIn(folder) { secrets = $0 })
            let (end, output, errors) = try await HostProcess.text(command)
            guard end != .exited(0) else { return [] }
            let texts = SecretTexts(runner.plan).adding(ImageSettings(), secrets)
            let lines = (output + errors).filter { !$0.isEmpty }
            let said = lines.joined(separator: "\n").replacing(folder.path, with: "…")
            return [refusal(texts.masked(said))]
        } catch let failure as PackerFailure {
            return [PackerProgram.refusal(failure, target)]
        } catch {
            return [PackerProgram.refusal(.failed(ImageBuildFailure.text(error)), target)]
        }
    }

    private func refusal(_ said: String) -> Diagnostic {
        .error(
            "image-build.packer-refuses",
            "packer refuses to build \(target.name)",
            at: target.range?.span,
            advice: "Builders that are not in packer itself need their plugin: packer plugins install.",
            detail: said
        )
    }

    // MARK: The command

    private func flags(_ say: (PackerTranscript.Said) -> Void) -> [String] {
        var onError = runner.options.onError
        if onError == .ask {
            say((.error("packer has no terminal to ask on: cleaning up after errors."), nil))
            onError = .cleanup
        }
        return ["-on-error=\(onError.rawValue)"] + (runner.options.isForced ? ["-force"] : [])
    }

    private func command(
        _ word: String,
        _ flags: [String],
        _ folder: PackerFolder,
        _ target: ImageTarget
    ) throws -> HostCommand {
        guard let program = packer.path else { throw PackerFailure.missing(packer.name) }
        let document = PackerTargetDocument(target)
        let values = try folder.write(document.values, to: "values.json")
        let template = try folder.write(document.template, to: "template.json")
        return HostCommand(
            program: program,
            arguments: [word] + flags + ["-var-file=\(values)", template],
            environment: environment(folder),
            folder: runner.workingFolder,
            stopSignal: SIGINT,
            grace: Self.grace
        )
    }

    /// Packer's part of the target, with the account of the environment.
    private func signedIn(_ folder: PackerFolder, _ hide: ([String]) -> Void) throws -> ImageTarget {
        var target = handover.target(markingIn: folder.path)
        guard AzureAccount.isFor(target.type), let account = try AzureAccount(runner.environment) else { return target }
        hide(account.secrets)
        target.settings = account.filling(target.settings)
        return target
    }

    private func environment(_ folder: PackerFolder) -> [String: String] {
        var environment = runner.environment
        environment["CHECKPOINT_DISABLE"] = environment["CHECKPOINT_DISABLE"] ?? "1"
        environment["PACKER_NO_COLOR"] = "1"
        environment[PackerFolder.mark] = folder.build
        // Its sockets and scripts go with the folder, also when it is killed.
        if let temporary = folder.temporary() { environment["TMPDIR"] = temporary }
        return environment
    }
}
