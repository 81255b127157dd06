import RoostTemplate

/// Runs the provisioners of a target in their order.
struct TargetProvisioning: Sendable {
    let build: TargetBuild
    let machine: any ImageMachine
    let running: RunningBuild

    private var voice: MaskedVoice { build.voice }

    /// - Throws: ``ProvisioningFailure`` when a provisioner failed and its machine has been dealt with; what cancels.
    func run() async throws {
        for (place, step) in build.target.provisioners.enumerated() {
            while true {
                do {
                    try await build.reporting(step, place + 1) { try await tried(step) }
                    break
                } catch {
                    try Task.checkCancellation()
                    guard try await isRepeated(after: error) else { throw ProvisioningFailure(reason: error) }
                }
            }
        }
    }

    // MARK: Failures

    /// Deals with the machine of a failure; whether the provisioner is tried again.
    private func isRepeated(after error: any Error) async throws -> Bool {
        let keeps = TemplateRules(build.target).keepsMachineAfterFailure
        switch build.runner.options.onError {
        case .cleanup where !keeps: await clean()
        case .abort, .cleanup: voice.say(.error("Provisioning failed, aborting: nothing is cleaned up."))
        case .runCleanupProvisioner: await runErrorCleanup()
        case .ask: return try await asked(error)
        }
        return false
    }

    private func clean() async {
        await runErrorCleanup()
        await TargetBuild.discard(machine)
    }

    private func asked(_ error: any Error) async throws -> Bool {
        guard let ask = build.runner.runtime.ask else {
            voice.say(.error("There is no terminal to ask on: cleaning up."))
            await clean()
            return false
        }
        voice.say(.error(ImageBuildFailure.text(error)))
        while true {
            let answer = try await ask(
                "\(build.target.name): [c] Clean up and exit, [a] abort without cleanup, or [r] retry step? "
            )
            switch answer.lowercased().first {
            case "c":
                await clean()
                return false
            case "a": return false
            case "r": return true
            default: continue
            }
        }
    }

    private func runErrorCleanup() async {
        voice.say(.step("Provisioning step had errors: Running the cleanup provisioner, if present..."))
        guard let step = build.target.errorCleanup else { return }
        do { try await tried(step) } catch {
            voice.say(.error("The cleanup provisioner failed: \(ImageBuildFailure.text(error))"))
        }
    }

    // MARK: One provisioner

    @discardableResult
    private func tried(_ step: ImageStep) async throws -> StepOutcome {
        var left = step.retries
        while true {
            do {
                return try await limited(step)
            } catch {
                try Task.checkCancellation()
                if left > 0 {
                    let reason = ImageBuildFailure.text(error)
                    voice.say(.step("Provisioner failed with \"\(reason)\", retrying with \(left) trie(s) left"))
                    left -= 1
                    continue
                }
                if step.retries > 0 { voice.say(.step("retry limit reached.")) }
                guard step.continuesOnError else { throw error }
                voice.say(.error("\(ImageBuildFailure.text(error)); the build goes on, as \(step.type) says."))
                return .done
            }
        }
    }

    private func limited(_ step: ImageStep) async throws -> StepOutcome {
        if step.pauseBefore > .zero {
            voice.say(.step("Pausing \(GoText.duration(step.pauseBefore)) before the next provisioner..."))
            try await Task.sleep(for: step.pauseBefore)
        }
        if build.runner.runtime.isDebug, let ask = build.runner.runtime.ask {
            _ = try await ask("\(build.target.name): press enter to run \(step.type). ")
        }
        guard step.timeout > .zero else { return try await provision(step) }
        voice.say(.step("Setting a \(GoText.duration(step.timeout)) timeout for the next provisioner..."))
        return try await withThrowingTaskGroup(of: StepOutcome?.self) { group in
            group.addTask { try await provision(step) }
            group.addTask {
                try await Task.sleep(for: step.timeout)
                return nil
            }
            defer { group.cancelAll() }
            if let outcome = try await group.next() ?? nil { return outcome }
            voice.say(.error("Cancelling provisioner after a timeout..."))
            group.cancelAll()
            // Until everything that it started has ended.
            while let result = await group.nextResult() { _ = result }
            try Task.checkCancellation()
            throw ImageBuildFailure.timedOut(step: step.type, after: step.timeout)
        }
    }

    private func provision(_ step: ImageStep) async throws -> StepOutcome {
        guard let provisioner = build.runner.components.provisioners[step.type] else {
            throw ImageBuildFailure.setting("Nobody here runs provisioners of type \"\(step.type)\".")
        }
        let work = try build.work(step, .provisioner, machine, running)
        guard let key = try await provisioner.key(work) else {
            try await provisioner.provision(work)
            return .done
        }
        let outcome = try await machine.step(key) { try await provisioner.provision(work) }
        if outcome == .reused { voice.say(.step("Reusing the result of \(key.name)")) }
        return outcome
    }
}
