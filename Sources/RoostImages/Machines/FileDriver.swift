import Foundation
public import RoostTemplate

/// Stores a file.
public struct FileDriver: ImageBuilderDriver {
    public init() {}

    public func start(_ target: ImageTarget, _ context: BuildContext) async throws -> any ImageMachine {
        let path = target.settings["target"]?.text ?? ""
        let place = context.path(path)
        do {
            if let source = target.settings["source"]?.text, !source.isEmpty {
                try Self.copy(context.path(source), to: place)
            } else {
                try Data((target.settings["content"]?.text ?? "").utf8).write(to: URL(filePath: place))
            }
        } catch {
            throw ImageBuildFailure.file(path: path, reason: "it cannot be stored: \(error.localizedDescription)")
        }
        return NoMachine(
            type: target.type,
            artifact: ImageArtifact(
                builderID: "packer.file",
                id: "File",
                text: "Stored file: \(path)",
                files: [path]
            )
        )
    }

    /// Over what is there, which stays as it is when the copy fails.
    private static func copy(_ source: String, to target: String) throws {
        let new = target + ".roost-new"
        try? FileManager.default.removeItem(atPath: new)
        try FileManager.default.copyItem(atPath: source, toPath: new)
        guard rename(new, target) == 0 else {
            let error = errno
            try? FileManager.default.removeItem(atPath: new)
            throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EIO)
        }
    }
}
