public import RoostModel

/// Where the files of templates come from.
///
/// The compiler asks for a file when an expansion first comes to it, and once only for each file. Calls come one after the other.
public protocol TemplateLoader {
    /// The bytes of a file.
    ///
    /// - Parameters:
    ///   - path: From the root of the repository, without a leading slash, with `/` between folders and without `.` and `..`.
    ///   - repository: The pipeline's own, whose alias is `self`, or one of its resources.
    /// - Returns: The file, or why there is none.
    func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure>

    /// What whoever uses this loader can do about a failure; nil when there is nothing to say beyond the failure itself.
    func advice(on failure: TemplateLoadFailure, of repository: PlannedRepository) -> String?
}

extension TemplateLoader {
    public func advice(on failure: TemplateLoadFailure, of repository: PlannedRepository) -> String? { nil }
}

/// Why a template could not be had.
public enum TemplateLoadFailure: Error, Hashable, Sendable {
    /// The repository is there and has no such file.
    case notFound
    /// The repository cannot be used; the reason is the end of a sentence.
    case repositoryUnavailable(reason: String)
    /// The file is there and cannot be read; the reason is the end of a sentence.
    case unreadable(reason: String)
}

/// Files held in memory: of the pipeline's own repository by path, of others by `path@alias`.
public struct MemoryTemplateLoader: TemplateLoader, Sendable {
    public var files: [String: String]

    public init(_ files: [String: String] = [:]) {
        self.files = files
    }

    public func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
        let isOwn = repository.alias == PlannedRepository.ownAlias
        if let text = files[isOwn ? path : "\(path)@\(repository.alias)"] { return .success(Array(text.utf8)) }
        let isKnown = isOwn || files.keys.contains { $0.hasSuffix("@\(repository.alias)") }
        return .failure(isKnown ? .notFound : .repositoryUnavailable(reason: "its files are not here"))
    }
}

extension PlannedRepository {
    /// The alias of the repository that holds the root file.
    static let ownAlias = "self"
}
