import Crypto
import Foundation
import RoostTemplate

/// Writes checksums of the files of an artifact into files beside them.
struct ChecksumPostProcessor: ImagePostProcessor {
    func process(_ artifact: ImageArtifact, _ work: StepWork) async throws -> PostProcessed {
        var files = artifact.files
        let types = try work.texts("checksum_types")
        for type in types.isEmpty ? ["md5"] : types {
            for file in artifact.files {
                let output = try Self.output(type, work)
                let sum = try await Self.sum(type, of: work.path(file), work)
                let name = (file as NSString).lastPathComponent
                let place = work.path(output)
                try await work.runtime.shared.turn { try Self.write(sum, name, to: place) }
                if !files.contains(output) { files.append(output) }
            }
        }
        let result = ImageArtifact(
            builderID: "packer.post-processor.checksum",
            id: "",
            text: "Created artifact from files: \(files.joined(separator: ", "))",
            files: files
        )
        return PostProcessed(result, keepsInput: true, mustKeepInput: true)
    }

    private static func output(_ type: String, _ work: StepWork) throws -> String {
        let data = [
            "BuildName": work.target.sourceName, "BuilderType": work.target.type, "ChecksumType": type,
        ]
        return try work.text("output", data: data)
            ?? "packer_\(work.target.sourceName)_\(work.target.type)_\(type).checksum"
    }

    // MARK: Sums

    private static func sum(_ type: String, of path: String, _ work: StepWork) async throws -> String {
        switch type {
        case "md5": try sum(Insecure.MD5(), path)
        case "sha1": try sum(Insecure.SHA1(), path)
        case "sha256": try sum(SHA256(), path)
        case "sha384": try sum(SHA384(), path)
        case "sha512": try sum(SHA512(), path)
        default: try await sum(by: "\(type)sum", path, work)
        }
    }

    private static func sum<Hash: HashFunction>(_ start: Hash, _ path: String) throws -> String {
        var hash = start
        try FileBytes.read(path) { hash.update(bufferPointer: $0) }
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// By a program of the system.
    private static func sum(by program: String, _ path: String, _ work: StepWork) async throws -> String {
        let result = try await HostProcess.text(
            HostCommand(
                program: try HostPrograms.find(program, work.context.environment),
                arguments: ["--", path],
                environment: work.context.environment,
                folder: work.context.workingFolder
            )
        )
        guard result.end == .exited(0), let sum = result.output.first?.split(separator: " ").first else {
            throw ImageBuildFailure.program(name: program, said: result.errors.joined(separator: " "))
        }
        return String(sum.drop { $0 == "\\" })
    }

    // MARK: The file

    /// Adds a line, in the place of an earlier one for a file of the same name.
    private static func write(_ sum: String, _ name: String, to path: String) throws {
        let before = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let kept = before.split(separator: "\n").filter { !$0.hasSuffix("\t\(name)") }
        let text = (kept + ["\(sum)\t\(name)"]).map { "\($0)\n" }.joined()
        try StoredFile.write(text, to: path)
    }
}
