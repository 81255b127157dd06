import FoundationEssentials
import RoostLanguage
public import RoostModel

/// Reads templates from a folder that is a checkout of the pipeline's repository.
///
/// Other repositories can be given folders of their own by alias. A path that leaves its folder, through links too, is refused.
public struct FolderTemplateLoader: TemplateLoader, Sendable {
    private let folder: String
    private let otherFolders: [String: String]
    private let fileLimit: Int

    /// Folders by alias stand for the repositories of the pipeline's resources; files may be so many bytes large.
    public init(folder: String, otherFolders: [String: String] = [:], fileLimit: Int = YAMLLimits.default.fileBytes) {
        self.folder = folder
        self.otherFolders = otherFolders
        self.fileLimit = fileLimit
    }

    private func otherFolder(_ alias: String) -> String? {
        otherFolders[alias] ?? otherFolders.first { equalIgnoringCase($0.key, alias) }?.value
    }

    public func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
        let isOwn = repository.alias == PlannedRepository.ownAlias
        guard let root = isOwn ? folder : otherFolder(repository.alias) else {
            return .failure(.repositoryUnavailable(reason: "no folder is given for it"))
        }
        let base = URL(filePath: root, directoryHint: .isDirectory).resolvingSymlinksInPath()
        let file = base.appending(path: path, directoryHint: .notDirectory).resolvingSymlinksInPath()
        guard file.path.hasPrefix(base.path.hasSuffix("/") ? base.path : base.path + "/") else {
            return .failure(.unreadable(reason: "it lies outside the repository"))
        }
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.path) else {
            return .failure(.notFound)
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            return .failure(.unreadable(reason: "it is no regular file"))
        }
        guard let size = attributes[.size] as? Int ?? (attributes[.size] as? UInt64).map(Int.init), size <= fileLimit
        else {
            return .failure(.unreadable(reason: "it is larger than \(fileLimit) bytes"))
        }
        guard let data = FileManager.default.contents(atPath: file.path) else {
            return .failure(.unreadable(reason: "it cannot be opened"))
        }
        return .success([UInt8](data))
    }
}
