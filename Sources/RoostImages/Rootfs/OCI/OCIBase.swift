import Foundation

/// An image of containers as a base: an image layout or what `docker save` writes.
struct OCIBase {
    /// A folder with the image.
    let image: String
    let cache: LayerCache
    /// A folder of the cache to work in, relative to it.
    let place: String
    let ownership: [String]

    /// Whether a folder holds an image.
    static func isImage(_ folder: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return isImage(names: names.map { Substring($0) })
    }

    /// Whether names of an archive are those of an image.
    static func isImage(names: [Substring]) -> Bool {
        let top = Set(names.map { $0.hasPrefix("./") ? $0.dropFirst(2) : $0 })
        return top.contains("oci-layout") && top.contains("index.json")
            || top.contains("manifest.json") && top.isDisjoint(with: ["bin", "bin/", "usr", "usr/"])
    }

    /// Fills a folder with what the layers come to.
    func fill(_ tree: String) async throws {
        let archives = try layers()
        guard !archives.isEmpty else { throw RootfsFailure.baseMissing(path: image, reason: "it has no layers") }
        var folders: [String] = []
        for (number, archive) in archives.enumerated() {
            let folder = "\(place)/\(number)"
            try FileManager.default.createDirectory(
                atPath: "\(cache.folder)/\(folder)",
                withIntermediateDirectories: true
            )
            try await MachineTool("tar", RootfsBase.unpacking + ownership + ["-f", archive, "-C", folder])
                .run(in: cache.folder)
            if let below = try await convert(folder) { folders.append(below) }
            folders.append(folder)
        }
        // mount(2) takes one page of options.
        guard folders.reduce(0, { $0 + $1.utf8.count + 1 }) < 3800 else {
            throw LayerCacheFailure.tooManyLayers(count: archives.count)
        }
        let root = "\(place)/view"
        try FileManager.default.createDirectory(atPath: "\(cache.folder)/\(root)", withIntermediateDirectories: true)
        let view = SandboxPlan.Overlay(layers: folders, root: root)
        try await MachineTool("cp", ["-a", "--", "\(root)/.", "\(tree)/"], over: view).run(in: cache.folder)
    }

    /// Makes of the files that say what is removed what an overlay understands.
    ///
    /// - Returns: a folder that belongs below this one, when folders hide all that is below them; nil when none does.
    private func convert(_ folder: String) async throws -> String? {
        let text = try await MachineTool("find", [folder, "-name", ".wh.*", "-print0"]).text(in: cache.folder)
        let below = "\(folder)-below"
        var isNeeded = false
        // An outer folder comes before those in it, which then need no word of their own.
        let depth = { (path: String) in path.split(separator: "/").count }
        for path in text.split(separator: "\0").map(String.init).sorted(by: { depth($0) < depth($1) }) {
            let mark = WhiteoutMark("\(cache.folder)/\(path)")
            try mark.remove()
            switch mark.meaning {
            case .removes(let place): try WhiteoutMark.place(at: place)
            case .hidesBelow(let place):
                let inner = place.dropFirst("\(cache.folder)/\(folder)".count)
                isNeeded = try WhiteoutMark.place(at: "\(cache.folder)/\(below)", inner: String(inner)) || isNeeded
            case .nothing: break
            }
        }
        return isNeeded ? below : nil
    }

    /// The archives of the layers, the lowest first; contents are compared with their digests.
    private func layers() throws -> [String] {
        guard FileManager.default.fileExists(atPath: "\(image)/\(OCILayout.indexFile)") else {
            return try dockerLayers()
        }
        let index: OCILayout.Index = try read(OCILayout.indexFile)
        let descriptor =
            index.manifests.first { $0.platform?.architecture == OCILayout.architecture } ?? index.manifests.first
        guard let descriptor else { throw RootfsFailure.baseMissing(path: image, reason: "its index names no image") }
        let manifest: OCILayout.Manifest = try read(blob(descriptor))
        return try manifest.layers.map { "\(image)/\(try blob($0))" }
    }

    private func dockerLayers() throws -> [String] {
        let images: [OCILayout.DockerImage] = try read(OCILayout.dockerFile)
        return try (images.first?.layers ?? []).map { layer in
            guard !layer.hasPrefix("/"), !layer.split(separator: "/").contains("..") else {
                throw RootfsFailure.baseMissing(path: image, reason: "a layer has the path \(layer)")
            }
            return "\(image)/\(layer)"
        }
    }

    private func blob(_ descriptor: OCILayout.Descriptor) throws -> String {
        guard let path = OCILayout.blob(descriptor.digest), try FileDigest.of("\(image)/\(path)") == path.suffix(64)
        else {
            throw RootfsFailure.baseMissing(path: image, reason: "\(descriptor.digest) has another content")
        }
        return path
    }

    private func read<Value: Decodable>(_ name: String) throws -> Value {
        guard let data = FileManager.default.contents(atPath: "\(image)/\(name)"),
            let value = try? JSONDecoder().decode(Value.self, from: data)
        else { throw RootfsFailure.baseMissing(path: image, reason: "\(name) is missing or is not what it should be") }
        return value
    }
}
