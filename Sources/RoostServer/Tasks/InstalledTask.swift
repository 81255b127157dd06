import FoundationEssentials
import RoostLanguage
import RoostModel

/// A version of a task that is installed: its description, and the pieces of its package.
struct InstalledTask: Hashable, Sendable {
    var manifest: TaskManifest
    var row: Row

    /// What is kept of it.
    struct Row: Codable, Hashable, Sendable {
        /// The bytes of `task.json`, as text.
        var text: String
        /// The package, a ZIP archive, in order.
        var chunks: [ContentChunk]
        /// Bytes of the package.
        var size: Int
        /// Of the package, in hexadecimal.
        var sha256: String
        var contribution: String?
        var installedAt: Date
        var installedBy: String
    }

    /// Nil when the text is no task, which no row that was made here has.
    init?(_ row: Row) {
        guard let manifest = TaskManifestReader.read(Array(row.text.utf8)).manifest else { return nil }
        self.manifest = manifest
        self.row = row
    }

    /// The space of chunks that packages share.
    static let space = "tasks"
    /// Of the settings that hold rows.
    static let prefix = "task:"

    var settingName: String { "\(Self.prefix)\(manifest.id):\(manifest.version)" }
    var reference: TaskReference {
        TaskReference(id: manifest.id, name: manifest.name, version: manifest.version.description)
    }
}
