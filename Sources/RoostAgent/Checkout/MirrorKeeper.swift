import RoostModel
import RoostWire

/// Brings mirrors up to date for a checkout.
struct MirrorKeeper: Sendable {
    let session: GitSession
    private var work: StepWork { session.work }

    /// Where mirrors of this agent are.
    static func folder(_ work: StepWork) -> String { work.settings.folders.mirrors }

    /// Variable that turns mirrors off, for a pipeline or a pool.
    static let switchName = "Roost.Checkout.Mirror"

    static func isOff(_ work: StepWork) -> Bool { work.variables[switchName]?.lowercased() == "false" }

    /// Whether a mirror has a commit.
    func has(_ version: String, _ mirror: RepositoryMirror) async throws -> Bool {
        guard mirror.exists, !version.isEmpty else { return false }
        return try await session.command(in: mirror.path).capture(["cat-file", "-e", "\(version)^{commit}"]).exitCode
            == 0
    }

    /// Finds out what this machine and the pool have of a repository.
    func look(
        _ facts: inout FetchFacts,
        _ mirror: RepositoryMirror,
        _ version: String,
        _ pool: PoolMirror?
    ) async throws {
        facts.rates = FetchRates(in: Self.folder(work))
        facts.hasMirror = mirror.exists
        facts.mirrorHasCommit = try await has(version, mirror)
        guard !facts.mirrorHasCommit, let pool else { return }
        facts.pool = FetchFacts.Pool()
        // How large it is matters only where less than all of it is asked for.
        guard !facts.hasMirror, facts.depth > 0 || facts.filter != nil else { return }
        facts.pool?.size = try? await session.clock.measure(.fetch) { try await pool.host.content(pool.path).size }
    }

    /// Brings a mirror to where it has a commit or the newest of a ref.
    ///
    /// - Parameters:
    ///   - mirror: made when there is none.
    ///   - ref: a full ref, or empty.
    ///   - version: a commit, or empty.
    ///   - pool: the server's copy to take it from; nil is the repository's own address, which is also asked when the copy is of no use.
    /// - Returns: where it came from; nil when it could not be, which the log tells.
    /// - Throws: ``ProcessFailure``, ``StepStopped``.
    func update(
        _ mirror: RepositoryMirror,
        ref: String,
        version: String,
        pool: PoolMirror?
    ) async throws -> FetchPlan.Source? {
        let isNew = !mirror.exists
        guard try await make(mirror) else { return nil }
        try await tidy(mirror)
        if let pool {
            if isNew { try await MirrorSeed(session: session, pool: pool).fill(mirror) }
            if try await update(mirror, ref: ref, version: version, from: pool) { return .pool }
            work.output.writeLine("The pool's copy is of no use; the repository's own address is asked.")
        }
        let code = try await update(mirror, ref: ref, version: version)
        if code == 0 { return .origin }
        // What was begun in vain must not stand in the way of the next job.
        if isNew { FileTree.delete(mirror.path) }
        work.output.writeLine(
            "##[warning]The mirror '\(mirror.path)' could not be brought up to date (exit code \(code)); the repository is fetched without it."
        )
        return nil
    }

    /// With more packs than this git looks long for an object.
    private static let packLimit = 40

    /// Joins the packs of many fetches, each with those of its size, so that it never takes long.
    private func tidy(_ mirror: RepositoryMirror) async throws {
        let packs = FileTree.names(in: "\(mirror.objects)/pack").count { $0.hasSuffix(".pack") }
        guard packs > Self.packLimit else { return }
        _ = try await session.command(in: mirror.path).run(
            ["repack", "-d", "--quiet", "--geometric=2"],
            lock: "\(mirror.path).lock"
        )
    }

    /// From the repository's own address; git's exit code.
    private func update(_ mirror: RepositoryMirror, ref: String, version: String) async throws -> Int32 {
        let code = try await fetch(mirror, RepositoryMirror.refspecs(ref: ref, version: version, hasCommit: true))
        guard code == 0, !version.isEmpty, try await !has(version, mirror) else { return code }
        return try await fetch(mirror, RepositoryMirror.refspecs(ref: ref, version: version, hasCommit: false))
    }

    /// From the server's copy, which may have the commit of a name without having the name.
    private func update(
        _ mirror: RepositoryMirror,
        ref: String,
        version: String,
        from pool: PoolMirror
    ) async throws -> Bool {
        let refspecs = RepositoryMirror.poolRefspecs(ref: ref, version: version)
        return try await fetch(mirror, refspecs, from: pool) == 0
    }

    private func make(_ mirror: RepositoryMirror) async throws -> Bool {
        guard !mirror.exists else { return true }
        guard FileTree.make(mirror.path) == 0 else { return false }
        let command = session.command(in: mirror.path)
        guard try await command.run(["init", "--quiet", "--bare", "."]) == 0 else { return false }
        // Shallow checkouts take their commit by its name.
        return try await command.capture(["config", "uploadpack.allowAnySHA1InWant", "true"]).exitCode == 0
    }

    /// Fetches under a lock, so that two agents with one work folder do not fetch the same twice at once.
    private func fetch(
        _ mirror: RepositoryMirror,
        _ refspecs: [String],
        from pool: PoolMirror? = nil
    ) async throws -> Int32 {
        let settings = (pool?.host.gitSettings ?? [("remote.origin.url", mirror.url)]) + [("fetch.unpackLimit", "1")]
        let words =
            ["fetch", "--force", "--no-tags", "--prune", "--progress", "--no-write-fetch-head", pool?.url ?? "origin"]
            + refspecs
        return try await session.clock.measure(.fetch) {
            try await session.command(in: mirror.path, with: settings).run(words, lock: "\(mirror.path).lock")
        }
    }
}
