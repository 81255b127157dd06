/// Whether whoever runs jobs here may become root without a password, that is, as a job would.
struct SudoProbe: Sendable {
    /// What jobs inherit.
    let environment: [String: String]

    /// A directory of users that does not answer must not keep the agent from its start.
    private static let patience = Duration.seconds(5)

    /// Asks the system's sudo; not a program that a job may have put into a folder of its user.
    func run() async -> Bool {
        guard let sudo = ExecutableSearch.find("sudo", path: nil) else { return false }
        let launch = ProcessLaunch(
            executable: sudo,
            arguments: ["-n", "-l"],
            environment: environment,
            workingDirectory: "/"
        )
        let control = StopControl()
        let limit = Task {
            guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
            control.stop(.none)
        }
        defer { limit.cancel() }
        let output = CapturedOutput()
        guard let outcome = try? await StepProcess.run(launch, control: control, output: output) else { return false }
        return outcome.exitCode == 0 && output.text.utf8Range(of: "NOPASSWD") != nil
    }
}
