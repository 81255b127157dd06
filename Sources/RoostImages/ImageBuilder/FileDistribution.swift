import Foundation
import RoostTemplate

/// Stores an image as a file.
struct FileDistribution: Sendable {
    let name: String

    /// Stores an image beside its place and moves it there when it is whole.
    ///
    /// - Returns: where it is.
    func store(_ image: String, _ context: BuildContext) throws(ImageBuildFailure) -> String {
        let path = try freePath(context)
        let new = "\(path).\(context.runID)"
        do {
            // The same file under a second name where that can be, else a copy.
            if link(image, new) != 0 { try FileManager.default.copyItem(atPath: image, toPath: new) }
        } catch { throw .file(path: path, reason: "it cannot be stored: \(error.localizedDescription)") }
        try Self.move(new, to: path)
        return path
    }

    /// Makes a disk of the machine's layers beside its place, and moves it there when it is whole.
    ///
    /// - Throws: ``ImageBuildFailure``, ``RootfsFailure``, ``SandboxFailure``.
    /// - Returns: where it is, and its SHA-256.
    func storeDisk(
        of machine: RootfsMachine,
        _ target: ImageTarget,
        _ context: BuildContext
    ) async throws -> (path: String, digest: String) {
        let path = try freePath(context)
        let new = "\(path).\(context.runID)"
        guard let settings = try target.builderDisk else {
            throw ImageBuildFailure.file(path: path, reason: "it is no disk")
        }
        // The ledger comes first, so whatever ends this build, the next one can remove the part.
        try machine.build.ledger.note(new)
        try await DiskOutput(build: machine.build, layers: machine.layers, settings: settings).write(new)
        let digest = try FileDigest.of(new)
        try Self.move(new, to: path)
        return (path, digest)
    }

    private func freePath(_ context: BuildContext) throws(ImageBuildFailure) -> String {
        let path = context.path(name)
        guard context.isForced || !FileManager.default.fileExists(atPath: path) else {
            throw .file(path: path, reason: "it is there already; with -force it is replaced")
        }
        return path
    }

    private static func move(_ new: String, to path: String) throws(ImageBuildFailure) {
        guard rename(new, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(new)
            throw .file(path: path, reason: reason)
        }
    }
}
