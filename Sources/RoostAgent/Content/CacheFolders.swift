import FoundationEssentials
import Glibc
import RoostContent
import RoostModel

/// Brings the folders of a cache entry to their places, each as a whole or not at all.
///
/// Everything is written and checked beside the target first and then renamed: in one step where the target is not there or empty, name by name where it has
/// files of its own. For the time of the latter a note stands beside the target; a restore that finds one from before was killed
/// in it, empties the target first and says so.
struct CacheFolders: Sendable {
    /// Absolute, in the order of the step.
    let paths: [String]
    /// Emptied before and after each job.
    let temporary: String
    /// Of the step.
    let id: UUID

    static let noteSuffix = ".roost-restoring"

    /// Restores all paths.
    ///
    /// - Throws: what kept it from that; the targets are then as they were, unless moving complete files to them failed.
    @discardableResult
    func restore(
        _ manifest: ContentManifest,
        _ download: ContentDownload,
        told: (String) -> Void
    ) async throws -> TransferProgress {
        let stage = stage()
        FileTree.delete(stage)
        defer { FileTree.delete(stage) }
        let done = try await download.run(manifest, into: stage, .init(keepsModes: true, keepsTimes: true))
        for (place, path) in paths.enumerated() {
            let isFolder = manifest.entries.contains { $0.path == String(place) }
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            try move(isFolder ? "\(stage)/\(place)" : "\(stage)/\(place)/\(name)", to: path, told)
        }
        return done
    }

    /// A folder on the file system of the targets, so that a rename reaches them.
    private func stage() -> String {
        let target = paths.first ?? temporary
        let usual = "\(temporary)/cache-\(id.uuidString.lowercased())"
        guard Self.device(of: target) != Self.device(of: temporary) else { return usual }
        // The same name each time, so that what a killed restore left is removed by the next.
        return "\(target).roost-restore"
    }

    /// Of a path, or of the nearest folder above it that exists.
    private static func device(of path: String) -> UInt {
        var path = path
        var status = Glibc.stat()
        while stat(path, &status) != 0, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            path = String(path[..<slash])
        }
        return UInt(status.st_dev)
    }

    private func move(_ source: String, to target: String, _ told: (String) -> Void) throws {
        guard FileTree.exists(source) else { return }
        let note = target + Self.noteSuffix
        if FileTree.exists(note) {
            told("An earlier restore of '\(target)' was cut short; the folder is emptied first.")
            FileTree.empty(target)
        }
        if let slash = target.lastIndex(of: "/"), slash > target.startIndex {
            try Self.check(FileTree.make(String(target[..<slash])), target)
        }
        if rmdir(target) == 0 || !FileTree.isFolder(target) || !FileTree.isFolder(source) {
            if !FileTree.isFolder(source) { unlink(target) }
            try Self.check(rename(source, target) == 0 ? 0 : errno, target)
            unlink(note)
            return
        }
        try Self.check(SmallFile.create("", at: note), note)
        try merge(source, into: target)
        unlink(note)
    }

    /// Moves what is in a folder into one that has content; the new wins where both have a name.
    private func merge(_ source: String, into target: String) throws {
        for name in FileTree.names(in: source) {
            let (from, to) = ("\(source)/\(name)", "\(target)/\(name)")
            let areFolders = FileTree.isRealFolder(from) && FileTree.isRealFolder(to)
            if areFolders {
                try merge(from, into: to)
            } else {
                if FileTree.isRealFolder(from) != FileTree.isRealFolder(to) { FileTree.delete(to) }
                try Self.check(rename(from, to) == 0 ? 0 : errno, to)
            }
        }
    }

    private static func check(_ error: Int32, _ path: String) throws {
        guard error == 0 else { throw MoveFault(path: path, error: error) }
    }

    /// A complete file could not be moved to its place.
    struct MoveFault: UserFacingError, Hashable {
        var path: String
        var error: Int32

        var code: String { "cache.move" }
        var summary: String { "'\(path)' cannot be written: \(String(cString: strerror(error)))." }
        var location: String? { path }
    }
}
