import Foundation

/// Stores an image as a file.
struct FileDistribution: Sendable {
    let name: String

    /// Stores an image beside its place and moves it there when it is whole.
    ///
    /// - Returns: where it is.
    func store(_ image: String, _ context: BuildContext) throws(ImageBuildFailure) -> String {
        let path = context.path(name)
        guard context.isForced || !FileManager.default.fileExists(atPath: path) else {
            throw .file(path: path, reason: "it is there already; with -force it is replaced")
        }
        let new = "\(path).\(context.runID)"
        do {
            // The same file under a second name where that can be, else a copy.
            if link(image, new) != 0 { try FileManager.default.copyItem(atPath: image, toPath: new) }
        } catch { throw .file(path: path, reason: "it cannot be stored: \(error.localizedDescription)") }
        guard rename(new, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(new)
            throw .file(path: path, reason: reason)
        }
        return path
    }
}
