import Foundation
import RoostModel

extension RepositoryService {
    /// A ref of a repository and the commit it stands at.
    typealias Refs = [String: String]

    /// The branches and tags of a repository as they are now, without fetching anything; annotated tags are peeled.
    ///
    /// - Throws: ``ControlError/repositoryUnavailable(url:reason:)``.
    func remoteRefs(_ url: String) async throws(ControlError) -> Refs {
        let place = Self.localFolder(url) ?? url
        let outcome = try await git(url, ["ls-remote", "--heads", "--tags", "--", place])
        var refs: Refs = [:]
        for line in String(decoding: outcome.output, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 2 else { continue }
            let name = parts[1].hasSuffix("^{}") ? String(parts[1].dropLast(3)) : String(parts[1])
            refs[name] = String(parts[0])
        }
        return refs
    }

    /// The ref that a repository calls its own: where its `HEAD` leads.
    func headRef(_ url: String) async throws(ControlError) -> String {
        let place = Self.localFolder(url) ?? url
        let outcome = try await git(url, ["ls-remote", "--symref", "--", place, "HEAD"])
        for line in String(decoding: outcome.output, as: UTF8.self).split(separator: "\n") {
            guard line.hasPrefix("ref: "), let name = line.dropFirst(5).split(separator: "\t").first else { continue }
            return String(name)
        }
        throw .repositoryUnavailable(url: url, reason: "it has no default branch; name one with 'ref'")
    }

    /// Paths that differ between two commits, both sides of a rename; nil when the first is not known here.
    func changedPaths(_ url: String, from old: String, to new: String) async throws(ControlError) -> [String]? {
        try await paths(url, ["\(old)", "\(new)"])
    }

    /// Paths that a merge request changes: what differs between where it left the target branch and its newest commit.
    func pathsOfMerge(_ url: String, target: String, head: String) async throws(ControlError) -> [String]? {
        try await paths(url, ["\(target)...\(head)"])
    }

    private func paths(_ url: String, _ range: [String]) async throws(ControlError) -> [String]? {
        let words = ["-C", folder(of: url), "diff", "--name-only", "--no-renames", "-z"] + range + ["--"]
        let outcome: GitProcess.Outcome
        do { outcome = try await GitProcess.run(words, timeout: fetchTimeout) } catch {
            throw .repositoryUnavailable(url: url, reason: "git cannot be started (\(error))")
        }
        // The usual failure is a commit that a forced push took away.
        guard outcome.status == 0 else { return nil }
        return outcome.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a commit is the other or one of those before it; false when either is not known here.
    func isAncestor(_ url: String, _ old: String, of new: String) async -> Bool {
        if old == new { return true }
        let words = ["-C", folder(of: url), "merge-base", "--is-ancestor", old, new]
        return (try? await GitProcess.run(words, timeout: fetchTimeout))?.status == 0
    }

    private func git(_ url: String, _ words: [String]) async throws(ControlError) -> GitProcess.Outcome {
        if let folder = Self.localFolder(url), !FileManager.default.fileExists(atPath: folder) {
            throw .repositoryUnavailable(url: url, reason: "there is no such folder")
        }
        let outcome: GitProcess.Outcome
        do { outcome = try await GitProcess.run(words, timeout: fetchTimeout) } catch {
            throw .repositoryUnavailable(url: url, reason: "git cannot be started (\(error))")
        }
        guard outcome.status == 0 else {
            throw .repositoryUnavailable(url: url, reason: outcome.reason(fetchTimeout))
        }
        return outcome
    }
}
