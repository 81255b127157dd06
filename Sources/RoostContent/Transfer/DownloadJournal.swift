import Glibc
import RoostModel
import Synchronization

/// Which chunks of a download are written already: a file of 4 bytes for each, behind the SHA-256 of what is downloaded.
///
/// A number is appended after the bytes of its chunk were written, so one that is there is true whenever the process ended.
final class DownloadJournal: Sendable {
    /// Places in the plan whose bytes are written.
    let done: Set<Int>
    /// Paths of files that have some of their bytes and stay as they are.
    let kept: Set<String>
    private let path: String?
    private let descriptor: Int32
    private let lock = Mutex(())

    /// - Parameters:
    ///   - path: the file; nil remembers nothing.
    ///   - plan: what is downloaded. A journal of another plan is begun anew.
    ///   - folder: where the files are.
    /// - Throws: ``FolderFault`` when the journal cannot be written.
    init(_ path: String?, plan: ChunkPlan, folder: String) throws(FolderFault) {
        self.path = path
        guard let path else {
            (done, kept, descriptor) = ([], [], -1)
            return
        }
        let name = Self.name(of: plan)
        let known = Self.read(path, name: name, count: plan.needs.count)
        let (done, kept) = Self.check(known, plan, folder)
        (self.done, self.kept) = (done, kept)
        if let slash = path.lastIndex(of: "/") { try FolderMaker.make(String(path[..<slash])) }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FolderFault(path, errno, doing: "write") }
        try append(Array(name.description.utf8) + done.sorted().flatMap(Self.bytes))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// A chunk's bytes are written.
    func note(_ place: Int) throws(FolderFault) {
        guard descriptor >= 0 else { return }
        try lock.withLock { _ throws(FolderFault) in try append(Self.bytes(place)) }
    }

    /// All is done.
    func remove() { if let path { unlink(path) } }

    private func append(_ bytes: [UInt8]) throws(FolderFault) {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw FolderFault(path ?? "", errno, doing: "write") }
    }

    private static func bytes(_ place: Int) -> [UInt8] { withUnsafeBytes(of: UInt32(place).littleEndian) { Array($0) } }

    private static func name(of plan: ChunkPlan) -> ChunkID {
        let texts = plan.needs.flatMap { need in
            ["\(need.chunk.id)\n"] + need.pieces.map { "\($0.path) \($0.fileOffset) \($0.range)\n" }
        }
        return ChunkCodec.id(of: Array(texts.joined().utf8))
    }

    private static func read(_ path: String, name: ChunkID, count: Int) -> Set<Int> {
        var bytes: [UInt8] = []
        guard let reader = try? FileReader(path) else { return [] }
        while (try? reader.next { bytes += $0 }) == true {}
        guard bytes.starts(with: name.description.utf8) else { return [] }
        let numbers = bytes.dropFirst(64)
        return Set(
            stride(from: numbers.startIndex, to: numbers.endIndex - 3, by: 4).map { place in
                (0..<4).reduce(0) { $0 | Int(numbers[place + $1]) << (8 * $1) }
            }.filter { $0 < count }
        )
    }

    /// Keeps what is true: files that have gone or became too short since are fetched again.
    private static func check(_ known: Set<Int>, _ plan: ChunkPlan, _ folder: String) -> (Set<Int>, Set<String>) {
        guard !known.isEmpty else { return ([], []) }
        var lost: Set<String> = []
        for place in known {
            for piece in plan.needs[place].pieces {
                var status = stat()
                let isThere = lstat("\(folder)/\(piece.path)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
                if !isThere || Int(status.st_size) < piece.fileOffset + piece.range.count { lost.insert(piece.path) }
            }
        }
        let done = known.filter { place in !plan.needs[place].pieces.contains { lost.contains($0.path) } }
        return (done, Set(done.flatMap { plan.needs[$0].pieces.map(\.path) }))
    }
}
