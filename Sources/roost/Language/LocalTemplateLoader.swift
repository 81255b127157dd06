import RoostModel
import RoostPipeline

/// Reads templates from folders, and says which flag names the folder of a repository that is not given.
struct LocalTemplateLoader: TemplateLoader {
    private let folders: FolderTemplateLoader

    init(root: String, folders: [String: String], limits: PipelineLimits) {
        self.folders = FolderTemplateLoader(folder: root, otherFolders: folders, fileLimit: limits.yaml.fileBytes)
    }

    func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
        folders.load(path: path, repository: repository)
    }

    func advice(on failure: TemplateLoadFailure, of repository: PlannedRepository) -> String? {
        guard case .repositoryUnavailable = failure else { return nil }
        return "Give the folder of a checkout of it: --repository \(repository.alias)=FOLDER."
    }
}
