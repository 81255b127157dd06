public import FoundationEssentials
import Synchronization

/// Logs that are told line by line to somebody in this process, such as a terminal, and kept nowhere.
public final class LocalLogs: StepLogs {
    private let told: @Sendable (_ record: UUID, LogLine) -> Void

    /// - Parameter told: takes each line with the record it belongs to; called from the threads that read the output of processes.
    public init(_ told: @escaping @Sendable (_ record: UUID, LogLine) -> Void) { self.told = told }

    public func open(record: UUID) -> any LogSink {
        let told = told
        return LocalSink { told(record, $0) }
    }

    public func run() async {}
    public func finish() {}
}

/// Makes lines of the bytes of one log again.
private final class LocalSink: LogSink {
    private let rest = Mutex<[UInt8]>([])
    private let told: @Sendable (LogLine) -> Void

    init(_ told: @escaping @Sendable (LogLine) -> Void) { self.told = told }

    func write(_ bytes: UnsafeRawBufferPointer) {
        let lines = rest.withLock { rest -> [LogLine] in
            rest.append(contentsOf: bytes)
            guard let end = rest.lastIndex(of: 10) else { return [] }
            // Each line has a timestamp, so none is empty.
            let lines = rest[..<end].split(separator: 10).map {
                LogLine(String(decoding: $0.dropFirst(LogTimestamp.length), as: UTF8.self))
            }
            rest.removeFirst(end + 1)
            return lines
        }
        for line in lines { told(line) }
    }

    func finish() {}
}
