import Foundation

/// A secret comes from a file, because others can read arguments.
enum SecretFile {
    /// The text of a file without blanks around it; `-` is standard input.
    static func read(_ path: String) throws -> String {
        let data =
            path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: path)
        guard let data else { throw CommandFailure.fileUnreadable(path: path) }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
