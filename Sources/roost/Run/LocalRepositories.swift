import Foundation
import RoostModel
import RoostPipeline
import RoostServer

/// The repositories beside the working tree that a local run takes templates and sources from.
struct LocalRepositories: Sendable {
    /// By alias, folders that are used as they are.
    let folders: [String: String]
    private let finder: RepositoryFinder

    /// Reads the map, if one is given.
    init(map: String?, folders: [Assignment]) throws {
        self.folders = Assignment.dictionary(folders).mapValues(PipelinePlace.absolute)
        finder = try .withoutServer(cache: Self.cacheFolder(), map: map, folders: self.folders)
    }

    /// `$XDG_CACHE_HOME/roost`, or below `~/.cache`: mirrors are fetched into it and stay for the next run.
    private static func cacheFolder() -> String {
        let given = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return "\(given ?? "\(NSHomeDirectory())/.cache")/roost"
    }

    /// Compiles the file with its templates.
    func compile(
        _ source: LocalSource,
        _ request: CompileRequest
    ) async -> (CompiledPipeline, RepositoryFinder.Found) {
        await finder.compile(
            path: source.path,
            text: source.text,
            own: FolderTemplateLoader(folder: source.root),
            asked: request
        )
    }

    /// The repositories that a plan uses, and the files it was made of.
    func sources(
        of plan: RunPlan,
        _ compiled: CompiledPipeline,
        _ found: RepositoryFinder.Found
    ) async throws -> RunSources {
        RunSources(
            repositories: try await finder.repositories(of: plan, found),
            files: compiled.files.map { $0.repository == "self" ? $0.path : "\($0.path)@\($0.repository)" }
        )
    }
}
