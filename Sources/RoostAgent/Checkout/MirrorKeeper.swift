import RoostModel

/// Brings mirrors up to date for a checkout.
struct MirrorKeeper: Sendable {
    let git: String
    let work: StepWork
    /// Settings that every call of git gets; credentials are among them.
    let settings: [(key: String, value: String)]

    /// Where mirrors of this agent are.
    static func folder(_ work: StepWork) -> String { work.settings.folders.mirrors }

    /// Variable that turns mirrors off, for a pipeline or a pool.
    static let switchName = "Roost.Checkout.Mirror"

    static func isOff(_ work: StepWork) -> Bool { work.variables[switchName]?.lowercased() == "false" }

    /// Brings a mirror to where it has a commit or the newest of a ref.
    ///
    /// - Parameters:
    ///   - mirror: made when there is none.
    ///   - ref: a full ref, or empty.
    ///   - version: a commit, or empty; when it is there already nothing is asked of the address.
    /// - Returns: false when it could not be, which the log tells.
    /// - Throws: ``ProcessFailure``, ``StepStopped``.
    func update(_ mirror: RepositoryMirror, ref: String, version: String) async throws -> Bool {
        let command = command(in: mirror)
        if mirror.exists, !version.isEmpty, try await has(version, command) { return true }
        guard try await make(mirror) else { return false }
        var code = try await fetch(mirror, RepositoryMirror.refspecs(ref: ref, version: version, hasCommit: true))
        if code == 0, !version.isEmpty, try await !has(version, command) {
            code = try await fetch(mirror, RepositoryMirror.refspecs(ref: ref, version: version, hasCommit: false))
        }
        if code != 0 {
            work.output.writeLine(
                "##[warning]The mirror '\(mirror.path)' could not be brought up to date (exit code \(code)); the repository is fetched without it."
            )
        }
        return code == 0
    }

    private func make(_ mirror: RepositoryMirror) async throws -> Bool {
        guard !mirror.exists else { return true }
        guard FileTree.make(mirror.path) == 0 else { return false }
        let command = command(in: mirror)
        guard try await command.run(["init", "--quiet", "--bare", "."]) == 0 else { return false }
        // Shallow checkouts take their commit by its name.
        return try await command.capture(["config", "uploadpack.allowAnySHA1InWant", "true"]).exitCode == 0
    }

    private func has(_ version: String, _ command: GitCommand) async throws -> Bool {
        try await command.capture(["cat-file", "-e", "\(version)^{commit}"]).exitCode == 0
    }

    /// Fetches under a lock, so that two agents with one work folder do not fetch the same twice at once.
    private func fetch(_ mirror: RepositoryMirror, _ refspecs: [String]) async throws -> Int32 {
        let words =
            ["fetch", "--force", "--no-tags", "--prune", "--progress", "--no-write-fetch-head", "origin"] + refspecs
        return try await command(in: mirror, with: [("remote.origin.url", mirror.url)]).run(
            words,
            lock: "\(mirror.path).lock"
        )
    }

    private func command(in mirror: RepositoryMirror, with more: [(key: String, value: String)] = []) -> GitCommand {
        GitCommand(
            executable: git,
            work: work,
            folder: mirror.path,
            settings: settings + more
        )
    }
}
