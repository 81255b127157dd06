import Crypto
import Foundation
import RoostModel

/// A commit and what runs say of it.
struct ResolvedCommit: Sendable, Hashable {
    /// A full ref.
    var ref: String
    var id: String
    var author: String
    /// The first line, at most 200 characters, as `Build.SourceVersionMessage` has it.
    var message: String
    /// All of it, for marks such as `[skip ci]`.
    var wholeMessage: String = ""
    /// Commits it follows; two and more for a merge.
    var parents: [String] = []
}

/// Reads the repositories of pipelines: local ones in place, others through a mirror that is fetched when it must be.
actor RepositoryService {
    private let mirrorFolder: String
    /// A fetch that takes longer is ended.
    let fetchTimeout: Duration
    private var readers: [String: GitObjectReader] = [:]
    /// What commits say of their submodules, which never changes; all is forgotten when it becomes too much.
    private var submodules: [SubmodulePlace: SubmoduleCommit] = [:]
    private static let submoduleLimit = 10_000
    /// Fetches under way, by URL.
    private var runningFetches: [String: Task<Void, any Error>] = [:]
    /// Fetches that have not begun: whoever comes now shares the next.
    private var nextFetches: [String: Task<Void, any Error>] = [:]

    init(dataFolder: String, fetchTimeout: Duration = .seconds(300)) {
        mirrorFolder = "\(dataFolder)/mirrors"
        self.fetchTimeout = fetchTimeout
    }

    /// Finds the commit a run is about.
    ///
    /// - Parameters:
    ///   - repository: where to look.
    ///   - branch: a full ref, a branch name, a tag name; nil is the default branch.
    ///   - version: a commit that wins over the branch's newest.
    /// - Returns: the commit.
    /// - Throws: ``ControlError/repositoryUnavailable(url:reason:)``.
    func resolve(
        _ repository: PipelineRepository,
        branch: String?,
        version: String?
    ) async throws(ControlError) -> ResolvedCommit {
        try await resolve(url: repository.url, ref: branch ?? repository.defaultBranch, version: version)
    }

    /// Finds a commit.
    ///
    /// - Parameters:
    ///   - url: of the repository.
    ///   - ref: a full ref, a branch name, a tag name, or a whole commit id.
    ///   - version: a commit that wins over the ref's newest.
    /// - Returns: the commit.
    /// - Throws: ``ControlError/repositoryUnavailable(url:reason:)``.
    func resolve(url: String, ref: String, version: String?) async throws(ControlError) -> ResolvedCommit {
        let version = version ?? (Self.isCommitID(ref) ? ref : nil)
        let reader = try await reader(for: url, wanting: version, ref: ref)
        let names =
            ref.hasPrefix("refs/") || version != nil ? [ref] : ["refs/heads/\(ref)", "refs/tags/\(ref)"]
        var found: (ref: String, object: GitObjectReader.Object)?
        for name in names where found == nil {
            found = try await object(version ?? name, reader, url).map { (name, $0) }
        }
        guard case (let name, var object)? = found else {
            throw .repositoryUnavailable(
                url: url,
                reason: "it has no \(version.map { "commit \($0)" } ?? "branch or tag '\(ref)'")"
            )
        }
        if object.kind == "tag", let target = try await self.object("\(object.id)^{commit}", reader, url) {
            object = target
        }
        guard object.kind == "commit" else {
            throw .repositoryUnavailable(url: url, reason: "'\(version ?? name)' is a \(object.kind), not a commit")
        }
        return Self.commit(name, object)
    }

    /// The files of a repository at a commit that was resolved.
    func files(of url: String, at commit: String) async throws(ControlError) -> RepositoryFiles {
        RepositoryFiles(reader: try await reader(for: url, wanting: commit, ref: ""), commit: commit)
    }

    /// The folder git works in for a repository, as it is now.
    func folder(of url: String) -> String { Self.localFolder(url) ?? mirror(url) }

    /// The folder of a repository that is read in place; nil for one that must be fetched.
    static func localFolder(_ url: String) -> String? {
        if url.hasPrefix("/") { return url }
        if url.hasPrefix("file://") { return URL(string: url)?.path }
        return nil
    }

    static func isCommitID(_ text: String) -> Bool { text.utf8.count == 40 && text.allSatisfy(\.isHexDigit) }

    private func object(
        _ name: String,
        _ reader: GitObjectReader,
        _ url: String
    ) async throws(ControlError)
        -> GitObjectReader.Object?
    {
        do { return try await reader.object(name) } catch {
            throw .repositoryUnavailable(url: url, reason: "git cannot read '\(name)' there")
        }
    }

    /// A reader of a repository that has been brought up to date, unless the commit that is wanted is there already.
    func reader(
        for url: String,
        wanting commit: String?,
        ref: String
    ) async throws(ControlError) -> GitObjectReader {
        if let folder = Self.localFolder(url) {
            guard FileManager.default.fileExists(atPath: folder) else {
                throw .repositoryUnavailable(url: url, reason: "there is no such folder")
            }
            return cachedReader(folder)
        }
        let folder = mirror(url)
        if let commit, FileManager.default.fileExists(atPath: "\(folder)/HEAD"),
            (try? await cachedReader(folder).object(commit)) != nil
        {
            return cachedReader(folder)
        }
        try await fetch(url)
        let reader = cachedReader(folder)
        // What the branches and tags do not lead to is asked for by its name.
        if let commit {
            if (try? await reader.object(commit)) == nil {
                try? await fetch(url, only: ref.hasPrefix("refs/") ? "+\(ref):\(ref)" : commit)
                if (try? await reader.object(commit)) == nil { try? await fetch(url, only: commit) }
            }
        } else if ref.hasPrefix("refs/"), !ref.hasPrefix("refs/heads/"), !ref.hasPrefix("refs/tags/") {
            try await fetch(url, only: "+\(ref):\(ref)")
        }
        return reader
    }

    /// A submodule that was looked up before.
    func knownSubmodule(_ place: SubmodulePlace) -> SubmoduleCommit? { submodules[place] }

    func remember(_ submodule: SubmoduleCommit, at place: SubmodulePlace) {
        if submodules.count >= Self.submoduleLimit { submodules = [:] }
        submodules[place] = submodule
    }

    private func cachedReader(_ folder: String) -> GitObjectReader {
        if let reader = readers[folder] { return reader }
        let reader = GitObjectReader(folder: folder)
        readers[folder] = reader
        return reader
    }

    private func mirror(_ url: String) -> String {
        let digest = SHA256.hash(data: Data(url.utf8)).prefix(16).map { String($0, radix: 16) }.joined()
        return "\(mirrorFolder)/\(digest).git"
    }

    // MARK: Fetching

    /// Brings a mirror up to date; nothing for a repository that is read in place.
    func fetch(_ url: String) async throws(ControlError) {
        guard Self.localFolder(url) == nil else { return }
        do { try await sharedFetch(url).value } catch let error as ControlError {
            throw error
        } catch {
            throw .repositoryUnavailable(url: url, reason: "git cannot be started (\(error))")
        }
    }

    /// Brings one ref or commit into the mirror.
    private func fetch(_ url: String, only refspec: String) async throws(ControlError) {
        do {
            try await Self.fetch(url, into: mirror(url), ["--no-write-fetch-head", url, refspec], fetchTimeout)
        } catch let error as ControlError {
            throw error
        } catch {
            throw .repositoryUnavailable(url: url, reason: "git cannot be started (\(error))")
        }
    }

    /// The fetch that begins after this call; those who come before it begins share it.
    private func sharedFetch(_ url: String) -> Task<Void, any Error> {
        if let next = nextFetches[url] { return next }
        let running = runningFetches[url]
        let task = Task {
            _ = await running?.result
            runningFetches[url] = nextFetches.removeValue(forKey: url)
            defer { runningFetches[url] = nil }
            let refspecs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
            try await Self.fetch(url, into: mirror(url), ["--prune", url] + refspecs, fetchTimeout)
        }
        nextFetches[url] = task
        return task
    }

    private static func fetch(_ url: String, into folder: String, _ words: [String], _ timeout: Duration) async throws {
        if !FileManager.default.fileExists(atPath: "\(folder)/HEAD") {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = try await GitProcess.run(["init", "--quiet", "--bare", folder])
        }
        // As packs: a machine without the repository takes them as they are.
        let command = ["-C", folder, "-c", "fetch.unpackLimit=1", "fetch", "--quiet", "--force"]
        let outcome = try await GitProcess.run(command + words, timeout: timeout)
        guard outcome.status == 0 else {
            throw ControlError.repositoryUnavailable(url: url, reason: outcome.reason(timeout))
        }
    }

    private static func commit(_ ref: String, _ object: GitObjectReader.Object) -> ResolvedCommit {
        let text = String(decoding: object.content, as: UTF8.self)
        let head = text.prefix(upTo: text.range(of: "\n\n")?.lowerBound ?? text.endIndex)
        let author =
            head.split(separator: "\n").first { $0.hasPrefix("author ") }
            .map { $0.dropFirst(7).prefix { $0 != "<" }.trimmingCharacters(in: .whitespaces) } ?? ""
        let whole = text[head.endIndex...].drop { $0 == "\n" }
        let message = whole.prefix { $0 != "\n" }.prefix(200)
        return ResolvedCommit(
            ref: ref,
            id: object.id,
            author: author,
            message: String(message),
            wholeMessage: String(whole),
            parents: head.split(separator: "\n").filter { $0.hasPrefix("parent ") }.map { String($0.dropFirst(7)) }
        )
    }
}

extension GitProcess.Outcome {
    /// Why it failed, as the end of a sentence.
    func reason(_ timeout: Duration) -> String {
        if timedOut { return "git did not end within \(timeout.components.seconds) seconds" }
        let lines = errors.split(separator: "\n").map(String.init)
        // What follows the reason is advice for somebody at a terminal.
        return lines.first { $0.hasPrefix("fatal: ") } ?? lines.last ?? "git ended with \(status)"
    }
}
