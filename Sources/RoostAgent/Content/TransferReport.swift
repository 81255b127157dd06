import RoostContent
import Synchronization

/// Shows how far a transfer is: in the record while it runs, in the log now and then.
final class TransferReport: Sendable {
    private let work: StepWork
    private let verb: String
    private let clock = ContinuousClock()
    private let state: Mutex<(percent: Int, nextLine: ContinuousClock.Instant)>
    /// A line in the log is written this often.
    private static let pace = Duration.seconds(10)

    init(_ work: StepWork, _ verb: String) {
        self.work = work
        self.verb = verb
        state = Mutex((-1, clock.now + Self.pace))
    }

    func note(_ progress: TransferProgress) {
        guard progress.total > 0 else { return }
        let percent = min(100, progress.done * 100 / progress.total)
        let (isNew, isLine) = state.withLock { state in
            let isNew = percent > state.percent
            state.percent = max(state.percent, percent)
            let isLine = clock.now >= state.nextLine
            if isLine { state.nextLine = clock.now + Self.pace }
            return (isNew, isLine)
        }
        if isNew { work.progress.setProgress(percent: percent, operation: nil) }
        if isLine {
            work.output.writeLine(
                "\(verb) \(ByteText.of(progress.done)) of \(ByteText.of(progress.total)) (\(percent) %)."
            )
        }
    }
}

/// Counts of bytes for people.
enum ByteText {
    static func of(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["B", "KB", "MB", "GB"] {
            if value < 1000 || unit == "GB" {
                return unit == "B" ? "\(bytes) B" : "\((value * 10).rounded() / 10) \(unit)"
            }
            value /= 1000
        }
        return "\(bytes) B"
    }
}
