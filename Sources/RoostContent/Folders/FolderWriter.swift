import Glibc
import RoostModel

/// Writes entries of a manifest into a folder and nowhere else.
///
/// No part of a path below the folder is followed when it is a link, and a link or a file that stands where something is written is replaced, never
/// written through.
struct FolderWriter: Sendable {
    let folder: String
    let options: ContentDownload.Options

    private func place(_ path: String) -> String { "\(folder)/\(path)" }

    /// Makes folders, empty files, and files whose parts come in several chunks.
    func prepare(
        _ entries: [ContentManifest.Entry],
        _ plan: ChunkPlan,
        keeping kept: Set<String>
    ) throws(FolderFault) {
        try FolderMaker.make(folder)
        var made: Set<Substring> = []
        for entry in entries {
            if case .folder = entry.kind {
                try makeFolder(entry.path[...], &made)
            } else if let slash = entry.path.lastIndex(of: "/") {
                try makeFolder(entry.path[..<slash], &made)
            }
        }
        for entry in entries where entry.isFile && !kept.contains(entry.path) {
            try remove(entry.path)
            if entry.size == 0 { try makeFile(entry.path, mode: entry.mode, size: 0) }
        }
        var cut: Set<String> = []
        for need in plan.needs {
            for piece in need.pieces where !piece.isWhole && !kept.contains(piece.path) {
                if cut.insert(piece.path).inserted { try makeFile(piece.path, mode: piece.mode, size: 0) }
            }
        }
    }

    private func makeFolder(_ path: Substring, _ made: inout Set<Substring>) throws(FolderFault) {
        guard !made.contains(path) else { return }
        if let slash = path.lastIndex(of: "/") { try makeFolder(path[..<slash], &made) }
        let place = place(String(path))
        if mkdir(place, 0o777) != 0 {
            guard errno == EEXIST else { throw FolderFault(place, errno, doing: "write") }
            var status = stat()
            guard lstat(place, &status) == 0 else { throw FolderFault(place, errno, doing: "write") }
            if status.st_mode & S_IFMT != S_IFDIR {
                guard unlink(place) == 0, mkdir(place, 0o777) == 0 else {
                    throw FolderFault(place, errno, doing: "write")
                }
            } else if status.st_mode & 0o700 != 0o700 {
                chmod(place, status.st_mode | 0o700)
            }
        }
        made.insert(path)
    }

    private func remove(_ path: String) throws(FolderFault) {
        guard unlink(place(path)) == 0 || errno == ENOENT else { throw FolderFault(place(path), errno, doing: "write") }
    }

    private func makeFile(_ path: String, mode: Int, size: Int) throws(FolderFault) {
        let descriptor = try openFile(path, mode: mode, O_CREAT | O_TRUNC)
        close(descriptor)
    }

    private func openFile(_ path: String, mode: Int, _ flags: Int32) throws(FolderFault) -> Int32 {
        // Until it is finished its owner may write to it, whatever its mode will be.
        let mode = options.keepsModes ? mode_t(mode) | 0o600 : mode & 0o111 != 0 ? 0o777 : 0o666
        let descriptor = open(place(path), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, mode)
        guard descriptor >= 0 else { throw FolderFault(place(path), errno, doing: "write") }
        return descriptor
    }

    /// Writes a part of a chunk to its place.
    func write(_ bytes: [UInt8], _ piece: ChunkPlan.Piece) throws(FolderFault) {
        let descriptor = try openFile(piece.path, mode: piece.mode, piece.isWhole ? O_CREAT | O_TRUNC : 0)
        defer { close(descriptor) }
        var range = piece.range
        var offset = piece.fileOffset
        while !range.isEmpty {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress.map { $0 + range.lowerBound }, range.count, offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FolderFault(place(piece.path), errno, doing: "write") }
            range = range.lowerBound + count..<range.upperBound
            offset += count
        }
    }

    /// Makes links, and gives everything its mode and its times; inner folders before outer ones.
    func finish(_ entries: [ContentManifest.Entry]) throws(FolderFault) {
        for entry in entries {
            if case .link(let target) = entry.kind {
                try remove(entry.path)
                guard symlink(target, place(entry.path)) == 0 else {
                    throw FolderFault(place(entry.path), errno, doing: "write")
                }
            }
        }
        for entry in entries.reversed() {
            let isLink = if case .link = entry.kind { true } else { false }
            let place = place(entry.path)
            if options.keepsModes, !isLink { chmod(place, mode_t(entry.mode)) }
            guard options.keepsTimes else { continue }
            let moment = timespec(tv_sec: entry.modified / 1_000_000_000, tv_nsec: entry.modified % 1_000_000_000)
            let times = [moment, moment]
            utimensat(AT_FDCWD, place, times, AT_SYMLINK_NOFOLLOW)
        }
    }

    /// Removes the files of a plan but those that are complete.
    func removeFiles(of plan: ChunkPlan, but written: Set<String>) {
        for need in plan.needs {
            for piece in need.pieces where !written.contains(piece.path) { unlink(place(piece.path)) }
        }
    }
}

/// Makes folders.
enum FolderMaker {
    /// Makes a folder and those above it; links in it are followed, for people may have put them there.
    static func make(_ path: String) throws(FolderFault) {
        if mkdir(path, 0o777) == 0 { return }
        if errno == EEXIST {
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
            throw FolderFault(path, ENOTDIR, doing: "write")
        }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw FolderFault(path, errno, doing: "write")
        }
        try make(String(path[..<slash]))
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FolderFault(path, errno, doing: "write") }
    }
}
