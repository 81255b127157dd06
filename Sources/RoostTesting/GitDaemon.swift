import Foundation
import Glibc

/// A repository served by `git daemon`, for what is only done with repositories of other machines.
public final class GitDaemon: Sendable {
    /// Where it runs; the test's own.
    public let folder: ScratchFolder
    public let url: String
    public let port: Int
    private let program: ChildProgram

    private convenience init(_ repository: ScratchRepository) async throws {
        try await self.init(
            parent: (repository.path as NSString).deletingLastPathComponent,
            name: (repository.path as NSString).lastPathComponent
        )
    }

    private init(parent: String, name: String) async throws {
        folder = try ScratchFolder()
        let port: Int
        do {
            let listener = try SilentListener()
            port = listener.port
            listener.close()
        }
        url = "git://127.0.0.1:\(port)/\(name)"
        self.port = port
        program = try ChildProgram(
            executable: try Self.daemonPath(),
            [
                "--reuseaddr", "--listen=127.0.0.1", "--port=\(port)", "--export-all", "--verbose",
                "--base-path=\(parent)",
                // What hosts allow: a commit by its name.
                "--enable=upload-pack", "--log-destination=stderr",
            ],
            folder: folder.path
        )
        try await program.line(with: "Ready to rumble")
    }

    /// The daemon's own program: `git daemon` would start it as a child, which outlives its parent.
    private static func daemonPath() throws -> String {
        let text = String(decoding: try ShortCommand.run(["git", "--exec-path"]).output, as: UTF8.self)
        return "\(text.trimmingCharacters(in: .whitespacesAndNewlines))/git-daemon"
    }

    /// Ends it, as often as one likes.
    public func stop() async {
        program.send(SIGKILL)
        await program.end()
    }

    /// Serves a repository with one file while a test runs.
    public static func with(_ body: (GitDaemon, ScratchRepository) async throws -> Void) async throws {
        let repository = try ScratchRepository(["a": "1"])
        defer { repository.remove() }
        try await with(repository) { try await body($0, repository) }
    }

    /// Serves all repositories of a folder; the body gets the port.
    public static func with<Value: Sendable>(
        folder: String,
        _ body: (Int) async throws -> Value
    ) async throws -> Value {
        let daemon = try await GitDaemon(parent: folder, name: "")
        defer { daemon.folder.remove() }
        let result: Result<Value, any Error>
        do { result = .success(try await body(daemon.port)) } catch { result = .failure(error) }
        await daemon.stop()
        return try result.get()
    }

    /// Serves a repository, and those beside it, while a test runs.
    public static func with(_ repository: ScratchRepository, _ body: (GitDaemon) async throws -> Void) async throws {
        let daemon = try await GitDaemon(repository)
        defer { daemon.folder.remove() }
        do { try await body(daemon) } catch {
            await daemon.stop()
            throw error
        }
        await daemon.stop()
    }
}

/// A port that takes connections and says nothing.
public struct SilentListener {
    public let port: Int
    private let descriptor: Int32

    public init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard bound else { throw TestFailure("no port can be listened on") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    public func close() { _ = Glibc.close(descriptor) }
}
