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

    /// Whose log it is.
    enum Kind: String, Sendable {
        case agent = "Agent"
        case worker = "Worker"

        /// Files of earlier starts that stay.
        fileprivate var kept: Int { self == .agent ? 10 : 20 }

        /// Whether a file is a log of this kind.
        func isName(_ name: String) -> Bool { name.hasPrefix("\(rawValue)_") && name.hasSuffix(".log") }
    }

    private init(file: OwnedDescriptor, label: String) {
        self.file = file
        self.label = label
    }

    /// A logger that writes to `_diag/Agent_TIME-utc.log`; to standard error when that cannot be made.
    ///
    /// - Parameters:
    ///   - kind: the agent itself, or the worker of a job.
    ///   - root: the agent's folder.
    ///   - level: events below it are dropped.
    /// - Returns: the logger.
    static func logger(_ kind: Kind = .agent, root: AgentRoot, level: Logger.Level = .info) -> Logger {
        _ = FileTree.make(root.diagnostics)
        let path = "\(root.diagnostics)/\(kind.rawValue)_\(stamp(Date()))-utc.log"
        removeOld(kind, root.diagnostics)
        let descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o640)
        let file = OwnedDescriptor(descriptor >= 0 ? descriptor : dup(2))
        var handler = DiagnosticLog(file: file, label: kind.rawValue)
        handler.logLevel = level
        return Logger(label: kind.rawValue) { _ in handler }
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
    static func stamp(_ date: Date) -> String {
        let digits = moment(date).filter { $0.isNumber }
        return "\(digits.prefix(8))-\(digits.dropFirst(8))"
    }

    private static func removeOld(_ kind: Kind, _ folder: String) {
        let names = FileTree.names(in: folder).filter(kind.isName).sorted()
        for name in names.dropLast(kind.kept - 1) { FileTree.delete("\(folder)/\(name)") }
    }
}
