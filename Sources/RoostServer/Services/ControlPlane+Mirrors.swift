import RoostModel
import RoostWire

extension ControlPlane {
    /// A repository of a run, or a submodule of one.
    struct MirrorPart: Hashable, Sendable {
        var alias: String
        /// Paths of submodules, each in the one before it; none is the repository itself.
        var submodules: [String]
    }

    /// Deeper nesting is refused.
    private static let submoduleDepth = 16

    /// The folder with the server's copy of a repository that a run checks out, brought to where it has what the run needs.
    ///
    /// Which repositories these are follows from the run and its commits alone: whoever asks cannot name others.
    ///
    /// - Returns: the folder, and the address it is a copy of.
    /// - Throws: ``ControlError/forbidden(what:needs:)``, ``ControlError/repositoryUnavailable(url:reason:)``.
    func mirror(_ part: MirrorPart, of run: Run) async throws(ControlError) -> (folder: String, url: String) {
        guard settings.mirrorService else {
            throw .forbidden(what: "fetch from the server's mirrors", needs: "the server's setting 'mirror-service'")
        }
        var (url, commit) = try repository(part.alias, of: run)
        if !part.submodules.isEmpty { try allowSubmodules(part, of: run) }
        for path in part.submodules {
            let submodule = try await repositories.submodule(path, of: url, at: commit)
            // A file of a repository must not lead to folders of the server.
            guard RepositoryService.localFolder(submodule.url) == nil else {
                throw .forbidden(what: "fetch the submodule '\(path)'", needs: "an address that is no folder")
            }
            (url, commit) = (submodule.url, submodule.commit)
        }
        return (try await repositories.folder(of: url, having: commit), url)
    }

    private func repository(_ alias: String, of run: Run) throws(ControlError) -> (url: String, commit: String) {
        if alias.lowercased() == "self" { return (run.repository.url, run.sourceVersion) }
        guard let other = run.sources.repositories.first(where: { $0.alias.lowercased() == alias.lowercased() }) else {
            throw .repositoryUnavailable(url: alias, reason: "run \(run.number) has no repository of this name")
        }
        return (other.url, other.version)
    }

    private func allowSubmodules(_ part: MirrorPart, of run: Run) throws(ControlError) {
        guard settings.mirrorSubmodules else {
            throw .forbidden(
                what: "fetch submodules from the server",
                needs: "the server's setting 'mirror-submodules'"
            )
        }
        // Whoever wrote the commit of a fork would read with the server's rights what they may not read themselves.
        guard run.cause.pullRequest?.isFork != true else {
            throw .forbidden(what: "fetch submodules of a fork from the server", needs: "a run that builds no fork")
        }
        guard part.submodules.count <= Self.submoduleDepth else {
            throw .forbidden(what: "fetch submodules nested deeper than \(Self.submoduleDepth)", needs: "less nesting")
        }
    }

    /// Packs and names of a copy.
    func mirrorContent(_ part: MirrorPart, of run: Run) async throws(ControlError) -> MirrorContentWire {
        let (folder, url) = try await mirror(part, of: run)
        return try await repositories.content(of: url, in: folder)
    }
}
