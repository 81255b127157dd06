import FoundationEssentials

/// Which version of a gallery a machine runs: a file that is in the image.
///
/// The agent shows it as the capability ``capability``, so that the server knows which jobs ran on which version.
public struct ImageRecord: Hashable, Sendable, Codable {
    public static let path = "/etc/roost/image.json"
    public static let capability = "Roost.Image"

    /// `/galleries/G/images/D/versions/V`.
    public var id: String
    /// What it was built from.
    public var source: String?
    /// SHA-256 of the template.
    public var template: String?
    /// The commit of the template.
    public var commit: String?

    public init(id: String, source: String? = nil, template: String? = nil, commit: String? = nil) {
        self.id = id
        self.source = source
        self.template = template
        self.commit = commit
    }

    /// Nil for a text that is no such file.
    public init?(text: String) {
        guard let record = try? JSONDecoder().decode(ImageRecord.self, from: Data(text.utf8)) else { return nil }
        self = record
    }

    /// The text of the file; the same for equal records.
    public func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
