import RoostModel

/// Brings the submodules of a working tree to the commits it names, each through the mirror of its own repository.
struct SubmoduleUpdate: Sendable {
    /// One submodule, as a working tree names it.
    struct Submodule: Hashable, Sendable {
        var name: String
        var path: String
        /// Absolute, as `git submodule init` resolves it.
        var url: String
        var commit: String
    }

    let session: GitSession
    /// Of the working tree.
    let folder: String
    let options: CheckoutOptions
    /// The server's copy of the repository that the submodules belong to.
    let pool: PoolMirror?

    private var command: GitCommand { session.command(in: folder) }

    /// Updates all of them, and theirs when that is asked for.
    ///
    /// - Returns: the exit code of the git that failed, or 0.
    /// - Throws: ``ProcessFailure``, ``StepStopped``.
    func run() async throws -> Int32 {
        let recursion = options.submodules == .recursive ? ["--recursive"] : []
        var code = try await command.run(["submodule", "sync"] + recursion)
        if code == 0 { code = try await command.run(["submodule", "init"]) }
        guard code == 0 else { return code }
        for submodule in try await submodules() {
            code = try await update(submodule)
            guard code == 0 else { return code }
            guard options.submodules == .recursive else { continue }
            let inner = "\(folder)/\(submodule.path)"
            guard FileTree.isFile("\(inner)/.gitmodules") else { continue }
            code =
                try await SubmoduleUpdate(
                    session: session,
                    folder: inner,
                    options: options,
                    pool: pool?.submodule(submodule.path)
                ).run()
            guard code == 0 else { return code }
        }
        return 0
    }

    private func update(_ submodule: Submodule) async throws -> Int32 {
        let depth = options.depth > 0 ? ["--depth=\(options.depth)"] : []
        var command = command
        var reference: [String] = []
        command.settings += session.work.settings.network.gitSettings(for: submodule.url)
        if let mirror = try await mirror(of: submodule) {
            reference = ["--reference", mirror.path]
            command.settings += [("protocol.file.allow", "always"), ("url.\(mirror.path).insteadOf", submodule.url)]
        }
        return try await command.run(["submodule", "update", "--force"] + depth + reference + ["--", submodule.path])
    }

    /// The mirror with the submodule's commit; nil where it is fetched without one.
    private func mirror(of submodule: Submodule) async throws -> RepositoryMirror? {
        let work = session.work
        let isLocal = submodule.url.hasPrefix("/") || submodule.url.hasPrefix("file://")
        guard !isLocal, options.filter == nil, !MirrorKeeper.isOff(work), !submodule.commit.isEmpty else { return nil }
        let mirror = mirror(at: submodule.url)
        let keeper = MirrorKeeper(session: session)
        let own = pool?.submodule(submodule.path)
        var facts = FetchFacts(depth: options.depth)
        try await keeper.look(&facts, mirror, submodule.commit, own)
        switch planFetch(facts).plan {
        case .fromMirror: return mirror
        case .direct: return nil
        case .refresh(let source), .make(let source):
            let found = try await keeper.update(
                mirror,
                ref: "",
                version: submodule.commit,
                pool: source == .pool ? own : nil
            )
            return found == nil ? nil : mirror
        }
    }

    /// The agent's mirror, or for an isolated job one that is its pipeline's own.
    ///
    /// Such a job sees the agent's mirrors of repositories that the server has named. A file of a repository may name any other, whose mirror
    /// must not hold more than the pipeline could fetch.
    private func mirror(at url: String) -> RepositoryMirror {
        let work = session.work
        let known = RepositoryMirror(url: url, in: MirrorKeeper.folder(work))
        guard work.settings.walls?.isStanding == true, !FileTree.isFolder(known.room) else { return known }
        return RepositoryMirror(url: url, in: "\(work.folders.build)/.mirrors")
    }

    // MARK: What the working tree names

    private func submodules() async throws -> [Submodule] {
        let urls = Self.values(
            try await command.capture(["config", "--null", "--get-regexp", #"^submodule\..*\.url$"#]).text
        )
        let paths = Self.values(
            try await command.capture([
                "config", "--null", "--file", ".gitmodules", "--get-regexp", #"^submodule\..*\.path$"#,
            ])
            .text
        )
        let commits = Self.commits(
            try await command.capture(["ls-files", "--stage", "-z", "--"] + paths.values.sorted()).text
        )
        return paths.sorted { $0.value < $1.value }.compactMap { name, path in
            urls[name].map { Submodule(name: name, path: path, url: $0, commit: commits[path] ?? "") }
        }
    }

    /// Values by the middle part of their keys, of what `git config --null --get-regexp` prints.
    static func values(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for entry in text.split(separator: "\0") {
            guard let end = entry.firstIndex(of: "\n"), let first = entry.firstIndex(of: "."),
                let last = entry[..<end].lastIndex(of: "."), first < last
            else { continue }
            values[String(entry[entry.index(after: first)..<last])] = String(entry[entry.index(after: end)...])
        }
        return values
    }

    /// Commits of submodules by path, of what `git ls-files --stage -z` prints.
    static func commits(_ text: String) -> [String: String] {
        var commits: [String: String] = [:]
        for entry in text.split(separator: "\0") where entry.hasPrefix("160000 ") {
            guard let tab = entry.firstIndex(of: "\t") else { continue }
            let words = entry[..<tab].split(separator: " ")
            if words.count > 1 { commits[String(entry[entry.index(after: tab)...])] = String(words[1]) }
        }
        return commits
    }
}
