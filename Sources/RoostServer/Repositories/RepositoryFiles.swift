import Foundation
import RoostModel
import RoostPipeline

/// The files of a repository at one commit, for the compiler.
struct RepositoryFiles: TemplateLoader, Sendable {
    let reader: GitObjectReader
    let commit: String

    func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
        guard repository.alias == "self" else {
            return .failure(
                .repositoryUnavailable(reason: "only templates of the pipeline's own repository can be read")
            )
        }
        do {
            guard let object = try reader.objectNow("\(commit):\(path)") else { return .failure(.notFound) }
            guard object.kind == "blob" else { return .failure(.unreadable(reason: "it is a folder")) }
            return .success(Array(object.content))
        } catch {
            return .failure(.unreadable(reason: "git cannot read it"))
        }
    }
}
