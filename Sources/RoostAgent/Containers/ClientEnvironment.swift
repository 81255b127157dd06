import FoundationEssentials

/// Variables for processes in a container, on their way through the engine's program.
///
/// They travel in that program's own environment and are named on its command line; those it would take for itself stand in a file
/// that only the agent's user can read. So no value is on a command line.
struct ClientEnvironment: Sendable, Hashable {
    /// In the environment of the engine's program.
    private(set) var carried: [String: String] = [:]
    /// `NAME=value` lines for a file.
    private(set) var lines: [String] = []
    /// Path of that file; nil when it is not needed.
    private(set) var file: String?

    /// - Parameters:
    ///   - values: what processes get.
    ///   - folder: for the file.
    init(_ values: [String: String], folder: String) {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) where Self.isName(name) {
            if !PodmanClient.isOwn(name) {
                carried[name] = value
            } else if !value.contains(where: \.isNewline) {
                lines.append("\(name)=\(value)")
            }
        }
        if !lines.isEmpty { file = "\(folder)/\(UUID().uuidString.lowercased()).env" }
    }

    /// Without `=`, which ends a name, and `*`, which means several to the engine.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.utf8.contains { [61, 42, 0, 10].contains($0) }
    }

    /// For the engine's command line.
    var arguments: [String] {
        (file.map { ["--env-file=\($0)"] } ?? []) + carried.keys.sorted().map { "--env=\($0)" }
    }

    /// Writes the file.
    ///
    /// - Throws: ``TaskFailure/scriptNotWritten(path:reason:)``.
    func prepare() throws(TaskFailure) {
        guard let file else { return }
        let error = SmallFile.create(lines.joined(separator: "\n") + "\n", at: file, mode: 0o600)
        if error != 0 { throw .scriptNotWritten(path: file, reason: systemMessage(error)) }
    }

    /// Deletes the file.
    func remove() { if let file { FileTree.delete(file) } }
}
