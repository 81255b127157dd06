import Foundation
import RoostAgent
import RoostLanguage
import RoostWire

/// What a server would have for a run: tasks and secure files, here folders and files.
struct LocalLibrary: Sendable {
    /// With ids that hold for this run.
    let secureFiles: [SecureFileWire]
    let host: FolderTaskHost

    /// - Parameters:
    ///   - tasks: with their folders.
    ///   - files: paths of secure files by name.
    init(tasks: [(manifest: TaskManifest, folder: String)], secureFiles files: [String: String]) {
        let named = files.map { (id: UUID(), name: $0.key, path: $0.value) }
        secureFiles = named.map { SecureFileWire(id: $0.id, name: $0.name, ticket: "") }
        host = FolderTaskHost(
            tasks: tasks,
            files: Dictionary(named.map { ($0.id.uuidString.lowercased(), $0.path) }) { first, _ in first }
        )
    }
}
