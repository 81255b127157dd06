import Foundation

/// What a machine has written to its serial line: a file that QEMU adds to, kept small from outside.
struct VMConsole: Sendable {
    let path: String

    /// A machine may write what it likes.
    private static let limit = 4 << 20
    private static let shown = 64 << 10
    private static let lines = 200

    private var before: String { "\(path).before" }

    /// The last lines, the oldest first.
    var tail: [String] {
        let text = String(decoding: Self.end(of: before) + Self.end(of: path), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).suffix(Self.lines).map { line in
            String(line.unicodeScalars.filter { $0 == "\t" || !($0.value < 32 || $0.value == 127) })
        }
    }

    /// Cuts it when it has grown too long; what it ended with stays.
    func trim() {
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        guard size > Self.limit else { return }
        try? Self.end(of: path).write(to: URL(filePath: before))
        truncate(path, 0)
    }

    /// Adds a line of the provider's own.
    func note(_ text: String) {
        if access(path, F_OK) != 0 { try? VMFolder.write("", to: path) }
        guard let file = FileHandle(forWritingAtPath: path) else { return }
        defer { try? file.close() }
        _ = try? file.seekToEnd()
        try? file.write(contentsOf: Data("\(text)\n".utf8))
    }

    private static func end(of path: String) -> Data {
        guard let file = try? FileHandle(forReadingFrom: URL(filePath: path)) else { return Data() }
        defer { try? file.close() }
        guard let size = try? file.seekToEnd() else { return Data() }
        try? file.seek(toOffset: size - min(size, UInt64(shown)))
        return (try? file.read(upToCount: shown)) ?? Data()
    }
}
