/// A file with a part of a record's log: `RECORD_NUMBER_OFFSET.log`.
///
/// Its name says where its bytes belong in the log, so that what a worker left behind can be uploaded without it.
struct LogPage: Hashable, Sendable {
    /// Id of the timeline record.
    var record: String
    /// 1 for the first.
    var number: Int
    /// Where its first byte stands in the record's log.
    var offset: Int

    var fileName: String { "\(record)_\(number)_\(offset).log" }

    init(record: String, number: Int, offset: Int) {
        self.record = record
        self.number = number
        self.offset = offset
    }

    /// Reads a file name; nil when it is not a page's.
    init?(fileName: String) {
        guard fileName.hasSuffix(".log") else { return nil }
        let parts = fileName.dropLast(4).split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, let number = Int(parts[1]), let offset = Int(parts[2]), offset >= 0
        else { return nil }
        self.init(record: String(parts[0]), number: number, offset: offset)
    }

    /// The record of a file that holds a log's number; nil when it is none.
    static func record(ofNumberFile name: String) -> String? { name.hasSuffix(".id") ? String(name.dropLast(3)) : nil }

    /// Name of the file that holds the number the server gave to a record's log.
    static func numberFileName(record: String) -> String { "\(record).id" }
}
