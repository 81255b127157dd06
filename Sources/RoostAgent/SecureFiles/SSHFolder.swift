import Glibc
import RoostModel

/// The folder `.ssh` of the agent's user.
struct SSHFolder {
    private let path: String

    /// What a file was before.
    struct Change: Sendable {
        let file: String
        /// Nil when there was none.
        let before: [UInt8]?

        /// Gives the file its former content.
        func restore() {
            guard let before else {
                FileTree.delete(file)
                return
            }
            _ = SmallFile.write(String(decoding: before, as: UTF8.self), to: file, mode: 0o600)
        }
    }

    init(home: String) throws {
        path = "\(home)/.ssh"
        let error = FileTree.make(path, mode: 0o700)
        guard error == 0 else { throw TaskFolderFailure.fileNotWritten(path, reason: systemMessage(error)) }
    }

    /// Adds lines at the end of a file.
    func append(_ lines: String, to name: String) throws -> Change {
        let file = "\(path)/\(name)"
        let before = FileTree.isFile(file) ? ProcFile.read(file, limit: 16 << 20) : nil
        var text = before.map { String(decoding: $0, as: UTF8.self) } ?? ""
        if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
        let error = SmallFile.write("\(text)\(lines)\n", to: file, mode: 0o600)
        guard error == 0 else { throw TaskFolderFailure.fileNotWritten(file, reason: systemMessage(error)) }
        return Change(file: file, before: before)
    }
}
