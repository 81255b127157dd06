import Foundation
import RoostModel
import RoostTemplate

/// What is known of an artifact that has no files here, such as an image in a cloud.
struct ArtifactRecord: Codable, Hashable {
    /// Of the template, such as `azure-arm`.
    var builderType: String
    /// Who made it, as scripts know it.
    var builderId: String
    var artifactId: String
    var target: String
    var location: String?
    /// What the builder names in words: `ManagedImageId`, `OSDiskUri` and others.
    var values: [String: String]

    init(_ artifact: ImageArtifact, _ target: ImageTarget) {
        builderType = target.type
        builderId = artifact.builderID
        artifactId = artifact.id
        self.target = target.name
        values = Self.values(of: artifact.text)
        location =
            values["ManagedImageLocation"] ?? values["StorageAccountLocation"] ?? target.settings.known("location")
    }

    /// Lines `Name: value`; addresses that let everybody in are left out, and so is what may do so in others.
    static func values(of text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let match = line.wholeMatch(of: /\s*([A-Za-z][A-Za-z0-9]*):\s+(.*\S)\s*/),
                !match.1.lowercased().hasSuffix("sas")
            else { continue }
            values[String(match.1)] = FetchAddress.shown(String(match.2))
        }
        return values
    }

    /// As the version itself knows it.
    var origin: ImageArtifactOrigin {
        ImageArtifactOrigin(builderType: builderType, builderId: builderId, id: artifactId, values: values)
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
