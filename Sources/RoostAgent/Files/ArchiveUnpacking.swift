import FoundationEssentials
import RoostModel

/// Unpacks archives so that nothing is written outside of a folder.
///
/// The programs refuse names that lead out. What they unpack goes into an empty folder first and is moved from there without following
/// links, so that an archive cannot write through a link which an earlier one left.
struct ArchiveUnpacking {
    let work: StepWork
    /// Files that are there give way.
    let overwrites: Bool
    /// A 7z program of the user's choice.
    var sevenZip: String?

    /// Unpacks one archive.
    ///
    /// - Returns: how many files stayed as they were because they were there already.
    /// - Throws: ``FileFailure``, ``ProgramFailure``, ``ProcessFailure`` or ``StepStopped``.
    func unpack(_ archive: String, into target: String) async throws -> Int {
        let draft = "\(target)/.unpacking-\(UUID().uuidString.lowercased())"
        let error = FileTree.make(draft)
        guard error == 0 else { throw FileFailure.unwritable(target, error: error) }
        defer { FileTree.delete(draft) }
        work.output.writeLine("Extracting file: \(archive)")
        let (program, arguments) = try command(archive, draft)
        let outcome = try await work.call(program, arguments, in: draft)
        if outcome.stopped { throw StepStopped() }
        guard outcome.exitCode == 0 else {
            throw FileFailure.notUnpacked(archive, program: program.lastPart, code: outcome.exitCode)
        }
        return try move(draft, into: target)
    }

    private func command(_ archive: String, _ folder: String) throws -> (String, [String]) {
        switch ArchiveKind(name: archive.lastPart) {
        case .tar:
            return (
                try work.program("tar", package: "tar"),
                ["-x", "-f", archive, "--force-local", "-C", folder, "--no-same-owner"]
            )
        case .zip: return (try work.program("unzip", package: "unzip"), ["-q", "-o", archive, "-d", folder])
        case .other:
            let program = if let sevenZip { sevenZip } else { try work.program("7z", "7zz", "7za", package: "7zip") }
            return (program, ["x", "-y", "-bd", "-o\(folder)", archive])
        }
    }

    private func move(_ folder: String, into target: String) throws(FileFailure) -> Int {
        var kept = 0
        for name in FileTree.names(in: folder) {
            let (place, goal) = ("\(folder)/\(name)", "\(target)/\(name)")
            if FileTree.isRealFolder(place), FileTree.isRealFolder(goal) {
                kept += try move(place, into: goal)
                continue
            }
            if FileTree.exists(goal) || FileTree.isLink(goal) {
                guard overwrites else {
                    kept += 1
                    continue
                }
                let left = FileTree.delete(goal)
                if !left.isEmpty { throw .notDeleted(count: left.count) }
            }
            let error = FileTree.rename(place, to: goal)
            if error != 0 { throw .unwritable(goal, error: error) }
        }
        return kept
    }
}

/// How an archive is unpacked, by its name.
enum ArchiveKind {
    case tar
    case zip
    /// All that 7z knows.
    case other

    private static let tarEnds = [
        ".tar", ".tar.gz", ".tgz", ".taz", ".tar.z", ".tar.bz2", ".tz2", ".tbz2", ".tbz", ".tar.lz", ".tar.lzma",
        ".tlz", ".tar.lzo", ".tar.xz", ".txz", ".tar.zst",
    ]
    private static let zipEnds = [".zip", ".jar", ".war", ".ear"]

    init(name: String) {
        let name = name.lowercased()
        self =
            Self.tarEnds.contains { name.hasSuffix($0) }
            ? .tar : Self.zipEnds.contains { name.hasSuffix($0) } ? .zip : .other
    }
}
