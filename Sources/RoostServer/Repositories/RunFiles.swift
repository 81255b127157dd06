import RoostModel
import RoostPipeline
import Synchronization

/// The files of all repositories that a run may take templates from.
///
/// A repository that is not here yet is noted: the caller finds it and compiles again, because finding it waits for the network and
/// compiling must not.
final class RunFiles: TemplateLoader, Sendable {
    enum Other: Sendable {
        case files(RepositoryFiles)
        /// The end of a sentence.
        case unavailable(reason: String)
    }

    private let own: RepositoryFiles
    /// By folded alias.
    private let others: [String: Other]
    private let wanted = Mutex<[String: PlannedRepository]>([:])

    init(own: RepositoryFiles, others: [String: Other]) {
        self.own = own
        self.others = others
    }

    /// Repositories that were asked for and are not here, by folded alias.
    var missing: [String: PlannedRepository] { wanted.withLock { $0 } }

    func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
        guard repository.alias.lowercased() != "self" else { return own.load(path: path) }
        let key = repository.alias.lowercased()
        switch others[key] {
        case .files(let files): return files.load(path: path)
        case .unavailable(let reason): return .failure(.repositoryUnavailable(reason: reason))
        case nil:
            wanted.withLock { $0[key] = repository }
            return .failure(.repositoryUnavailable(reason: "it has not been looked for"))
        }
    }
}
