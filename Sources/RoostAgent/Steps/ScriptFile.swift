import FoundationEssentials
import RoostModel

/// A script of a step in the folder for temporary files; only the agent's user can read it.
struct ScriptFile: Sendable {
    let path: String

    /// Writes a script.
    ///
    /// - Throws: ``TaskFailure/scriptNotWritten(path:reason:)``.
    init(_ content: String, folder: String, suffix: String) throws(TaskFailure) {
        path = "\(folder)/\(UUID().uuidString.lowercased()).\(suffix)"
        // Files that were checked out with CR LF, or typed so, would fail with messages nobody understands.
        let text = content.utf8.contains(13) ? content.replacing("\r\n", with: "\n") : content
        let error = SmallFile.create(text, at: path, mode: 0o600)
        if error != 0 { throw .scriptNotWritten(path: path, reason: systemMessage(error)) }
    }

    /// Deletes it.
    func remove() { FileTree.delete(path) }
}

/// Quoting for shells.
enum ShellQuoting {
    /// A word that a POSIX shell reads as exactly this text.
    static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
