import Foundation
import RoostTemplate

/// Packs the files of an artifact with the programs of the system.
struct CompressPostProcessor: ImagePostProcessor {
    func process(_ artifact: ImageArtifact, _ work: StepWork) async throws -> PostProcessed {
        let data = ["BuildName": work.target.sourceName, "BuilderType": work.target.type]
        var output =
            try work.text("output", data: data) ?? "packer_\(work.target.sourceName)_\(work.target.type)"
        let format = try work.text("format")
        let known = CompressionForm(output: output, format: format)
        let form = known ?? .standard
        if known == nil || format != nil, !output.hasSuffix(form.ending) { output += form.ending }
        guard form.archive != .none || artifact.files.count == 1 else {
            throw ImageBuildFailure.setting(
                "\(output) can hold one file only, and there are \(artifact.files.count); give it a name that ends with .tar\(form.ending) or .zip"
            )
        }
        work.say("Compressing \(artifact.files.count) file(s) into \(output)")
        try await pack(artifact.files, form, to: work.path(output), work)
        work.say("Archive \(output) completed")
        let result = ImageArtifact(
            builderID: "packer.post-processor.compress",
            id: "",
            text: "compressed artifacts in: \(output)",
            files: [output]
        )
        return PostProcessed(result, keepsInput: false)
    }

    /// Into a file beside the result, which takes its place when it is whole.
    private func pack(_ files: [String], _ form: CompressionForm, to path: String, _ work: StepWork) async throws {
        let folder = (path as NSString).deletingLastPathComponent
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw ImageBuildFailure.file(path: folder, reason: error.localizedDescription)
        }
        let new = "\(folder)/.roost-\(ShellScript.number())\(form.ending)"
        defer { try? FileManager.default.removeItem(atPath: new) }
        try await run(command(files, form, new, work.wholes("compression_level")?.first), work)
        guard rename(new, path) == 0 else {
            throw ImageBuildFailure.file(path: path, reason: String(cString: strerror(errno)))
        }
    }

    private func command(_ files: [String], _ form: CompressionForm, _ new: String, _ level: Int?) -> [String] {
        // `gzip` and `bzip2` begin with 1; below that, each program chooses itself.
        let flag = level.map { $0 > 0 ? " -\($0)" : "" } ?? ""
        let names = files.map { $0.hasPrefix("-") ? "./\($0)" : $0 }
        switch form.archive {
        case .tar:
            let compression = form.program.map { ["--use-compress-program=\($0)\(flag)"] } ?? []
            return ["tar", "--create", "--absolute-names", "--file=\(new)"] + compression
                + ["--files-from=/dev/null"] + names
        case .zip: return ["zip", "-q", "-r"] + (flag.isEmpty ? [] : [String(flag.dropFirst())]) + [new] + names
        case .none:
            let program = form.program ?? "cat"
            return ["sh", "-c", "exec \(program)\(flag) -c < \"$1\" > \"$2\"", "sh"] + names + [new]
        }
    }

    private func run(_ words: [String], _ work: StepWork) async throws {
        let result = try await HostProcess.text(
            HostCommand(
                program: try HostPrograms.find(words[0], work.context.environment),
                arguments: Array(words.dropFirst()),
                environment: work.context.environment,
                folder: work.context.workingFolder
            )
        )
        guard result.end == .exited(0) else {
            throw ImageBuildFailure.program(name: words[0], said: result.errors.joined(separator: " "))
        }
    }
}
