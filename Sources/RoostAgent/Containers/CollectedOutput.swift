import Synchronization

/// Keeps the end of what a process writes.
final class CollectedOutput: ProcessOutput {
    private let bytes = Mutex<[UInt8]>([])
    private let limit: Int

    init(limit: Int = 256 << 10) { self.limit = limit }

    func receive(_ new: UnsafeRawBufferPointer) {
        bytes.withLock { bytes in
            bytes += new
            if bytes.count > limit { bytes.removeFirst(bytes.count - limit) }
        }
    }

    func pause() {}

    /// Without white space at its ends.
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) }.trimmingWhitespace }

    var lines: [String] { text.split(separator: "\n").map { String($0).trimmingWhitespace }.filter { !$0.isEmpty } }
}
