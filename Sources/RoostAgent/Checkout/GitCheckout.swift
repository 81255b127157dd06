import RoostModel

/// One checkout of one repository.
struct GitCheckout: Sendable {
    let repository: JobRepository
    let options: CheckoutOptions
    let folder: String
    let git: String
    let work: StepWork

    private var credentials: GitCredentials? { GitCredentials(repository, endpoints: work.order.endpoints) }

    /// The address without credentials in it; those are hidden by the masker.
    private var url: String { repository.url }

    /// A folder of this machine, for which nothing travels over a network.
    private var isLocal: Bool { url.hasPrefix("file://") || url.hasPrefix("/") }

    /// Brings the folder to the commit.
    ///
    /// - Throws: ``CheckoutFailure``, ``ProcessFailure``, ``StepStopped``.
    func run() async throws {
        if let credentials { work.masker.add(credentials.secret, name: "credentials of '\(repository.name)'") }
        var times = CheckoutTimes()
        let isReused = try await times.measure(\.prepare) { try await prepare() }
        let isHere = isReused ? try await isHere() : false
        let mirror = isHere ? nil : try await times.measure(\.mirror) { try await freshMirror() }
        let commit = isHere ? repository.version : try await times.measure(\.fetch) { try await fetch(from: mirror) }
        try await times.measure(\.checkout) { try await checkOut(commit) }
        if options.submodules != .none {
            try await times.measure(\.submodules) { try await updateSubmodules() }
        }
        if options.persistCredentials { try persistCredentials() }
        work.output.writeLine("Checkout of '\(repository.name)' took \(times).")
    }

    /// Settings that every call of git gets.
    private var settings: [(key: String, value: String)] {
        var settings = [
            // The folder may belong to another user, as in a container or after a change of the agent's user.
            (key: "safe.directory", value: "*"), (key: "gc.auto", value: "0"),
            (key: "advice.detachedHead", value: "false"),
        ]
        if isLocal { settings.append((key: "protocol.file.allow", value: "always")) }
        if let credentials {
            settings.append((key: "http.\(credentials.scope).extraheader", value: credentials.header))
        }
        return settings
    }

    private var command: GitCommand {
        GitCommand(executable: git, work: work, folder: folder, settings: settings)
    }

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

    private func initialize() async throws {
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

    // MARK: Fetching

    /// The folder is shallow and all of the history is wanted.
    private var mustDeepen: Bool { options.depth == 0 && FileTree.exists("\(folder)/.git/shallow") }

    /// Whether the folder has the commit already, with all that is wanted of its history.
    private func isHere() async throws -> Bool {
        guard !mustDeepen, !repository.version.isEmpty, try await hasCommit(repository.version) else { return false }
        work.output.writeLine("The commit \(repository.version) is here already; nothing is fetched.")
        return true
    }

    /// The mirror with what the run needs; nil where the repository is better fetched without one.
    ///
    /// A first shallow fetch is small, and the whole repository may be large: only who wants all of it makes the mirror.
    private func freshMirror() async throws -> RepositoryMirror? {
        guard !isLocal, options.filter == nil, !MirrorKeeper.isOff(work) else { return nil }
        let target = FetchTarget(repository)
        let mirror = RepositoryMirror(url: url, in: MirrorKeeper.folder(work))
        guard !target.isDefaultBranch, mirror.exists || options.depth == 0 else { return nil }
        let keeper = MirrorKeeper(git: git, work: work, settings: settings)
        let isFresh = try await keeper.update(mirror, ref: target.ref, version: repository.version)
        return isFresh ? mirror : nil
    }

    /// Takes what is wanted from a mirror without copying objects; false when that failed and the folder was made anew.
    private func take(from mirror: RepositoryMirror, _ target: FetchTarget) async throws -> Bool {
        let refspecs = target.refspecs(depth: options.depth, byRef: false)
        if mirror.lend(to: folder) == 0 {
            var command = command
            command.settings.append((key: "protocol.file.allow", value: "always"))
            if try await command.run(arguments(refspecs, unshallow: mustDeepen, source: mirror.path)) == 0 {
                return true
            }
        }
        work.output.writeLine(
            "##[warning]The mirror '\(mirror.path)' is of no use; it is deleted, and the repository is fetched without it."
        )
        FileTree.delete(mirror.path)
        try await initialize()
        return false
    }

    /// Gets the commit and gives what to check out.
    private func fetch(from mirror: RepositoryMirror?) async throws -> String {
        let target = FetchTarget(repository)
        if let mirror, try await take(from: mirror, target) {
            if options.lfs { try await fetchLargeFiles(target.checkedOut) }
            return target.checkedOut
        }
        let fetched = try await fetch(target, unshallow: mustDeepen)
        guard fetched == 0 else {
            throw CheckoutFailure.fetchFailed(
                url: GitCredentials.withoutUser(url),
                tries: Self.tries,
                exitCode: fetched
            )
        }
        if options.lfs { try await fetchLargeFiles(target.checkedOut) }
        return target.checkedOut
    }

    private func hasCommit(_ version: String) async throws -> Bool {
        try await command.capture(["cat-file", "-e", "\(version)^{commit}"]).exitCode == 0
    }

    static let tries = 3

    /// Fetches, again after a pause when it fails; gives the last exit code.
    private func fetch(_ target: FetchTarget, unshallow: Bool) async throws -> Int32 {
        var code: Int32 = 0
        for attempt in 1...Self.tries {
            // A server may refuse to give a commit by its name; its ref then leads to it.
            let refspecs = target.refspecs(depth: options.depth, byRef: attempt > 1)
            code = try await command.run(arguments(refspecs, unshallow: unshallow))
            if code == 0 { return 0 }
            guard attempt < Self.tries else { break }
            let pause = isLocal ? Duration.milliseconds(200) : .seconds(attempt * attempt * 2)
            work.output.writeLine("##[warning]git fetch failed with exit code \(code); it is tried again.")
            await work.stop.wait(pause, ContinuousClock())
            if work.stop.reason != nil { throw StepStopped() }
        }
        return code
    }

    private func arguments(_ refspecs: [String], unshallow: Bool, source: String = "origin") -> [String] {
        let isLocal = isLocal || source != "origin"
        var arguments = [
            "fetch", "--force", options.tags ? "--tags" : "--no-tags", "--prune", "--no-recurse-submodules",
        ]
        if !isLocal { arguments.append("--progress") }
        // The serving side is a process of its own on this machine, which does not see the settings in the environment.
        if isLocal {
            arguments.append("--upload-pack=git -c safe.directory=* -c uploadpack.allowAnySHA1InWant=true upload-pack")
        }
        if options.depth > 0 {
            arguments.append("--depth=\(options.depth)")
        } else if unshallow {
            arguments.append("--unshallow")
        }
        if let filter = options.filter { arguments.append("--filter=\(filter)") }
        return arguments + [source] + refspecs
    }

    private func fetchLargeFiles(_ target: String) async throws {
        guard ExecutableSearch.find("git-lfs", path: work.environment["PATH"]) != nil else {
            throw CheckoutFailure.largeFilesFailed(repository: repository.name, exitCode: 127)
        }
        let installed = try await command.run(["lfs", "install", "--local"])
        guard installed == 0 else {
            throw CheckoutFailure.largeFilesFailed(repository: repository.name, exitCode: installed)
        }
        // The checkout fetches what is missing one by one; this is only the faster way.
        if try await command.run(["lfs", "fetch", "origin", target]) != 0 {
            work.output.writeLine("##[warning]git lfs fetch failed; files are fetched one by one.")
        }
    }

    // MARK: Checking out

    private func checkOut(_ commit: String) async throws {
        if options.isSparse { try await makeSparse() }
        if repository.version.isEmpty,
            try await command.capture(["rev-parse", "--verify", "--quiet", "\(commit)^{commit}"]).exitCode != 0
        {
            throw CheckoutFailure.refMissing(repository: repository.name, ref: repository.ref)
        }
        let code = try await command.run(["checkout", "--force", "--detach", commit])
        guard code == 0 else {
            throw CheckoutFailure.versionMissing(repository: repository.name, version: commit, exitCode: code)
        }
    }

    private func makeSparse() async throws {
        let isCone = options.sparsePatterns.isEmpty
        let wanted = isCone ? options.sparseDirectories : options.sparsePatterns
        _ = try await command.run(["sparse-checkout", "init", isCone ? "--cone" : "--no-cone"])
        _ = try await command.run(["sparse-checkout", "set"] + wanted)
    }

    private func updateSubmodules() async throws {
        let code = try await SubmoduleUpdate(command: command, options: options).run()
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
