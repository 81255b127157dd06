import Foundation
import RoostContent
import Synchronization

/// One line on standard error that says how far a transfer is; nothing where standard error is no terminal.
final class ProgressLine: Sendable {
    private let title: String
    private let isShown = isatty(STDERR_FILENO) == 1
    private let state = Mutex((percent: -1, isWritten: false))

    init(_ title: String) { self.title = title }

    /// Shows a state; to be called as often as it changes.
    func show(_ progress: TransferProgress) {
        guard isShown, progress.total > 0 else { return }
        let percent = min(100, progress.done * 100 / progress.total)
        let isNew = state.withLock { state in
            defer { state = (max(percent, state.percent), true) }
            return percent > state.percent
        }
        guard isNew else { return }
        let text = "\(title): \(percent) % of \(SizeText.of(progress.total))"
        FileHandle.standardError.write(Data("\r\u{1b}[K\(text)".utf8))
    }

    /// Clears the line.
    func end() {
        let isWritten = state.withLock { $0.isWritten }
        if isWritten { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }
}

/// Counts of bytes for people.
enum SizeText {
    static func of(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["KB", "MB", "GB", "TB"] {
            value /= 1000
            if value < 1000 && bytes >= 1000 { return "\(String(format: value < 10 ? "%.1f" : "%.0f", value)) \(unit)" }
        }
        return "\(bytes) B"
    }
}
