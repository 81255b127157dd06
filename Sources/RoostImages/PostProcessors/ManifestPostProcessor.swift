import Foundation
import RoostTemplate

/// Writes what was built into a file that later steps read.
struct ManifestPostProcessor: ImagePostProcessor {
    func process(_ artifact: ImageArtifact, _ work: StepWork) async throws -> PostProcessed {
        let path = work.path(try work.text("output") ?? "packer-manifest.json")
        let entry = try Self.entry(artifact, work)
        let (runID, isForced) = (work.context.runID, work.context.isForced)
        try await work.runtime.shared.turn {
            var manifest = try BuildManifest.read(path)
            if isForced, manifest.lastRunID != runID { manifest.builds = [] }
            manifest.builds.append(entry)
            manifest.lastRunID = runID
            try StoredFile.write(manifest.text, to: path)
        }
        return PostProcessed(artifact, keepsInput: true, mustKeepInput: true)
    }

    private static func entry(_ artifact: ImageArtifact, _ work: StepWork) throws -> BuildManifest.Build {
        let strips = work.truth("strip_path")
        let files = artifact.files.map { file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: work.path(file))
            return BuildManifest.File(
                name: strips ? (file as NSString).lastPathComponent : file,
                size: attributes?[.size] as? Int ?? 0
            )
        }
        return BuildManifest.Build(
            name: work.target.sourceName,
            builder_type: work.target.type,
            build_time: work.truth("strip_time") ? nil : Int(Date().timeIntervalSince1970),
            files: files.isEmpty ? nil : files,
            artifact_id: artifact.id,
            packer_run_uuid: work.context.runID,
            custom_data: work.isGiven("custom_data") ? try work.map("custom_data") : nil
        )
    }
}
