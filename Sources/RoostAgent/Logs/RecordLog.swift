import Glibc
import Synchronization

/// The log of one record on its way to the server: lines go into page files, the uploader reads from them.
///
/// What is in a page is what will be uploaded; a page is deleted when the server has all of it. So nothing is lost while the server is
/// away or when this process ends, and no more than one block is in memory.
public final class RecordLog: LogSink {
    /// The size at which a page ends, as Azure Pipelines' agent has it; checked between writes.
    static let pageSize = 8 << 20
    /// Less than this waits a moment for company.
    static let bulkSize = 1 << 20

    /// Bytes and where they belong.
    struct Block {
        var offset: Int
        var bytes: [UInt8]
    }

    private struct Open {
        var page: LogPage
        var file: OwnedDescriptor
        /// Bytes written to it.
        var size: Int
        var isFull = false
    }

    private struct Contents {
        /// In order; the first is the one that is being uploaded.
        var pages: [Open] = []
        var written = 0
        var uploaded = 0
        var isFinished = false
        /// The uploader has just sent and waits for company of what comes next.
        var isPaced = false
        /// Bytes that could not be stored, because the disk was full or broken.
        var lost = 0
        var storageError: Int32?
    }

    /// Id of the timeline record, lower case.
    let record: String
    private let folder: String
    private let contents = Mutex(Contents())
    private let news = Signal()

    /// - Parameters:
    ///   - record: id of the timeline record.
    ///   - folder: where the pages stand; exists.
    public init(record: String, folder: String) {
        self.record = record
        self.folder = folder
    }

    // MARK: Writing

    public func write(_ bytes: UnsafeRawBufferPointer) {
        let isWorthWaking = contents.withLock { contents -> Bool in
            let pending = contents.written - contents.uploaded
            if let error = store(bytes, &contents) {
                contents.storageError = error
                contents.lost += bytes.count
                return false
            }
            // The first bytes are wanted at once; later ones only when there are enough, because the uploader looks by itself.
            return (pending == 0 && !contents.isPaced) || pending + bytes.count >= Self.bulkSize
        }
        if isWorthWaking { news.send() }
    }

    public func finish() {
        contents.withLock { $0.isFinished = true }
        news.send()
    }

    /// Bytes that could not be kept, and why; nil when all were.
    public var loss: (bytes: Int, reason: String)? {
        contents.withLock { contents in contents.storageError.map { (contents.lost, systemMessage($0)) } }
    }

    private func store(_ bytes: UnsafeRawBufferPointer, _ contents: inout Contents) -> Int32? {
        if contents.pages.last?.isFull ?? true {
            let page = LogPage(
                record: record,
                number: (contents.pages.last?.page.number ?? 0) + 1,
                offset: contents.written
            )
            let file = open("\(folder)/\(page.fileName)", O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0o600)
            guard file >= 0 else { return errno }
            contents.pages.append(Open(page: page, file: OwnedDescriptor(file), size: 0))
        }
        let last = contents.pages.count - 1
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(contents.pages[last].file.number, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                // Half a write would shift all that follows.
                let error = errno
                ftruncate(contents.pages[last].file.number, off_t(contents.pages[last].size))
                return error
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        contents.pages[last].size += bytes.count
        contents.pages[last].isFull = contents.pages[last].size >= Self.pageSize
        contents.written += bytes.count
        return nil
    }

    // MARK: Uploading

    /// Waits until there is something to do.
    func waitForNews() async { await news.wait() }

    /// Waits until there is much to do, the log is finished, or the given time is over.
    func waitForBulk(atMost limit: Duration) async {
        contents.withLock { $0.isPaced = true }
        await news.wait(atMost: limit)
        contents.withLock { $0.isPaced = false }
    }

    /// Bytes that the server has not.
    var pending: Int { contents.withLock { $0.written - $0.uploaded } }

    /// No more lines come.
    var isFinished: Bool { contents.withLock { $0.isFinished } }

    /// The next bytes for the server, of one page; nil when it has all.
    func nextBlock(limit: Int) -> Block? {
        contents.withLock { contents in
            guard contents.uploaded < contents.written, let page = contents.pages.first else { return nil }
            let start = contents.uploaded - page.page.offset
            let count = min(limit, page.size - start)
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = max(0, pread(page.file.number, buffer.baseAddress, count, off_t(start)))
            }
            return bytes.isEmpty ? nil : Block(offset: contents.uploaded, bytes: bytes)
        }
    }

    /// The server has all up to a place; pages before it are deleted.
    func confirm(upTo offset: Int) {
        contents.withLock { contents in
            contents.uploaded = max(contents.uploaded, offset)
            while let page = contents.pages.first, page.page.offset + page.size <= contents.uploaded,
                page.isFull || contents.isFinished
            {
                unlink("\(folder)/\(page.page.fileName)")
                contents.pages.removeFirst()
            }
        }
    }

    /// Notes the number the server gave to the log, for the case that this process does not live to upload it all.
    func note(number: Int) {
        _ = SmallFile.write("\(number)", to: "\(folder)/\(LogPage.numberFileName(record: record))")
    }

    /// All is with the server: nothing of the log is needed here any more.
    func removeFiles() {
        unlink("\(folder)/\(LogPage.numberFileName(record: record))")
        contents.withLock { contents in
            for page in contents.pages { unlink("\(folder)/\(page.page.fileName)") }
            contents.pages = []
        }
    }
}
