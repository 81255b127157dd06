import FoundationEssentials
import RoostModel

/// Pages that a worker left behind when it ended before its time.
public enum LogLeftovers {
    /// Uploads the pages of a job's folder in their order and deletes them.
    ///
    /// Blocks that the server has already are recognized by their place and not added again.
    ///
    /// - Parameters:
    ///   - folder: that of ``PagedLogs``.
    ///   - reporter: the way to the server, with the job's token.
    /// - Returns: how many bytes were sent.
    /// - Throws: what the reporter throws; the pages not yet sent stay.
    @discardableResult
    public static func upload(folder: String, to reporter: any JobReporter) async throws -> Int {
        let pages = FileTree.names(in: folder).compactMap(LogPage.init(fileName:))
        var sent = 0
        let numbered = FileTree.names(in: folder).compactMap(LogPage.record(ofNumberFile:))
        for record in Set(pages.map(\.record) + numbered).sorted() {
            let own = pages.filter { $0.record == record }.sorted { $0.offset < $1.offset }
            let number = try await number(of: record, folder, reporter)
            for page in own { sent += try await upload(page, folder, to: number, reporter) }
            FileTree.delete("\(folder)/\(LogPage.numberFileName(record: record))")
        }
        FileTree.delete(folder)
        return sent
    }

    /// Jobs with pages, by folder name, which is the job's id.
    public static func jobs(in pages: String) -> [String] {
        FileTree.names(in: pages).filter { FileTree.isFolder("\(pages)/\($0)") }.sorted()
    }

    private static func number(of record: String, _ folder: String, _ reporter: any JobReporter) async throws -> Int {
        let file = "\(folder)/\(LogPage.numberFileName(record: record))"
        let number: Int
        if let text = SmallFile.read(file), let known = Int(text) {
            number = known
        } else {
            number = try await reporter.createLog(path: "logs\\\(record)")
            _ = SmallFile.write("\(number)", to: file)
        }
        // The worker may have ended between the number and the record that names it.
        if let id = UUID(uuidString: record) { reporter.updateRecords([JobRecords.numbered(id, log: number)]) }
        return number
    }

    private static func upload(
        _ page: LogPage,
        _ folder: String,
        to number: Int,
        _ reporter: any JobReporter
    ) async throws -> Int {
        let path = "\(folder)/\(page.fileName)"
        guard let bytes = ProcFile.read(path, limit: Int.max) else { return 0 }
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + LogUploader.blockSize)
            try await reporter.append(Array(bytes[start..<end]), toLog: number, at: page.offset + start)
            start = end
        }
        FileTree.delete(path)
        return bytes.count
    }
}
