import RoostTemplate

/// Waits for a person, when there is one.
struct BreakpointProvisioner: ImageProvisioner {
    func key(_ work: StepWork) async throws -> StepKey? { nil }

    func provision(_ work: StepWork) async throws {
        let note = try work.text("note").map { " with note \"\($0)\"" } ?? ""
        guard !work.truth("disable") else {
            return work.say("Breakpoint provisioner\(note) disabled; continuing...")
        }
        work.say("Pausing at breakpoint provisioner\(note).")
        guard let ask = work.runtime.ask else { return work.say("There is no terminal to wait on; continuing...") }
        _ = try await ask("\(work.target.name): press enter to continue. ")
    }
}

/// Waits for a time.
struct SleepProvisioner: ImageProvisioner {
    func key(_ work: StepWork) async throws -> StepKey? { nil }

    func provision(_ work: StepWork) async throws {
        guard let duration = try work.duration("duration"), duration > .zero else { return }
        work.say("Sleeping for \(GoText.duration(duration))...")
        try await Task.sleep(for: duration)
    }
}
