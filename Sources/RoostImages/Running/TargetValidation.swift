import RoostTemplate

/// Tries the finished image of a target as its template says, before it goes anywhere.
struct TargetValidation: Sendable {
    let build: TargetBuild
    let machine: any ImageMachine
    let running: RunningBuild

    /// Runs the validations in their order, up to the first that fails.
    func run() async throws {
        let steps = build.target.validations
        guard !steps.isEmpty else { return }
        build.report(.phase(.validating))
        try await machine.trial {
            for (place, step) in steps.enumerated() {
                let place = place + 1 + build.target.provisioners.count
                try await build.reporting(step, place) {
                    try await validate(step)
                    return .done
                }
            }
        }
    }

    private func validate(_ step: ImageStep) async throws {
        guard let provisioner = build.runner.components.provisioners[step.type] else {
            throw ImageBuildFailure.setting("Nobody here runs validations of type \"\(step.type)\".")
        }
        do { try await provisioner.provision(build.work(step, .provisioner, machine, running)) } catch {
            try Task.checkCancellation()
            throw ImageBuildFailure.validation(step: build.title(of: step), reason: ImageBuildFailure.text(error))
        }
    }
}
