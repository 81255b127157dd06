import FoundationEssentials
import Glibc
public import Logging
import RoostWire

/// Writes log lines to standard error in the format of the configuration.
///
/// Text: `2026-11-24T10:11:12.345Z notice roost.server: listening address=http://… port=8080`. JSON: one object on each line with
/// `time`, `level`, `label`, `message` and the metadata.
public struct ServerLogHandler: LogHandler {
    /// Least level that is written.
    public var logLevel: Logger.Level
    /// Written with every line.
    public var metadata: Logger.Metadata = [:]
    private let label: String
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// Makes a handler for one label.
    ///
    /// - Parameters:
    ///   - label: of the logger.
    ///   - configuration: gives level and format.
    ///   - write: gets each line with its end; nil is standard error.
    public init(label: String, configuration: ServerConfiguration, write: (@Sendable (String) -> Void)? = nil) {
        self.label = label
        format = configuration.logFormat
        logLevel = configuration.logLevel
        self.write = write ?? Self.writeToStandardError
    }

    /// One value of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var all = metadata.merging(event.metadata ?? [:]) { _, given in given }
        if let error = event.error { all["error"] = "\(error)" }
        let time = WireDate.text(Date()).prefix(23) + "Z"
        switch format {
        case .text: write(Self.text(String(time), event, label, all))
        case .json: write(Self.json(String(time), event, label, all))
        }
    }

    private static func text(_ time: String, _ event: LogEvent, _ label: String, _ metadata: Logger.Metadata) -> String
    {
        let facts = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(quoted($0.value.description))" }.joined()
        return "\(time) \(event.level) \(label): \(oneLine(event.message.description))\(facts)\n"
    }

    /// Values with blanks are put in quotes, so that a line can be read back.
    private static func quoted(_ value: String) -> String {
        let plain = oneLine(value)
        return plain.contains(" ") || plain.isEmpty ? "\"\(plain.replacing("\"", with: "'"))\"" : plain
    }

    /// What came over the wire must not begin a line of its own.
    private static func oneLine(_ text: String) -> String {
        text.contains(where: \.isNewline) ? String(text.map { $0.isNewline ? " " : $0 }) : text
    }

    private static func json(_ time: String, _ event: LogEvent, _ label: String, _ metadata: Logger.Metadata) -> String
    {
        var object = metadata.mapValues(\.description)
        object["time"] = time
        object["level"] = event.level.rawValue
        object["label"] = label
        object["message"] = event.message.description
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(object) else { return "" }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    /// One write for each line, so that lines of several threads do not mix.
    private static let writeToStandardError: @Sendable (String) -> Void = { line in
        var line = line
        line.withUTF8 { bytes in _ = Glibc.write(2, bytes.baseAddress, bytes.count) }
    }
}
