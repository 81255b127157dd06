import Foundation
import RoostTesting

/// A web server of the files in a folder, for the length of a test.
enum FolderServer {
    private static let program = """
        import functools, http.server, sys
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    /// `body` gets the address without a slash at its end.
    static func with(_ folder: String, _ body: (String) async throws -> Void) async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", program, folder]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            // The polite signal may be blocked in it, as it was in the thread that started it.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let data = pipe.fileHandleForReading.availableData
        guard let port = Int(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        else {
            throw TestFailure("the web server of the test did not begin")
        }
        try await body("http://127.0.0.1:\(port)")
    }
}
