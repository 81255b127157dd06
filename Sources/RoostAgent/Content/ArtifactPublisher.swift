import RoostContent
import RoostModel
import RoostWire

/// Publishes files of this machine as an artifact of the run.
struct ArtifactPublisher: Sendable {
    let work: StepWork
    let host: any ContentHost

    /// - Throws: ``ArtifactFailure/noServer(task:)``.
    init(_ work: StepWork, task: String) throws(ArtifactFailure) {
        guard let host = work.content else { throw .noServer(task: task) }
        self.work = work
        self.host = host
    }

    /// Sends a folder or a file and publishes it.
    ///
    /// - Parameters:
    ///   - path: absolute.
    ///   - name: of the artifact.
    ///   - isContainer: the older form, to which other steps may add, and which keeps neither links nor modes.
    ///   - folder: where in the artifact the files go.
    ///   - properties: to be remembered with it.
    /// - Throws: ``ArtifactFailure``, ``TaskFailure``, `FolderFault`, what the server refuses.
    func publish(
        _ path: String,
        as name: String,
        isContainer: Bool,
        folder: String = "",
        properties: [String: String] = [:]
    ) async throws {
        if let problem = Artifact.problem(withName: name) {
            throw TaskFailure.inputInvalid("artifactName", value: name, expected: "a name: \(problem)")
        }
        guard FileTree.exists(path) else { throw ArtifactFailure.notFound(path: path) }
        var scan = FolderScan(links: isContainer ? .follow : .keep, ignore: isContainer ? .none : ignoreRules(path))
        try scan.add(path, under: folder)
        if isContainer { scan.dropModes() }
        for skipped in scan.skipped {
            work.report(.warning, "'\(skipped)' is no file, folder or link that leads somewhere, and is left out.")
        }
        if scan.items.isEmpty {
            work.report(.warning, "Directory '\(path)' is empty. Nothing will be added to artifact '\(name)'.")
        }
        let files = scan.items.count { $0.entry.kind != .folder }
        work.output.writeLine("Uploading \(files) files (\(ByteText.of(scan.size))) as artifact '\(name)'.")
        let report = TransferReport(work, "Uploaded")
        let sent = try await ContentUpload(to: host.sink, told: report.note).run(scan)
        let content = ContentWire(manifest: sent.manifest, files: sent.files, size: sent.size)
        let draft = ArtifactDraftWire(
            name: name,
            type: isContainer ? "Container" : "PipelineArtifact",
            content: content,
            properties: properties.isEmpty ? nil : properties
        )
        let artifact = try await host.publish(draft)
        work.output.writeLine(
            "Sent \(ByteText.of(sent.sent)) for \(ByteText.of(sent.size)) of files."
        )
        work.output.writeLine(
            "ArtifactUploadSuccessful: artifact '\(artifact.name)' (\(artifact.id)), \(sent.files) files."
        )
    }

    private func ignoreRules(_ path: String) -> IgnoreRules {
        let file = "\(path)/.artifactignore"
        guard FileTree.isFile(file), let text = SmallFile.read(file) else { return .standard }
        work.output.writeLine("Using .artifactignore file located in: \(path) for globbing")
        return IgnoreRules(text)
    }
}
