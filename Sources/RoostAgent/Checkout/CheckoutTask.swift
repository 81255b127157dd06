import FoundationEssentials
import RoostModel

/// `checkout`: brings a repository to the commit of the run.
///
/// A folder from an earlier job is used again: when it has the commit already nothing is fetched at all.
struct CheckoutTask: TaskHandler {
    let title = "Get sources"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let alias = work.input("repository") ?? "self"
        if alias.lowercased() == "none" { return .succeeded }
        guard let repository = work.order.repositories.first(where: { $0.alias.lowercased() == alias.lowercased() })
        else {
            throw CheckoutFailure.repositoryUnknown(alias: alias, known: work.order.repositories.map(\.alias))
        }
        if let tree = work.settings.sourcesInPlace[repository.alias.lowercased()] {
            try use(tree, repository, work)
            return .succeeded
        }
        let types: Set<String> = ["git", "tfsgit", "github", "githubenterprise", "bitbucket"]
        guard types.contains(repository.type.lowercased()) else {
            throw CheckoutFailure.typeNotSupported(repository: repository.name, type: repository.type)
        }
        guard !repository.url.isEmpty else { throw CheckoutFailure.addressMissing(repository: repository.name) }
        let folder = try folder(of: repository, work)
        try keepInside(folder, repository, work)
        let checkout = GitCheckout(
            repository: repository,
            options: try CheckoutOptions(work),
            folder: folder,
            git: try ExecutableSearch.require("git", path: work.environment["PATH"]),
            work: work
        )
        try await checkout.run()
        publish(repository, folder, work)
        return .succeeded
    }

    // MARK: Folders that are used as they are

    /// Lets a working tree stand where the repository would be checked out.
    private func use(_ tree: String, _ repository: JobRepository, _ work: StepWork) throws {
        work.output.writeLine("The folder '\(tree)' is used as it is.")
        guard work.checkouts.isMultiple || work.input("path") != nil else {
            publish(repository, tree, work)
            return
        }
        let folder = try folder(of: repository, work)
        let parent = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "/"
        try keepInside(parent, repository, work)
        // A job before it may have left the same link.
        guard FileTree.resolved(folder) != FileTree.resolved(tree) else { return publish(repository, folder, work) }
        guard !FileTree.exists(folder) else { throw CheckoutFailure.folderTaken(repository: repository.name, folder) }
        var error = FileTree.make(parent)
        if error == 0 { error = FileTree.link(folder, to: tree) }
        if error != 0 { throw WorkspaceFailure.notWritable(path: folder, error: error) }
        publish(repository, folder, work)
    }

    /// Refuses a folder that a link leads out of the workspace, into a working tree that is used as it is: a checkout would empty it.
    ///
    /// - Throws: ``CheckoutFailure/folderTaken(repository:_:)``.
    private func keepInside(
        _ folder: String,
        _ repository: JobRepository,
        _ work: StepWork
    ) throws(CheckoutFailure) {
        guard !work.settings.sourcesInPlace.isEmpty, let build = FileTree.resolved(work.folders.build) else { return }
        var place = folder
        while FileTree.resolved(place) == nil, let slash = place.lastIndex(of: "/") { place = String(place[..<slash]) }
        let real = FileTree.resolved(place) ?? build
        guard real == build || real.hasPrefix("\(build)/") else {
            throw .folderTaken(repository: repository.name, folder)
        }
    }

    /// Where the repository goes: `path`, or the sources folder, or with several checkouts a folder of its name in it.
    private func folder(of repository: JobRepository, _ work: StepWork) throws(CheckoutFailure) -> String {
        let build = work.folders.build
        if let path = work.input("path") {
            let parts = path.split(separator: "/")
            guard !path.hasPrefix("/"), !parts.contains(".."), !parts.isEmpty else {
                throw .pathOutside(path: path, workspace: build)
            }
            return "\(build)/\(parts.filter { $0 != "." }.joined(separator: "/"))"
        }
        guard work.checkouts.isMultiple else { return "\(build)/s" }
        // Left from the time when the pipeline had a single checkout.
        if FileTree.exists("\(build)/s/.git") { FileTree.empty("\(build)/s") }
        let name = repository.name.split(separator: "/").last.map(String.init) ?? repository.alias
        let safe = name == ".." || name == "." ? repository.alias : name
        return "\(build)/s/\(safe)"
    }

    /// Tells later steps where the sources are.
    private func publish(_ repository: JobRepository, _ folder: String, _ work: StepWork) {
        guard work.checkouts.isPrimary(work.step) else { return }
        let clean = work.input("clean") ?? "False"
        var values = [
            ("Build.Repository.LocalPath", folder), ("Build.Repository.Clean", clean),
            ("Build.Repository.Git.SubmoduleCheckout", work.input("submodules") ?? "False"),
        ]
        if !work.checkouts.isMultiple {
            values += [("Build.SourcesDirectory", folder), ("System.DefaultWorkingDirectory", folder)]
        }
        work.variables.set(values)
    }
}
