import Foundation

/// What is in a file, whatever kind of file: one on a disk, or a pipe that another program writes into.
enum FileBytes {
    /// Nil when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.readToEnd() ?? Data() else { return nil }
        return [UInt8](data)
    }
}
