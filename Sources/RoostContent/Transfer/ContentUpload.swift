public import RoostModel
import Synchronization

/// Sends the files of a scan, chunk by chunk, and only the chunks that are missing on the far side.
///
/// A few batches of chunks are under way at once, each of about ``batchSize`` bytes, so memory stays bounded whatever the files are. An upload that was cut
/// short is simply done again: what came over is not sent again.
public struct ContentUpload: Sendable {
    private let sink: any ChunkSink
    private let told: @Sendable (TransferProgress) -> Void
    static let batchSize = 6 << 20
    static let batchesAtOnce = 4

    /// - Parameters:
    ///   - sink: the far side.
    ///   - told: hears of the progress, from several tasks.
    public init(to sink: any ChunkSink, told: @escaping @Sendable (TransferProgress) -> Void = { _ in }) {
        self.sink = sink
        self.told = told
    }

    /// What was sent.
    public struct Outcome: Hashable, Sendable {
        /// The chunks of the manifest's text.
        public var manifest: [ContentChunk]
        public var files: Int
        /// Bytes of all files.
        public var size: Int
        /// Bytes that had to travel.
        public var sent: Int
    }

    /// Reads the files and sends what is missing.
    ///
    /// - Throws: ``FolderFault`` when a file cannot be read, what the sink throws.
    public func run(_ scan: FolderScan) async throws -> Outcome {
        let counter = UploadCounter(total: scan.size, files: scan.items.count, told: told)
        let manifest = try await sendFiles(scan, counter)
        var chunker = Chunker()
        let parts = manifest.text.withUnsafeBytes { chunker.add($0) } + chunker.end()
        let pages = try await send(parts, counter, countsAsContent: false)
        return Outcome(manifest: pages, files: manifest.fileCount, size: manifest.size, sent: counter.sent)
    }

    private func sendFiles(_ scan: FolderScan, _ counter: UploadCounter) async throws -> ContentManifest {
        var reader = ChunkReader(scan)
        return try await withThrowingTaskGroup(of: (Int, [ContentChunk]).self) { group in
            var batches: [Int: [ContentChunk]] = [:]
            var number = 0
            while let batch = try reader.nextBatch(of: Self.batchSize) {
                if number >= Self.batchesAtOnce, let (place, chunks) = try await group.next() {
                    batches[place] = chunks
                }
                let place = number
                group.addTask { (place, try await send(batch, counter, countsAsContent: true)) }
                number += 1
            }
            while let (place, chunks) = try await group.next() { batches[place] = chunks }
            let chunks = (0..<number).flatMap { batches[$0] ?? [] }
            return ContentManifest(chunks: chunks, entries: reader.entries)
        }
    }

    private func send(
        _ parts: [[UInt8]],
        _ counter: UploadCounter,
        countsAsContent: Bool
    ) async throws -> [ContentChunk] {
        let chunks = parts.map { ContentChunk(id: ChunkCodec.id(of: $0), size: $0.count) }
        let missing = try await sink.missing(Array(Set(chunks.map(\.id))))
        for (part, chunk) in zip(parts, chunks) {
            try Task.checkCancellation()
            var sent = 0
            if missing.contains(chunk.id), counter.begins(chunk.id) {
                let stored = ChunkCodec.encode(part)
                try await sink.send(chunk.id, stored)
                sent = stored.count
            }
            counter.add(done: countsAsContent ? chunk.size : 0, sent: sent)
        }
        return chunks
    }
}

/// Reads the files of a scan one behind the other and cuts them into chunks.
private struct ChunkReader {
    /// Of the files read so far, with the sizes they turned out to have.
    private(set) var entries: [ContentManifest.Entry] = []
    private var items: ArraySlice<FolderScan.Item>
    private var chunker = Chunker()
    private var open: FileReader?
    private var current = 0
    private var offset = 0
    private var begin = 0
    private var isEnded = false

    init(_ scan: FolderScan) { items = scan.items[...] }

    /// Chunks of about so many bytes together; nil at the end.
    mutating func nextBatch(of size: Int) throws -> [[UInt8]]? {
        var batch: [[UInt8]] = []
        var bytes = 0
        while bytes < size, let chunks = try step() {
            batch += chunks
            bytes += chunks.reduce(0) { $0 + $1.count }
        }
        return batch.isEmpty ? nil : batch
    }

    /// One read, or one item that is no file; nil at the end.
    private mutating func step() throws -> [[UInt8]]? {
        if let reader = open {
            var chunks: [[UInt8]] = []
            let isMore = try reader.next { bytes in
                offset += bytes.count
                chunks = chunker.add(bytes)
            }
            if !isMore { endFile() }
            return chunks
        }
        guard let item = items.popFirst() else {
            if isEnded { return nil }
            isEnded = true
            return chunker.end()
        }
        guard item.entry.isFile else {
            entries.append(item.entry)
            return []
        }
        open = try FileReader(item.place)
        begin = offset
        entries.append(item.entry)
        // A large file begins a chunk of its own, so that it gives the same ones beside whatever it stands.
        return item.entry.size >= Chunker.least ? chunker.end() : []
    }

    private mutating func endFile() {
        open = nil
        entries[entries.count - 1].kind = .file(size: offset - begin, offset: begin)
    }
}

/// Counts what several batches send.
private final class UploadCounter: Sendable {
    private struct State {
        var progress = TransferProgress()
        var begun: Set<ChunkID> = []
    }

    private let state: Mutex<State>
    private let told: @Sendable (TransferProgress) -> Void

    init(total: Int, files: Int, told: @escaping @Sendable (TransferProgress) -> Void) {
        var state = State()
        state.progress.total = total
        state.progress.files = files
        self.state = Mutex(state)
        self.told = told
    }

    var sent: Int { state.withLock { $0.progress.travelled } }

    /// False when another batch sends the chunk already.
    func begins(_ chunk: ChunkID) -> Bool { state.withLock { $0.begun.insert(chunk).inserted } }

    func add(done: Int, sent: Int) {
        let progress = state.withLock { state in
            state.progress.done += done
            state.progress.travelled += sent
            return state.progress
        }
        told(progress)
    }
}
