import Foundation

/// Writes a file whole or not at all, with the folders above it.
enum StoredFile {
    static func write(_ text: String, to path: String) throws(ImageBuildFailure) {
        do {
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw .file(path: path, reason: "it cannot be written: \(error.localizedDescription)")
        }
    }
}
