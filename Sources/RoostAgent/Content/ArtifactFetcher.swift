import FoundationEssentials
import RoostContent
import RoostModel
import RoostWire

/// Fetches artifacts of a run into folders of this machine.
struct ArtifactFetcher: Sendable {
    let work: StepWork
    let host: any ContentHost

    /// - Throws: ``ArtifactFailure/noServer(task:)``.
    init(_ work: StepWork, task: String) throws(ArtifactFailure) {
        guard let host = work.content else { throw .noServer(task: task) }
        self.work = work
        self.host = host
    }

    /// Which files of which artifacts, and where they go.
    struct Wish: Sendable {
        var run: Int
        /// Nil is all of the run.
        var name: String?
        var patterns: PatternList
        /// Patterns are of `NAME/path`, not of the path in the artifact.
        var patternsHaveNames = false
        var target: String
        /// A folder of its name is made in the target even for a single artifact.
        var makesFolder = false
        var keepsModes = true
    }

    /// Fetches, with several chunks under way at once; an attempt that is cut short goes on with what is missing when the step is tried again.
    ///
    /// - Returns: how many files were written.
    @discardableResult
    func fetch(_ wish: Wish) async throws -> Int {
        let all = try await host.artifacts(of: wish.run, name: wish.name)
        if all.isEmpty {
            work.output.writeLine("No artifacts are associated with build \(wish.run); nothing to download.")
        }
        var files = 0
        for artifact in all {
            let isInFolder = wish.name == nil || wish.makesFolder
            files += try await fetch(artifact, wish, isInFolder ? "\(wish.target)/\(artifact.name)" : wish.target)
        }
        return files
    }

    private func fetch(_ artifact: StoredArtifactWire, _ wish: Wish, _ folder: String) async throws -> Int {
        guard let content = artifact.content else {
            // Among all artifacts, one that is elsewhere is no reason to fail.
            guard wish.name != nil else {
                work.report(
                    .warning,
                    "Artifact '\(artifact.name)' is at '\(artifact.data ?? "")' and is not downloaded."
                )
                return 0
            }
            throw ArtifactFailure.elsewhere(name: artifact.name, place: artifact.data ?? "")
        }
        let report = TransferReport(work, "Downloaded")
        let download = ContentDownload(from: host.source(of: artifact), told: report.note)
        work.output.writeLine("Downloading artifact '\(artifact.name)' from: build \(artifact.run), to \(folder)")
        do {
            let manifest = try await download.manifest(content.manifest)
            let journal = "\(work.settings.folders.temp)/download-\(artifact.id)-\(work.step.id.uuidString)"
            let options = ContentDownload.Options(keepsModes: wish.keepsModes, journal: journal)
            let prefix = wish.patternsHaveNames ? "\(artifact.name)/" : ""
            let done = try await download.run(manifest, into: folder, options) { entry in
                wish.patterns.isEmpty || (entry.kind != .folder && wish.patterns.matches(prefix + entry.path))
            }
            work.output.writeLine(
                "Downloaded \(done.files) files (\(ByteText.of(done.total)), \(ByteText.of(done.travelled)) travelled)."
            )
            return done.files
        } catch var fault as DownloadFault {
            fault.owner = "artifact '\(artifact.name)' of run \(artifact.run)"
            throw fault
        }
    }
}
