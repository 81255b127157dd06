import Crypto
import Foundation

/// Writes an image layout with one layer.
struct OCIOutput {
    /// A folder, which is made.
    let folder: String
    let settings: RootfsSettings
    /// What was done, for the image's history.
    let titles: [String]
    let now: Date

    /// Writes everything around a layer.
    ///
    /// - Parameters:
    ///   - name: the name under which the image is found in the layout.
    ///   - pack: writes the root file system as a tar archive to a path.
    /// - Returns: the digest of the manifest.
    /// - Throws: what `pack` throws, and when a file cannot be written.
    func write(name: String, _ pack: (String) async throws -> Void) async throws -> String {
        try FileManager.default.createDirectory(atPath: "\(folder)/blobs/sha256", withIntermediateDirectories: true)
        let staged = "\(folder)/layer"
        try await pack(staged)
        let layer = OCILayout.Descriptor(
            mediaType: OCILayout.layerType,
            digest: "sha256:\(try FileDigest.of(staged))",
            size: try FileManager.default.attributesOfItem(atPath: staged)[.size] as? Int ?? 0
        )
        try FileManager.default.moveItem(atPath: staged, toPath: "\(folder)/blobs/sha256/\(layer.digest.dropFirst(7))")
        let config = try blob(configuration(layer), OCILayout.configType)
        var manifest = try blob(
            OCILayout.Manifest(mediaType: OCILayout.manifestType, config: config, layers: [layer]),
            OCILayout.manifestType
        )
        manifest.platform = .init(architecture: OCILayout.architecture, os: "linux")
        manifest.annotations = ["org.opencontainers.image.ref.name": name]
        try data(OCILayout.Index(manifests: [manifest])).write(to: URL(filePath: "\(folder)/\(OCILayout.indexFile)"))
        try data(OCILayout.Version()).write(to: URL(filePath: "\(folder)/\(OCILayout.versionFile)"))
        return String(manifest.digest.dropFirst(7))
    }

    private func configuration(_ layer: OCILayout.Descriptor) -> OCILayout.Configuration {
        let environment = ["PATH": SandboxProgram.searchPath].merging(settings.environment) { $1 }
        let moment = now.formatted(.iso8601)
        return OCILayout.Configuration(
            created: moment,
            architecture: OCILayout.architecture,
            config: .init(env: environment.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }, cmd: ["/bin/sh"]),
            rootfs: .init(diffIDs: [layer.digest]),
            history: [.init(created: moment, createdBy: titles.joined(separator: "; "))]
        )
    }

    private func data(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    private func blob(_ value: some Encodable, _ type: String) throws -> OCILayout.Descriptor {
        let data = try data(value)
        let digest = LayerKey.hexadecimal(SHA256.hash(data: data))
        try data.write(to: URL(filePath: "\(folder)/blobs/sha256/\(digest)"))
        return OCILayout.Descriptor(mediaType: type, digest: "sha256:\(digest)", size: data.count)
    }
}
