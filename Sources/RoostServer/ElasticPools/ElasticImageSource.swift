import RoostContent
import RoostModel

/// The files of an image version, from any good copy.
struct ElasticImageSource: ChunkSource {
    let plane: ControlPlane
    let version: ImageVersion

    func fetch(_ chunk: ChunkID, isSuspect: Bool) async throws -> [UInt8] {
        try await plane.imageChunk(chunk, of: version, region: nil, isSuspect: isSuspect)
    }

    /// The image for machines.
    var image: MachineImage {
        MachineImage(name: ElasticInstance.Image.title(version.key), digest: version.contentHash ?? "") { folder in
            let manifest = try await plane.imageManifest(of: version)
            _ = try await ContentDownload(from: self).run(manifest, into: folder)
        }
    }
}

extension ElasticInstance.Image {
    /// `gallery/definition/1.4.2`.
    static func title(_ key: ImageVersionKey) -> String {
        "\(key.definition.gallery)/\(key.definition.definition)/\(key.number)"
    }

    /// The version that it names; nil for machines without image.
    var key: ImageVersionKey? {
        let parts = version.split(separator: "/").map(String.init)
        guard parts.count == 3, let number = ImageVersionNumber(parts[2]) else { return nil }
        return ImageVersionKey(ImageDefinitionKey(parts[0], parts[1]), number)
    }
}
