public import FoundationEssentials
import RoostModel

/// Logs that go to the server by way of page files.
public final class PagedLogs: StepLogs {
    /// The folder of the job's pages; exists while there are any.
    let folder: String
    private let uploader: LogUploader

    /// - Parameters:
    ///   - folder: a folder for this job alone; made when it is not there.
    ///   - reporter: the way to the server.
    /// - Throws: ``WorkspaceFailure`` when the folder cannot be made.
    public init(folder: String, reporter: any JobReporter) throws {
        self.folder = folder
        let error = FileTree.make(folder, mode: 0o700)
        if error != 0 { throw WorkspaceFailure.notWritable(path: folder, error: error) }
        uploader = LogUploader(reporter: reporter) { record, number in
            guard let id = UUID(uuidString: record) else { return }
            reporter.updateRecords([JobRecords.numbered(id, log: number)])
        }
    }

    public func open(record: UUID) -> any LogSink {
        let log = RecordLog(record: record.uuidString.lowercased(), folder: folder)
        uploader.add(log)
        return log
    }

    public func run() async {
        await uploader.run()
        // Stays when pages are left in it.
        if FileTree.names(in: folder).isEmpty { FileTree.delete(folder) }
    }

    public func finish() { uploader.finish() }
}
