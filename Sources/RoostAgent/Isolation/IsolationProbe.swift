import Glibc

/// Finds out whether this machine can keep jobs apart, and whether that costs them something.
struct IsolationProbe: Sendable {
    let mode: IsolationMode
    let hides: [String]
    /// What jobs inherit.
    let environment: [String: String]

    func run() async -> JobIsolation {
        JobIsolation(mode: mode, obstacle: await obstacle(), hides: hides)
    }

    private func obstacle() async -> String? {
        guard mode != .off else { return nil }
        guard geteuid() != 0 else { return "the agent runs as root, whom nothing can be hidden from" }
        do throws(WallFailure) { try JobWalls.attempt() } catch { return error.reason }
        guard mode == .auto else { return nil }
        if await mayBecomeRoot() { return "its user may become root with sudo, which isolated jobs cannot" }
        if hasContainers {
            return "its user may run containers with several users (/etc/subuid), which isolated jobs cannot"
        }
        return nil
    }

    /// Without a password, that is, as a job would.
    private func mayBecomeRoot() async -> Bool {
        guard let sudo = ExecutableSearch.find("sudo", path: environment["PATH"]) else { return false }
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

    /// A directory of users that does not answer must not keep the agent from its start.
    private static let patience = Duration.seconds(5)

    /// An engine that runs without root, and the numbers of users that it needs.
    private var hasContainers: Bool {
        guard ExecutableSearch.find("newuidmap", path: environment["PATH"]) != nil,
            ["podman", "buildah"].contains(where: { ExecutableSearch.find($0, path: environment["PATH"]) != nil })
        else { return false }
        let names = [UserEntry.name(of: getuid()), String(getuid())].compactMap { $0 }
        let lines = (SmallFile.read("/etc/subuid") ?? "").split(whereSeparator: \.isNewline)
        return lines.contains { line in names.contains { line.hasPrefix("\($0):") } }
    }
}

/// The machine's list of users.
enum UserEntry {
    /// Nil for a number that has no name.
    static func name(of user: uid_t) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return String(cString: entry.pw_name)
    }
}
