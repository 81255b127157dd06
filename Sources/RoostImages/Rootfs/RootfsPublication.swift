import Foundation
import RoostContent
import RoostModel
import RoostTemplate

/// Writes down what is in an image, and publishes it.
struct RootfsPublication {
    /// The root file system of a version, which builds take as a base.
    static let rootfsName = "rootfs.tar.zst"

    /// How the file of a version is called when no output was named.
    static func fileName(_ format: RootfsSettings.Format) -> String {
        DiskSettings.Form(rawValue: format.rawValue).map { "disk.\($0.rawValue)" } ?? rootfsName
    }

    let build: RootfsBuild
    let layers: [LayerRecord]
    let inspection: ImageInventory

    /// Publishes the files of an artifact; gives the artifact of the version, or the one that was given when nothing is published.
    func publish(_ artifact: ImageArtifact) async throws -> ImageArtifact {
        var artifact = artifact
        if let folder = build.settings.sbomFolder.map(build.context.path) {
            artifact.files += try writeBills(folder)
        }
        guard let gallery = build.context.gallery, let publication = build.link.publication,
            let number = build.link.number
        else { return artifact }
        build.context.say(.step("Publishing \(build.link.target ?? number)"))
        let files = try await stage()
        let image = try await gallery.publish(files, as: publication, number: number, facts(), say: build.context.say)
        return ImageArtifact(
            builderID: "roost.gallery",
            id: image.id,
            text: "Image version: \(image.id) (sha256:\(image.contentHash))",
            files: build.settings.output == nil ? [] : artifact.files
        )
    }

    /// Publishes an image as one more version, whatever the template of the machine says.
    func publish(
        _ artifact: ImageArtifact,
        as publication: GalleryPublication,
        number: String,
        _ tags: [String: String]
    ) async throws -> GalleryImage {
        guard let gallery = build.context.gallery else {
            throw GalleryFailure.noServer(image: publication.image.image)
        }
        return try await gallery.publish(
            try await stage(),
            as: publication,
            number: number,
            facts(tags),
            say: build.context.say
        )
    }

    private func facts(_ tags: [String: String] = [:]) -> GalleryFacts {
        GalleryFacts(
            origin: build.context.origin,
            source: build.link.source?.id ?? baseName,
            layers: layers,
            capabilities: inspection.capabilities,
            tags: tags
        )
    }

    private var baseName: String? {
        switch build.settings.base {
        case .path(let path): path
        case .bootstrap(let bootstrap): "bootstrap \(bootstrap.suite)"
        case .gallery: nil
        }
    }

    // MARK: Bills of materials

    private func writeBills(_ folder: String) throws -> [String] {
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw RootfsFailure.outputFailed(path: folder, reason: "the folder cannot be made")
        }
        let name = build.link.target ?? build.settings.output ?? "image"
        let bill = ImageBill(
            name: name,
            inventory: inspection,
            identity: layers.last?.key ?? "",
            tool: build.context.origin.builder,
            made: build.context.now
        )
        let files = [
            ("sbom.spdx.json", try bill.spdx()), ("sbom.cyclonedx.json", try bill.cycloneDX()),
            (ImageInventory.file, try ImageBill.json(inspection)),
        ]
        return try files.map { name, data in
            let path = "\(folder)/\(name)"
            do { try data.write(to: URL(filePath: path), options: .atomic) } catch {
                throw RootfsFailure.outputFailed(path: path, reason: "it cannot be written")
            }
            return path
        }
    }

    // MARK: The files of a version

    /// The image and all that is known of it.
    private func stage() async throws -> FolderScan {
        var files = FolderScan()
        try files.add(try await stagingFolder())
        return files
    }

    private func stagingFolder() async throws -> String {
        let folder = "\(build.cache.folder)/\(build.place)/version-out"
        _ = try writeBills(folder)
        guard !build.settings.isFolder else {
            let tar = "\(folder)/rootfs.tar"
            try await MachineTool("tar", ["-C", build.output] + TarForm.options + ["-cf", tar, "."]).run(in: "/")
            return folder
        }
        let name = build.output.split(separator: "/").last.map(String.init) ?? Self.rootfsName
        let target = "\(folder)/\(Self.name(of: name))"
        // Several versions have the same files.
        if FileManager.default.fileExists(atPath: target) { return folder }
        if link(build.output, target) != 0 { try FileManager.default.copyItem(atPath: build.output, toPath: target) }
        return folder
    }

    /// Archives have one name whatever the template calls them, so that who builds on them finds them.
    private static func name(of file: String) -> String {
        guard let dot = file.range(of: ".tar") else { return file }
        return "rootfs\(file[dot.lowerBound...])"
    }
}
