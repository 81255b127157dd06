import FoundationEssentials
import Glibc
import RoostModel

/// Joins the packs of an agent's mirrors, so that git looks for objects in few places; nothing is pruned, because checkouts depend on them.
struct MirrorMaintenance: Sendable {
    let folders: AgentFolders
    let environment: [String: String]

    /// One that takes longer is given up; git leaves the mirror as it was.
    private static let patience = Duration.seconds(1800)

    /// - Returns: how many mirrors were repacked, and what went wrong with others.
    func run() async -> (repacked: Int, failures: [String]) {
        guard let git = ExecutableSearch.find("git", path: environment["PATH"]) else { return (0, []) }
        var (repacked, failures) = (0, [String]())
        for room in FileTree.names(in: folders.mirrors).sorted() where !room.hasPrefix(".") {
            guard !Task.isCancelled else { break }
            let path = "\(folders.mirrors)/\(room)/mirror"
            let packs = FileTree.names(in: "\(path)/objects/pack").count { $0.hasSuffix(".pack") }
            // Held as by a job: upkeep does not remove it meanwhile.
            let uses = UseLocks(folders)
            guard packs > 1, FileTree.isFile("\(path)/HEAD"), (try? uses.hold(UpkeepItem.ID(.mirror, room))) != nil
            else {
                continue
            }
            if let reason = await repack(git, path) { failures.append("\(room): \(reason)") } else { repacked += 1 }
            withExtendedLifetime(uses) {}
        }
        return (repacked, failures)
    }

    /// Nil when it went well.
    private func repack(_ git: String, _ path: String) async -> String? {
        var words = [git, "-C", path, "repack", "-d", "--quiet", "--geometric=2"]
        // A fetch of a job into the same mirror is waited for, and the other way round.
        if let flock = ExecutableSearch.find("flock", path: environment["PATH"]) {
            words = [flock, "\(path).lock"] + words
        }
        let launch = ProcessLaunch(
            executable: words[0],
            arguments: Array(words.dropFirst()),
            environment: environment.merging(["GIT_TERMINAL_PROMPT": "0"]) { _, new in new },
            workingDirectory: "/"
        )
        let (control, output) = (StopControl(), CapturedOutput())
        let limit = Task {
            guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
            control.stop(.none)
        }
        defer { limit.cancel() }
        do {
            let outcome = try await withTaskCancellationHandler {
                try await StepProcess.run(launch, control: control, output: output)
            } onCancel: {
                control.stop(.none)
            }
            if outcome.exitCode == 0 { return nil }
            return output.text.split(whereSeparator: \.isNewline).last.map(String.init)
                ?? "git ended with \(outcome.exitCode)"
        } catch { return "\(error)" }
    }
}
