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
}

/// Reads the repositories of pipelines: local ones in place, others through a mirror that is fetched when a run is queued.
actor RepositoryService {
    private let mirrorFolder: String
    private var readers: [String: GitObjectReader] = [:]
    /// Fetches under way, by URL: those who come meanwhile wait for a fetch that begins after they came.
    private var fetching: [String: Task<Void, any Error>] = [:]

    init(dataFolder: String) {
        mirrorFolder = "\(dataFolder)/mirrors"
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
    ) async throws(ControlError)
        -> ResolvedCommit
    {
        let reader = try await reader(for: repository.url, wanting: version)
        let wanted = branch ?? repository.defaultBranch
        let names = wanted.hasPrefix("refs/") ? [wanted] : ["refs/heads/\(wanted)", "refs/tags/\(wanted)"]
        var found: (ref: String, object: GitObjectReader.Object)?
        for name in names where found == nil {
            found = try await object(version ?? name, reader, repository.url).map { (name, $0) }
        }
        guard case (let ref, var object)? = found else {
            throw .repositoryUnavailable(
                url: repository.url,
                reason: "it has no \(version.map { "commit \($0)" } ?? "branch or tag '\(wanted)'")"
            )
        }
        if object.kind == "tag", let target = try await self.object("\(object.id)^{commit}", reader, repository.url) {
            object = target
        }
        guard object.kind == "commit" else {
            throw .repositoryUnavailable(
                url: repository.url,
                reason: "'\(version ?? ref)' is a \(object.kind), not a commit"
            )
        }
        return Self.commit(ref, object)
    }

    /// The files of a repository at a commit that ``resolve(_:branch:version:)`` found.
    func files(of repository: PipelineRepository, at commit: String) async throws(ControlError) -> RepositoryFiles {
        RepositoryFiles(reader: try await reader(for: repository.url, wanting: commit), commit: commit)
    }

    /// The folder of a repository that is read in place; nil for one that must be fetched.
    static func localFolder(_ url: String) -> String? {
        if url.hasPrefix("/") { return url }
        if url.hasPrefix("file://") { return URL(string: url)?.path }
        return nil
    }

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

    private func reader(for url: String, wanting commit: String?) async throws(ControlError) -> GitObjectReader {
        if let folder = Self.localFolder(url) {
            guard FileManager.default.fileExists(atPath: folder) else {
                throw .repositoryUnavailable(url: url, reason: "there is no such folder")
            }
            return cachedReader(folder)
        }
        let folder = mirror(url)
        if let commit, readers[folder] != nil, (try? await cachedReader(folder).object(commit)) != nil {
            return cachedReader(folder)
        }
        try await fetch(url, into: folder)
        return cachedReader(folder)
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

    private func fetch(_ url: String, into folder: String) async throws(ControlError) {
        let previous = fetching[url]
        let task = Task {
            _ = try? await previous?.value
            try await Self.fetch(url, into: folder)
        }
        fetching[url] = task
        defer { if fetching[url] == task { fetching[url] = nil } }
        do { try await task.value } catch let error as ControlError {
            throw error
        } catch {
            throw .repositoryUnavailable(url: url, reason: "git cannot be started (\(error))")
        }
    }

    private static func fetch(_ url: String, into folder: String) async throws {
        if !FileManager.default.fileExists(atPath: "\(folder)/HEAD") {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = try await GitProcess.run(["init", "--quiet", "--bare", folder])
        }
        let outcome = try await GitProcess.run([
            "-C", folder, "fetch", "--quiet", "--prune", "--force", url, "+refs/heads/*:refs/heads/*",
            "+refs/tags/*:refs/tags/*",
        ])
        guard outcome.status == 0 else {
            let reason =
                outcome.errors.split(separator: "\n").last.map(String.init) ?? "git ended with \(outcome.status)"
            throw ControlError.repositoryUnavailable(url: url, reason: reason)
        }
    }

    private static func commit(_ ref: String, _ object: GitObjectReader.Object) -> ResolvedCommit {
        let text = String(decoding: object.content, as: UTF8.self)
        let head = text.prefix(upTo: text.range(of: "\n\n")?.lowerBound ?? text.endIndex)
        let author =
            head.split(separator: "\n").first { $0.hasPrefix("author ") }
            .map { $0.dropFirst(7).prefix { $0 != "<" }.trimmingCharacters(in: .whitespaces) } ?? ""
        let message = text[head.endIndex...].drop { $0 == "\n" }.prefix { $0 != "\n" }.prefix(200)
        return ResolvedCommit(ref: ref, id: object.id, author: author, message: String(message))
    }
}
