import Foundation
import RoostTesting

/// A machine's metadata endpoint on a port of its own: gives one token to whoever sends the header of its machine.
struct MetadataEndpoint {
    static let secret = "header-of-this-machine"
    let url: String
    let program: ChildProgram

    private static let script = #"""
        import http.server, json, os, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                good = self.headers.get("X-IDENTITY-HEADER") == os.environ["SECRET"] and "resource=499b84ac" in self.path
                body = {"access_token": os.environ["TOKEN"], "expires_in": "600"} if good else {"error": "unauthorized"}
                data = json.dumps(body).encode()
                self.send_response(200 if good else 401)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print("port", server.server_address[1], flush=True)
        server.serve_forever()
        """#

    init(token: String, folder: String) async throws {
        program = try ChildProgram(
            executable: "/usr/bin/env",
            ["python3", "-c", Self.script],
            environment: ["SECRET": Self.secret, "TOKEN": token],
            folder: folder
        )
        try await program.line(with: "port ")
        guard let port = program.lines.first?.split(separator: " ").last else { throw TestFailure("it has no port") }
        url = "http://127.0.0.1:\(port)/token"
    }

    var environment: [String: String] { ["IDENTITY_ENDPOINT": url, "IDENTITY_HEADER": Self.secret] }

    func stop() { program.send(SIGKILL) }
}
