import FoundationEssentials

/// A working tree and its `.git` folder, looked at without starting git.
struct GitFolder {
    /// The file with credentials for later steps; it is included by the repository's configuration and deleted when the job is over.
    static let credentialsName = "roost-credentials"

    let path: String

    init(_ path: String) { self.path = path }

    private var configuration: String { "\(path)/.git/config" }

    /// Whether it is a repository whose origin is an address.
    func isRepository(of url: String) -> Bool {
        guard FileTree.isFile("\(path)/.git/HEAD"), let text = SmallFile.read(configuration) else { return false }
        return Self.origin(in: text) == url
    }

    /// The address of `[remote "origin"]` in the text of a configuration file.
    static func origin(in text: String) -> String? {
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = String(line).trimmingWhitespace
            if line.hasPrefix("[") {
                isInside = line == "[remote \"origin\"]"
            } else if isInside, let equals = line.firstIndex(of: "="),
                String(line[..<equals]).trimmingWhitespace == "url"
            {
                return unquoted(String(line[line.index(after: equals)...]).trimmingWhitespace)
            }
        }
        return nil
    }

    /// Adds the origin to a new repository, and the include of ``credentialsName``.
    func setOrigin(_ url: String) {
        let text = SmallFile.read(configuration) ?? ""
        let sections = """
            [remote "origin"]
            \turl = \(Self.quoted(url))
            [include]
            \tpath = \(Self.credentialsName)

            """
        _ = SmallFile.write(text + sections, to: configuration, mode: 0o600)
    }

    /// Leaves a header for the git calls of later steps; 0 or an error number.
    func writeCredentials(_ credentials: GitCredentials) -> Int32 {
        SmallFile.write(
            "[http \(Self.quoted(credentials.scope))]\n\textraheader = \(Self.quoted(credentials.header))\n",
            to: "\(path)/.git/\(Self.credentialsName)",
            mode: 0o600
        )
    }

    /// Deletes locks that a killed git left; nobody else works in this folder.
    func removeStaleLocks() {
        let git = "\(path)/.git"
        for name in FileTree.names(in: git) where name.hasSuffix(".lock") { FileTree.delete("\(git)/\(name)") }
        removeLocks(in: "\(git)/refs", depth: 8)
        for name in FileTree.names(in: "\(git)/modules") { GitFolder.removeLocks(inModule: "\(git)/modules/\(name)") }
    }

    private static func removeLocks(inModule path: String) {
        for name in FileTree.names(in: path) where name.hasSuffix(".lock") { FileTree.delete("\(path)/\(name)") }
    }

    private func removeLocks(in path: String, depth: Int) {
        guard depth > 0 else { return }
        for name in FileTree.names(in: path) {
            let item = "\(path)/\(name)"
            if name.hasSuffix(".lock") {
                FileTree.delete(item)
            } else if FileTree.isFolder(item) {
                removeLocks(in: item, depth: depth - 1)
            }
        }
    }

    /// A value of git's configuration in quotes; see git-config(1), "Syntax".
    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        return String(text.dropFirst().dropLast()).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
    }
}
