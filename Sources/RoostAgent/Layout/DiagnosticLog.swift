import FoundationEssentials
import Glibc
import Logging
import RoostWire

/// The agent's own log: a file in `_diag`, one line for each event.
///
/// It names jobs, processes and addresses; messages, tokens and output of steps never get here.
struct DiagnosticLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    private let file: OwnedDescriptor
    private let label: String

    /// Files of earlier starts that stay.
    private static let kept = 10

    private init(file: OwnedDescriptor, label: String) {
        self.file = file
        self.label = label
    }

    /// A logger that writes to `_diag/Agent_TIME-utc.log`; to standard error when that cannot be made.
    ///
    /// - Parameters:
    ///   - root: the agent's folder.
    ///   - level: events below it are dropped.
    /// - Returns: the logger.
    static func logger(root: AgentRoot, level: Logger.Level = .info) -> Logger {
        _ = FileTree.make(root.diagnostics)
        let path = "\(root.diagnostics)/Agent_\(stamp(Date()))-utc.log"
        removeOld(root.diagnostics)
        let descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o640)
        let file = OwnedDescriptor(descriptor >= 0 ? descriptor : dup(2))
        var handler = DiagnosticLog(file: file, label: "Agent")
        handler.logLevel = level
        return Logger(label: "Agent") { _ in handler }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let details = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        var line = "[\(DiagnosticLog.moment(Date())) \(Self.word(event.level)) \(label)] \(event.message)\(details)\n"
        // One call for a line: lines of several threads do not mix.
        line.withUTF8 { bytes in _ = write(file.number, bytes.baseAddress, bytes.count) }
    }

    private static func word(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "VERB"
        case .info, .notice: "INFO"
        case .warning: "WARN"
        case .error, .critical: "ERR "
        }
    }

    /// `2026-11-24 10:11:12Z`.
    static func moment(_ date: Date) -> String {
        let text = WireDate.text(date)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))Z"
    }

    /// `20261124-101112`.
    private static func stamp(_ date: Date) -> String {
        let digits = moment(date).filter { $0.isNumber }
        return "\(digits.prefix(8))-\(digits.dropFirst(8))"
    }

    private static func removeOld(_ folder: String) {
        let names = FileTree.names(in: folder).filter { $0.hasPrefix("Agent_") && $0.hasSuffix(".log") }.sorted()
        for name in names.dropLast(kept - 1) { FileTree.delete("\(folder)/\(name)") }
    }
}
