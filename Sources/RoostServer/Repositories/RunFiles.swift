import RoostModel
import RoostPipeline
import Synchronization

/// The files of all repositories that a run may take templates from.
///
/// A repository that is not here yet is noted: the caller finds it and compiles again, because finding it waits for the network and
/// compiling must not.
final class RunFiles: TemplateLoader, Sendable {
    enum Other: Sendable {
        case files(any TemplateLoader & Sendable)
        /// The end of a sentence.
        case unavailable(reason: String)
    }

    private let own: any TemplateLoader & Sendable
    /// By folded alias.
    private let others: [String: Other]
    private let advice: @Sendable (PlannedRepository) -> String?
    private let wanted = Mutex<[String: PlannedRepository]>([:])

    init(
        own: any TemplateLoader & Sendable,
        others: [String: Other],
        advice: @escaping @Sendable (PlannedRepository) -> String? = { _ in nil }
    ) {
        self.own = own
        self.others = others
        self.advice = advice
    }

    /// Repositories that were asked for and are not here, by folded alias.
    var missing: [String: PlannedRepository] { wanted.withLock { $0 } }

    func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
        guard repository.alias.lowercased() != "self" else { return own.load(path: path, repository: repository) }
        let key = repository.alias.lowercased()
        switch others[key] {
        case .files(let files): return files.load(path: path, repository: repository)
        case .unavailable(let reason): return .failure(.repositoryUnavailable(reason: reason))
        case nil:
            wanted.withLock { $0[key] = repository }
            return .failure(.repositoryUnavailable(reason: "it has not been looked for"))
        }
    }

    func advice(on failure: TemplateLoadFailure, of repository: PlannedRepository) -> String? {
        guard case .repositoryUnavailable = failure else { return nil }
        return advice(repository)
    }
}
