import Foundation
import Glibc

/// A real proxy, tinyproxy, that wants a user and a password.
public final class ProxyProgram: Sendable {
    public let url: String
    public let host: String
    public let port: Int
    public let user = "agent"
    public let password: String
    private let program: ChildProgram
    private let folder: ScratchFolder

    private static let path = "/usr/bin/tinyproxy"

    /// Whether there is one.
    public static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - host: the address that it listens on, and to whose neighbours it answers.
    ///   - names: names that it alone knows, which lead to this machine; needs root.
    /// - Throws: what it said, when it did not start.
    public init(host: String = "127.0.0.1", names: [String] = []) async throws {
        folder = try ScratchFolder()
        port = try FreePort.take()
        self.host = host
        url = "http://\(host):\(port)"
        // Its configuration takes letters, digits, dots and dashes.
        password = "proxy-\(UUID().uuidString.lowercased())"
        try folder.write(
            """
            Port \(port)
            Listen \(host)
            Timeout 600
            MaxClients 200
            LogLevel Info
            DisableViaHeader Yes
            BasicAuth \(user) \(password)
            Allow \(host)/24

            """,
            to: "proxy.conf",
            mode: 0o600
        )
        let known = ["localhost"] + names
        try folder.write(known.map { "127.0.0.1 \($0)\n" }.joined(), to: "hosts")
        let start = "exec \(Self.path) -d -c proxy.conf"
        let words =
            names.isEmpty
            ? ["/bin/sh", "-c", start]
            : ["/usr/bin/unshare", "-m", "/bin/sh", "-c", "mount --bind hosts /etc/hosts && \(start)"]
        program = try ChildProgram(executable: words[0], Array(words.dropFirst()), folder: folder.path)
        do { try await program.line(with: "Starting main loop") } catch {
            folder.remove()
            throw error
        }
    }

    /// Of its address and password, as programs read it.
    public var wholeURL: String { "http://\(user):\(password)@\(host):\(port)" }

    /// What it was asked, such as `CONNECT host:port HTTP/1.1`, in their order.
    public var requests: [String] {
        program.lines.compactMap { line in
            guard let start = line.range(of: "Request (file descriptor ") else { return nil }
            return line[start.upperBound...].split(separator: ": ", maxSplits: 1).last.map(String.init)
        }
    }

    /// Ends it.
    public func stop() async {
        program.send(SIGKILL)
        await program.end()
        folder.remove()
    }

    /// Lets a proxy run while something is done.
    ///
    /// - Parameters:
    ///   - host: the address that it listens on.
    ///   - names: names that it alone knows.
    ///   - body: what is done.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws.
    public static func with<Value: Sendable>(
        host: String = "127.0.0.1",
        names: [String] = [],
        _ body: (ProxyProgram) async throws -> Value
    ) async throws -> Value {
        let proxy = try await ProxyProgram(host: host, names: names)
        let result: Result<Value, any Error>
        do { result = .success(try await body(proxy)) } catch { result = .failure(error) }
        await proxy.stop()
        return try result.get()
    }
}
