import RoostModel

extension GitCheckout {
    /// The folder is shallow and all of the history is wanted.
    private var mustDeepen: Bool { options.depth == 0 && FileTree.exists("\(folder)/.git/shallow") }

    /// The commit, when the folder has it already with all that is wanted of its history.
    func hereAlready() async throws -> Fetched? {
        guard !mustDeepen, !repository.version.isEmpty,
            try await command.capture(["cat-file", "-e", "\(repository.version)^{commit}"]).exitCode == 0
        else { return nil }
        return Fetched(
            commit: repository.version,
            source: "folder",
            reason: "the commit is there already, nothing is fetched"
        )
    }

    /// Gets the commit in the way that costs least.
    func fetch() async throws -> Fetched {
        let target = FetchTarget(repository)
        let mirror = RepositoryMirror(url: url, in: MirrorKeeper.folder(work))
        let keeper = MirrorKeeper(session: session)
        let facts = try await facts(target, mirror, keeper)
        let decision = planFetch(facts)
        var source = try await bring(decision.plan, target, mirror, keeper)
        if source == nil {
            try await fetchOrThrow(target, from: nil)
            source = "origin"
        }
        if options.lfs { try await fetchLargeFiles(target.checkedOut) }
        keepRates(facts.rates, source)
        return Fetched(commit: target.checkedOut, source: source ?? "origin", reason: decision.reason)
    }

    private func facts(
        _ target: FetchTarget,
        _ mirror: RepositoryMirror,
        _ keeper: MirrorKeeper
    ) async throws -> FetchFacts {
        var facts = FetchFacts(depth: options.depth, filter: options.filter)
        facts.namesCommit = !target.isDefaultBranch
        facts.isLocal = isLocal && (pool == nil || FileTree.isFolder(localFolder))
        facts.isOff = MirrorKeeper.isOff(work)
        guard facts.namesCommit, !facts.isLocal, !facts.isOff else { return facts }
        try await keeper.look(&facts, mirror, repository.version, pool)
        return facts
    }

    /// The path of an address that is a folder.
    private var localFolder: String { url.hasPrefix("file://") ? String(url.dropFirst(7)) : url }

    /// Carries a plan out; gives where the commits came from, nil when the repository's own address must be asked.
    private func bring(
        _ plan: FetchPlan,
        _ target: FetchTarget,
        _ mirror: RepositoryMirror,
        _ keeper: MirrorKeeper
    ) async throws -> String? {
        var source = "mirror"
        switch plan {
        case .direct(.origin): return nil
        case .direct(.pool):
            guard let pool, try await fetch(target, from: pool) == 0 else { return nil }
            return FetchPlan.Source.pool.rawValue
        case .fromMirror: break
        case .refresh(let wanted), .make(let wanted):
            let own = wanted == .pool ? pool : nil
            let found = try await keeper.update(mirror, ref: target.ref, version: repository.version, pool: own)
            guard let found else { return nil }
            source = found.rawValue
        }
        return try await take(from: mirror, target) ? source : nil
    }

    /// Takes what is wanted from a mirror without copying objects; false when that failed and the folder was made anew.
    private func take(from mirror: RepositoryMirror, _ target: FetchTarget) async throws -> Bool {
        let refspecs = target.refspecs(depth: options.depth, byRef: false)
        if mirror.lend(to: folder) == 0 {
            let words = arguments(refspecs, unshallow: mustDeepen, source: mirror.path, filter: nil)
            let local = session.command(in: folder, with: [("protocol.file.allow", "always")])
            if try await session.clock.measure(.fetch, { try await local.run(words) }) == 0 { return true }
        }
        work.output.writeLine(
            "##[warning]The mirror '\(mirror.path)' is of no use; it is deleted, and the repository is fetched without it."
        )
        FileTree.delete(mirror.path)
        try await initialize()
        return false
    }

    private func keepRates(_ rates: FetchRates, _ source: String?) {
        guard let source = source.flatMap(FetchPlan.Source.init) else { return }
        let times = session.times()
        var rates = rates
        rates.note(source, bytes: times.bytes, in: times.transfer)
        rates.keep(in: MirrorKeeper.folder(work))
    }

    // MARK: From an address

    static let tries = 3

    private func fetchOrThrow(_ target: FetchTarget, from pool: PoolMirror?) async throws {
        let code = try await fetch(target, from: pool)
        guard code != 0 else { return }
        throw CheckoutFailure.fetchFailed(
            url: GitCredentials.withoutUser(url),
            tries: Self.tries,
            exitCode: code
        )
    }

    /// Fetches, again after a pause when it fails, from the pool only once; gives the last exit code.
    private func fetch(_ target: FetchTarget, from pool: PoolMirror?) async throws -> Int32 {
        var code: Int32 = 0
        let command = session.command(in: folder, with: pool?.host.gitSettings ?? [])
        for attempt in 1...Self.tries {
            // A server may refuse to give a commit by its name; its ref then leads to it.
            let refspecs = target.refspecs(depth: options.depth, byRef: attempt > 1)
            let words = arguments(
                refspecs,
                unshallow: mustDeepen,
                source: pool?.url ?? "origin",
                filter: options.filter
            )
            code = try await session.clock.measure(.fetch) { try await command.run(words) }
            if code == 0 || pool != nil { return code }
            guard attempt < Self.tries else { break }
            let pause = isLocal ? Duration.milliseconds(200) : .seconds(attempt * attempt * 2)
            work.output.writeLine("##[warning]git fetch failed with exit code \(code); it is tried again.")
            await work.stop.wait(pause, ContinuousClock())
            if work.stop.reason != nil { throw StepStopped() }
        }
        return code
    }

    private func arguments(_ refspecs: [String], unshallow: Bool, source: String, filter: String?) -> [String] {
        let isLocal = source == "origin" ? isLocal : source.hasPrefix("/")
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
        if let filter { arguments.append("--filter=\(filter)") }
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
}
