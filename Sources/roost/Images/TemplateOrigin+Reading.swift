import Crypto
import Foundation
import RoostImages
import RoostLanguage
import RoostTemplate

extension TemplateOrigin {
    /// Where a template comes from: the digest of its files, and their commit when they are as they are there.
    ///
    /// - Parameters:
    ///   - reading: what was read.
    ///   - path: the file or folder, as it was named.
    init(_ reading: ImageTemplateReading, _ path: String) {
        var hash = SHA256()
        for source in reading.sources.sorted(by: { $0.name < $1.name }) {
            let name = source.name.split(separator: "/").last.map(String.init) ?? source.name
            for text in [Array(name.utf8), Array(source.text.utf8)] {
                withUnsafeBytes(of: UInt64(text.count).littleEndian) { hash.update(bufferPointer: $0) }
                hash.update(data: text)
            }
        }
        let digits = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        self.init(
            builder: "roost \(Roost.version)",
            hash: digits,
            commit: Self.commit(of: path),
            run: ProcessInfo.processInfo.environment["BUILD_BUILDID"].flatMap(Int.init)
        )
    }

    private static func commit(of path: String) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
        let folder = isFolder.boolValue ? path : URL(filePath: path).deletingLastPathComponent().path
        let name = isFolder.boolValue ? "." : URL(filePath: path).lastPathComponent
        // What is not as in the commit, or not in git at all, does not come from it.
        guard LocalSource.git(folder, "ls-files", "--error-unmatch", "--", name) != nil,
            LocalSource.git(folder, "status", "--porcelain", "--", name) == nil
        else { return nil }
        return LocalSource.git(folder, "rev-parse", "--quiet", "--verify", "HEAD")
    }
}

extension ImagePlan {
    /// Whether a server is asked for galleries.
    var needsGallery: Bool {
        targets.contains { target in
            guard target.recordings.isEmpty else { return true }
            guard target.type.hasPrefix("roost-") || target.type == "azure-image-builder" else { return false }
            if case .galleryVersion? = target.base { return true }
            return (target.destinations ?? []).contains { if case .gallery = $0.place { true } else { false } }
        }
    }
}
