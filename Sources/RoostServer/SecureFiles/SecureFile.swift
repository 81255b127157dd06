import FoundationEssentials
import RoostModel

/// A file of the library that only runs which name it may read; its bytes are sealed.
struct SecureFile: Codable, Hashable, Sendable {
    var id: UUID
    var project: UUID
    var name: String
    /// Bytes, before they were sealed.
    var size: Int
    /// What was sealed, in order.
    var chunks: [ContentChunk]
    var createdAt: Date
    var createdBy: String

    /// The space of chunks that secure files share.
    static let space = "secure-files"
    /// Of the settings that hold them.
    static let prefix = "secure-file:"
    /// As Azure Pipelines has it.
    static let limit = 10 << 20

    var settingName: String { "\(Self.prefix)\(id.uuidString.lowercased())" }
    /// What the sealed bytes are bound to.
    var place: String { "secure-files/\(id.uuidString.lowercased())" }

    /// Those of a store, by id.
    static func all(_ settings: [String: Data]) -> [UUID: SecureFile] {
        let decoder = JSONDecoder()
        let files = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(SecureFile.self, from: $0) }
        return Dictionary(files.map { ($0.id, $0) }) { first, _ in first }
    }
}
