import Foundation
import RoostModel
import RoostPipeline

/// The files of a repository at one commit.
struct RepositoryFiles: TemplateLoader, Sendable {
    let reader: GitObjectReader
    let commit: String

    func load(path: String) -> Result<[UInt8], TemplateLoadFailure> {
        do {
            guard let object = try reader.objectNow("\(commit):\(path)") else { return .failure(.notFound) }
            guard object.kind == "blob" else { return .failure(.unreadable(reason: "it is a folder")) }
            return .success(Array(object.content))
        } catch {
            return .failure(.unreadable(reason: "git cannot read it"))
        }
    }

    func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> { load(path: path) }
}
