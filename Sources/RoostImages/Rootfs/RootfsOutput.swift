import Foundation

/// Writes the image that layers come to.
struct RootfsOutput {
    let build: RootfsBuild
    let layers: [LayerRecord]

    /// Writes it beside its place and moves it there when it is whole.
    func write() async throws -> ImageArtifact {
        let staged = "\(build.output).\(build.ledger.build)"
        // The ledger comes first, so whatever ends this build, the next one can remove the part.
        try build.ledger.note(staged)
        try makeFolderAbove()
        let digest: String
        switch build.settings.format {
        case .tar:
            build.context.say(.step("Packing \(build.output)"))
            try await pack(staged, as: build.output)
            digest = try FileDigest.of(staged)
        case .folder:
            build.context.say(.step("Copying to \(build.output)"))
            try await copy(staged)
            digest = try await FolderDigest.of(staged)
        case .oci:
            build.context.say(.step("Writing the image \(build.output)"))
            digest = try await writeImage(staged)
        case .raw, .qcow2, .vhd:
            build.context.say(.step("Making the disk \(build.output)"))
            if let disk = build.settings.disk {
                try await DiskOutput(build: build, layers: layers, settings: disk).write(staged)
            }
            digest = try FileDigest.of(staged)
        }
        try await move(staged)
        return ImageArtifact(
            builderID: "roost.rootfs",
            id: "sha256:\(digest)",
            text: "\(build.settings.disk == nil ? "Root file system" : "Disk"): \(build.output) (sha256:\(digest))",
            files: [build.output]
        )
    }

    private func makeFolderAbove() throws {
        let folder = URL(filePath: build.output).deletingLastPathComponent().path
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw RootfsFailure.outputFailed(path: build.output, reason: "\(folder) cannot be made")
        }
    }

    private func pack(_ path: String, as name: String) async throws {
        let view = try build.view(layers)
        try await archive(view.root, path, compression: TarForm.compression(of: name), over: view)
    }

    private func archive(
        _ folder: String,
        _ path: String,
        compression: [String],
        over view: SandboxPlan.Overlay? = nil
    ) async throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw RootfsFailure.outputFailed(path: path, reason: SandboxFailure.text(errno))
        }
        defer { close(descriptor) }
        let options = ["-C", folder] + TarForm.options + compression
        try await MachineTool("tar", options + ["-c", "."], over: view).run(in: build.cache.folder, output: descriptor)
        guard fsync(descriptor) == 0 else {
            throw RootfsFailure.outputFailed(path: path, reason: SandboxFailure.text(errno))
        }
    }

    /// An image layout, in one archive unless the output is a folder; the digest is that of the manifest.
    private func writeImage(_ path: String) async throws -> String {
        let folder = build.settings.isFolder ? path : "\(build.cache.folder)/\(build.place)/image"
        let output = OCIOutput(
            folder: folder,
            settings: build.settings,
            titles: layers.map(\.title),
            now: build.context.now
        )
        let digest = try await output.write(name: "latest") { try await pack($0, as: "layer.tar") }
        guard !build.settings.isFolder else { return digest }
        try await archive(folder, path, compression: TarForm.compression(of: build.output))
        return digest
    }

    private func copy(_ path: String) async throws {
        let view = try build.view(layers)
        try await MachineTool("cp", ["-a", "--", "\(view.root)/.", path], over: view).run(in: build.cache.folder)
    }

    /// What stands there is replaced only when the new one is whole.
    private func move(_ staged: String) async throws {
        if build.context.isForced, FileManager.default.fileExists(atPath: build.output) {
            try await build.cache.remove([build.output])
        }
        guard rename(staged, build.output) == 0 else {
            throw RootfsFailure.outputFailed(path: build.output, reason: SandboxFailure.text(errno))
        }
    }
}
