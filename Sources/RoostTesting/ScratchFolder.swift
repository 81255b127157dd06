import Foundation

/// A folder of its own for a test, removed with it.
public struct ScratchFolder: Sendable {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("roost-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Writes a file, with the folders above it.
    public func write(_ text: String, to name: String, mode: Int = 0o644) throws {
        let file = "\(path)/\(name)"
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    public func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// A real git repository made for a test.
public struct ScratchRepository: Sendable {
    public let folder: ScratchFolder
    public var path: String { folder.path }

    /// Makes one with a first commit of these files.
    public init(_ files: [String: String]) throws {
        folder = try ScratchFolder()
        try git("init", "--quiet", "--initial-branch=main")
        try commit(files, "first")
    }

    /// Writes files and commits them.
    @discardableResult
    public func commit(_ files: [String: String], _ message: String) throws -> String {
        for (name, text) in files { try folder.write(text, to: name) }
        try git("add", "--all")
        try git(
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.com",
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            message
        )
        return try git("rev-parse", "HEAD")
    }

    @discardableResult
    public func git(_ words: String...) throws -> String { try git(words) }

    /// The same with a list of words.
    @discardableResult
    public func git(_ words: [String]) throws -> String {
        let (code, output) = try ShortCommand.run(["env", "GIT_CONFIG_NOSYSTEM=1", "git", "-C", path] + words)
        let text = String(decoding: output, as: UTF8.self)
        guard code == 0 else { throw TestFailure("git \(words.joined(separator: " ")) failed") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    public func remove() { folder.remove() }
}

/// Something a test needs did not happen.
public struct TestFailure: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
