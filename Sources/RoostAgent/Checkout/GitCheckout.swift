import RoostModel
import RoostWire

/// One checkout of one repository.
struct GitCheckout: Sendable {
    let repository: JobRepository
    let options: CheckoutOptions
    let folder: String
    let work: StepWork
    let session: GitSession
    private let credentials: GitCredentials?

    init(repository: JobRepository, options: CheckoutOptions, folder: String, git: String, work: StepWork) {
        self.repository = repository
        self.options = options
        self.folder = folder
        self.work = work
        credentials = GitCredentials(repository, endpoints: work.order.endpoints)
        session = GitSession(
            git,
            work,
            settings: Self.settings(repository, credentials) + work.settings.network.gitSettings(for: repository.url)
        )
    }

    /// The address without credentials in it; those are hidden by the masker.
    var url: String { repository.url }

    /// A folder of this machine, for which nothing travels over a network.
    var isLocal: Bool { Self.isLocal(repository) }

    private static func isLocal(_ repository: JobRepository) -> Bool {
        repository.url.hasPrefix("file://") || repository.url.hasPrefix("/")
    }

    /// The server's copy of the repository.
    var pool: PoolMirror? { PoolMirror(repository, work.content?.mirrors) }

    /// What was fetched, and from where.
    struct Fetched {
        /// What is checked out.
        var commit: String
        /// `folder`, `mirror`, `pool` or `origin`.
        var source: String
        var reason: String
    }

    /// Brings the folder to the commit.
    ///
    /// - Throws: ``CheckoutFailure``, ``ProcessFailure``, ``StepStopped``.
    func run() async throws {
        if let credentials { work.masker.add(credentials.secret, name: "credentials of '\(repository.name)'") }
        defer { FileTree.delete(session.trace) }
        let isReused = try await prepare()
        let fetched = isReused ? try await hereAlready() : nil
        let source: Fetched
        if let fetched { source = fetched } else { source = try await fetch() }
        try await session.clock.measure(.write) {
            try await checkOut(source.commit, isNew: !isReused)
            if options.submodules != .none { try await updateSubmodules() }
        }
        if options.persistCredentials { try persistCredentials() }
        await tell(session.times(), source)
    }

    /// Says how the checkout went, here and to the server.
    private func tell(_ times: CheckoutTimes, _ fetched: Fetched) async {
        work.output.writeLine("Commits came from the \(fetched.source): \(fetched.reason).")
        work.output.writeLine("Checkout of '\(repository.name)' took \(times).")
        guard let mirrors = work.content?.mirrors else { return }
        let report = CheckoutReportWire(
            jobId: work.order.job.rawValue,
            agentName: work.settings.agentName,
            alias: repository.alias,
            repository: repository.name,
            url: GitCredentials.withoutUser(url),
            commit: repository.version,
            source: fetched.source,
            reason: fetched.reason,
            bytes: times.bytes,
            prepare: CheckoutTimes.milliseconds(times.prepare),
            negotiate: CheckoutTimes.milliseconds(times.negotiate),
            transfer: CheckoutTimes.milliseconds(times.transfer),
            resolve: CheckoutTimes.milliseconds(times.resolve),
            write: CheckoutTimes.milliseconds(times.write)
        )
        // A server that does not keep it is no reason to fail.
        try? await mirrors.report(report)
    }

    /// Settings that every call of git gets.
    private static func settings(
        _ repository: JobRepository,
        _ credentials: GitCredentials?
    ) -> [(key: String, value: String)] {
        var settings = [
            // The folder may belong to another user, as in a container or after a change of the agent's user.
            (key: "safe.directory", value: "*"), (key: "gc.auto", value: "0"),
            (key: "advice.detachedHead", value: "false"),
        ]
        if isLocal(repository) { settings.append((key: "protocol.file.allow", value: "always")) }
        if let credentials {
            settings.append((key: "http.\(credentials.scope).extraheader", value: credentials.header))
        }
        return settings
    }

    var command: GitCommand { session.command(in: folder) }

    // MARK: The folder

    /// Makes the folder a repository of the address, or finds that it is one; true when it is.
    private func prepare() async throws -> Bool {
        let state = GitFolder(folder)
        FileTree.delete("\(folder)/.git/\(GitFolder.credentialsName)")
        guard state.isRepository(of: url) else {
            try await initialize()
            return false
        }
        state.removeStaleLocks()
        if RepositoryMirror.isLost(by: folder) {
            work.output.writeLine("The mirror that the folder borrows from is gone; the folder is made anew.")
            try await initialize()
            return false
        }
        guard options.clean else { return true }
        let cleaned = try await clean()
        if !cleaned {
            work.output.writeLine("The folder could not be cleaned; it is made anew.")
            try await initialize()
        }
        return cleaned
    }

    func initialize() async throws {
        FileTree.empty(folder)
        let error = FileTree.make(folder)
        if error != 0 { throw WorkspaceFailure.notWritable(path: folder, error: error) }
        let made = try await command.run(["init", "--quiet", "."])
        guard made == 0 else { throw CheckoutFailure.notInitialized(folder: folder, exitCode: made) }
        // Written by hand, because the address may hold a password and must not stand on a command line.
        GitFolder(folder).setOrigin(url)
    }

    private func clean() async throws -> Bool {
        guard try await command.run(["clean", "-ffdx"]) == 0 else { return false }
        let hasHead = try await command.capture(["rev-parse", "--verify", "--quiet", "HEAD"]).exitCode == 0
        guard hasHead else { return true }
        guard try await command.run(["reset", "--hard", "HEAD"]) == 0 else { return false }
        guard options.submodules != .none else { return true }
        let recursion = options.submodules == .recursive ? ["--recursive"] : []
        guard try await command.run(["submodule", "foreach"] + recursion + ["git clean -ffdx"]) == 0 else {
            return false
        }
        return try await command.run(["submodule", "foreach"] + recursion + ["git reset --hard HEAD"]) == 0
    }

    // MARK: Checking out

    private func checkOut(_ commit: String, isNew: Bool) async throws {
        if options.isSparse { try await makeSparse() }
        if repository.version.isEmpty,
            try await command.capture(["rev-parse", "--verify", "--quiet", "\(commit)^{commit}"]).exitCode != 0
        {
            throw CheckoutFailure.refMissing(repository: repository.name, ref: repository.ref)
        }
        let wish = try TreeWish(work.variables[TreeWish.variableName])
        let tree = isNew && wish != .never ? self.tree : nil
        let began = try await tree?.fill(folder) ?? false
        let start = ContinuousClock.now
        var code = try await write(commit)
        if code != 0, began {
            tree?.clear(folder)
            code = try await write(commit)
        }
        guard code == 0 else {
            throw CheckoutFailure.versionMissing(repository: repository.name, version: commit, exitCode: code)
        }
        let took = CheckoutTimes.milliseconds(ContinuousClock.now - start)
        try await tree?.keep(
            folder,
            after: TreeFacts(written: took, began: began, record: tree?.record, wish: wish)
        )
    }

    private func write(_ commit: String) async throws -> Int32 {
        try await command.run(["checkout", "--force", "--detach", commit])
    }

    /// What a new folder can begin with; nil where mirrors are off, and with a sparse checkout, which has few files.
    private var tree: TreeTemplate? {
        guard !MirrorKeeper.isOff(work), !options.isSparse else { return nil }
        let mirror = RepositoryMirror(url: url, in: MirrorKeeper.folder(work))
        return mirror.exists ? TreeTemplate(beside: mirror, lfs: options.lfs, session: session) : nil
    }

    private func makeSparse() async throws {
        let isCone = options.sparsePatterns.isEmpty
        let wanted = isCone ? options.sparseDirectories : options.sparsePatterns
        _ = try await command.run(["sparse-checkout", "init", isCone ? "--cone" : "--no-cone"])
        _ = try await command.run(["sparse-checkout", "set"] + wanted)
    }

    private func updateSubmodules() async throws {
        let code = try await SubmoduleUpdate(session: session, folder: folder, options: options, pool: pool).run()
        guard code == 0 else { throw CheckoutFailure.submodulesFailed(repository: repository.name, exitCode: code) }
    }

    private func persistCredentials() throws {
        guard let credentials else { return }
        let state = GitFolder(folder)
        let path = "\(folder)/.git/\(GitFolder.credentialsName)"
        work.checkouts.noteCredentials(path)
        let error = state.writeCredentials(credentials)
        if error != 0 { throw CheckoutFailure.credentialsNotWritten(path: path, reason: systemMessage(error)) }
    }
}
