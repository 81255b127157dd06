import Glibc
public import RoostModel
import Synchronization

/// Brings files of a manifest into a folder: the chunks that are needed, several at once, each checked by its hash.
///
/// Memory holds ``chunksAtOnce`` chunks at most. With a journal, a download that was cut short goes on where it was.
public struct ContentDownload: Sendable {
    private let source: any ChunkSource
    private let told: @Sendable (TransferProgress) -> Void
    static let chunksAtOnce = 6

    /// How files are written.
    public struct Options: Sendable {
        /// Permission bits and times of the manifest; else files are made as the process makes them.
        public var keepsModes = true
        public var keepsTimes = false
        /// A file that remembers which chunks are written; removed at the end.
        public var journal: String?

        public init(keepsModes: Bool = true, keepsTimes: Bool = false, journal: String? = nil) {
            self.keepsModes = keepsModes
            self.keepsTimes = keepsTimes
            self.journal = journal
        }
    }

    /// - Parameters:
    ///   - source: the far side.
    ///   - told: hears of the progress, from several tasks.
    public init(from source: any ChunkSource, told: @escaping @Sendable (TransferProgress) -> Void = { _ in }) {
        self.source = source
        self.told = told
    }

    /// The manifest that some chunks hold.
    ///
    /// - Throws: ``ManifestFault``, ``ChunkFault``, what the source throws.
    public func manifest(_ chunks: [ContentChunk]) async throws -> ContentManifest {
        var text: [UInt8] = []
        for chunk in chunks { text += try await fetch(chunk.id) }
        return try ContentManifest(text: text)
    }

    /// A chunk's bytes, which have the right hash; one that came damaged is asked for once more.
    func fetch(_ chunk: ChunkID, _ counted: (Int) -> Void = { _ in }) async throws -> [UInt8] {
        let stored = try await source.fetch(chunk, isSuspect: false)
        counted(stored.count)
        if let bytes = try? ChunkCodec.decode(stored, of: chunk) { return bytes }
        return try ChunkCodec.decode(await source.fetch(chunk, isSuspect: true), of: chunk)
    }

    /// Writes entries of a manifest into a folder.
    ///
    /// - Parameters:
    ///   - manifest: what there is.
    ///   - folder: where to; made when it is not there.
    ///   - options: how.
    ///   - wanted: which entries; a folder is made for each file in it in any case.
    /// - Returns: how many files and bytes were written, and how many travelled.
    /// - Throws: ``DownloadFault`` for a chunk that no good copy exists of, ``FolderFault``, what the source throws. Files
    ///   that are not complete are removed, unless there is a journal.
    @discardableResult
    public func run(
        _ manifest: ContentManifest,
        into folder: String,
        _ options: Options = Options(),
        wanted: (ContentManifest.Entry) -> Bool = { _ in true }
    ) async throws -> TransferProgress {
        let entries = manifest.entries.filter(wanted)
        let writer = FolderWriter(folder: folder, options: options)
        let plan = ChunkPlan(manifest.chunks, entries)
        let journal = try DownloadJournal(options.journal, plan: plan, folder: folder)
        try writer.prepare(entries, plan, keeping: journal.kept)
        let counter = DownloadCounter(entries, told: told)
        do {
            try await writeChunks(plan, writer, journal, counter)
        } catch {
            if options.journal == nil { writer.removeFiles(of: plan, but: counter.written) }
            throw error
        }
        try writer.finish(entries)
        journal.remove()
        return counter.progress
    }

    private func writeChunks(
        _ plan: ChunkPlan,
        _ writer: FolderWriter,
        _ journal: DownloadJournal,
        _ counter: DownloadCounter
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for (place, need) in plan.needs.enumerated() {
                if journal.done.contains(place) {
                    counter.note(place, need)
                    continue
                }
                if running == Self.chunksAtOnce {
                    try await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { try await write(place, need, writer, journal, counter) }
            }
            try await group.waitForAll()
        }
    }

    private func write(
        _ place: Int,
        _ need: ChunkPlan.Need,
        _ writer: FolderWriter,
        _ journal: DownloadJournal,
        _ counter: DownloadCounter
    ) async throws {
        try Task.checkCancellation()
        let bytes: [UInt8]
        do {
            bytes = try await fetch(need.chunk.id) { counter.travelled($0) }
        } catch let fault as ChunkFault {
            throw DownloadFault(chunk: fault, files: need.pieces.map(\.path))
        }
        guard bytes.count == need.chunk.size else {
            let fault = ChunkFault.damaged(need.chunk.id, reason: "it has \(bytes.count) bytes, not \(need.chunk.size)")
            throw DownloadFault(chunk: fault, files: need.pieces.map(\.path))
        }
        for piece in need.pieces { try writer.write(bytes, piece) }
        try journal.note(place)
        counter.note(place, need)
    }
}

/// Files cannot be brought because a stored piece of them is damaged or gone.
public struct DownloadFault: UserFacingError, Hashable {
    public var chunk: ChunkFault
    /// Paths of the files that the piece is part of.
    public var files: [String]
    /// What they belong to, such as `artifact 'drop' of run 12`.
    public var owner = ""

    init(chunk: ChunkFault, files: [String]) {
        self.chunk = chunk
        self.files = files
    }

    public var code: String { chunk.code }
    public var summary: String {
        let more = files.count > 1 ? " and \(files.count - 1) more" : ""
        let owner = owner.isEmpty ? "" : " of the \(owner)"
        return "The file '\(files.first ?? "")'\(more)\(owner) cannot be restored. \(chunk.summary)"
    }
    public var location: String? { files.first }
    public var advice: String? { chunk.advice }
}

/// Which chunks are needed for some files, and where their bytes go.
struct ChunkPlan: Sendable {
    /// A part of a chunk that is part of a file.
    struct Piece: Sendable {
        var path: String
        var mode: Int
        /// Where it begins in the file.
        var fileOffset: Int
        var range: Range<Int>
        /// The file is in this chunk as a whole.
        var isWhole: Bool
    }

    struct Need: Sendable {
        var chunk: ContentChunk
        var pieces: [Piece]
    }

    private(set) var needs: [Need] = []

    init(_ chunks: [ContentChunk], _ entries: [ContentManifest.Entry]) {
        var files: [(entry: ContentManifest.Entry, range: Range<Int>)] = []
        for entry in entries {
            if case .file(let size, let offset) = entry.kind, size > 0 { files.append((entry, offset..<offset + size)) }
        }
        files.sort { $0.range.lowerBound < $1.range.lowerBound }
        var first = 0
        var begin = 0
        for chunk in chunks {
            let range = begin..<begin + chunk.size
            begin = range.upperBound
            while first < files.count, files[first].range.upperBound <= range.lowerBound { first += 1 }
            var pieces: [Piece] = []
            for (entry, file) in files[first...] {
                guard file.lowerBound < range.upperBound else { break }
                let common = file.clamped(to: range)
                guard !common.isEmpty else { continue }
                pieces.append(
                    Piece(
                        path: entry.path,
                        mode: entry.mode,
                        fileOffset: common.lowerBound - file.lowerBound,
                        range: common.lowerBound - range.lowerBound..<common.upperBound - range.lowerBound,
                        isWhole: common == file
                    )
                )
            }
            if !pieces.isEmpty { needs.append(Need(chunk: chunk, pieces: pieces)) }
        }
    }
}

/// Counts what several tasks write.
private final class DownloadCounter: Sendable {
    private struct State {
        var progress = TransferProgress()
        /// Bytes that are still to come, by path.
        var rest: [String: Int] = [:]
        var written: Set<String> = []
    }

    private let state: Mutex<State>
    private let told: @Sendable (TransferProgress) -> Void

    init(_ entries: [ContentManifest.Entry], told: @escaping @Sendable (TransferProgress) -> Void) {
        var state = State()
        for entry in entries {
            if case .folder = entry.kind { continue }
            state.progress.files += 1
            state.progress.total += entry.size
            if entry.size > 0 { state.rest[entry.path] = entry.size }
        }
        self.state = Mutex(state)
        self.told = told
    }

    var progress: TransferProgress { state.withLock { $0.progress } }
    /// Paths of files that are complete.
    var written: Set<String> { state.withLock { $0.written } }

    func travelled(_ bytes: Int) { state.withLock { $0.progress.travelled += bytes } }

    func note(_ place: Int, _ need: ChunkPlan.Need) {
        let progress = state.withLock { state in
            for piece in need.pieces {
                state.progress.done += piece.range.count
                state.rest[piece.path, default: 0] -= piece.range.count
                if state.rest[piece.path] == 0 {
                    state.rest[piece.path] = nil
                    state.written.insert(piece.path)
                }
            }
            return state.progress
        }
        told(progress)
    }
}
