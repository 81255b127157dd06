import Foundation

/// A file of commands for debugfs(8).
enum DebugScript {
    /// Writes a command for each inode, part by part.
    static func write(_ inodes: [Int], to path: String, _ command: (Int) -> String) throws {
        try Data().write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        for start in stride(from: 0, to: inodes.count, by: 4096) {
            let part = inodes[start..<min(inodes.count, start + 4096)]
            try file.write(contentsOf: Data(part.map(command).joined().utf8))
        }
    }
}
