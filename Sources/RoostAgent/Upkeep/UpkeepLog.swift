import FoundationEssentials
import Glibc

/// What upkeep has done, in `_diag/upkeep.log`: one JSON object for each line, the oldest first.
struct UpkeepLog: Sendable {
    let path: String

    init(_ root: AgentRoot) { path = "\(root.diagnostics)/upkeep.log" }

    /// A longer file loses its older half.
    static let longest = 1 << 20

    func add(_ records: [UpkeepRecord]) {
        guard !records.isEmpty else { return }
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = records.compactMap { try? encoder.encode($0) }.map { String(decoding: $0, as: UTF8.self) + "\n" }
        var text = lines.joined()
        let file = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o640)
        guard file >= 0 else { return }
        // One call: lines of the listener and of a command do not mix.
        text.withUTF8 { bytes in _ = write(file, bytes.baseAddress, bytes.count) }
        var status = stat()
        let size = fstat(file, &status) == 0 ? Int(status.st_size) : 0
        close(file)
        if size > Self.longest { shorten() }
    }

    private func shorten() {
        guard let text = SmallFile.read(path, limit: Self.longest * 4) else { return }
        let half = text.utf8.dropFirst(text.utf8.count - Self.longest / 2)
        guard let end = half.firstIndex(of: UInt8(ascii: "\n")) else { return }
        _ = SmallFile.write(String(decoding: half[half.index(after: end)...], as: UTF8.self), to: path, mode: 0o640)
    }

    /// All that is known; a line that cannot be read, as after a full disk, is passed over.
    func all() -> [UpkeepRecord] {
        guard let text = SmallFile.read(path, limit: Self.longest * 4) else { return [] }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return text.split(separator: "\n").compactMap { try? decoder.decode(UpkeepRecord.self, from: Data($0.utf8)) }
    }
}
