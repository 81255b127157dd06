import Foundation
import RoostTesting

/// A proxy that stands for a cloud: it gives tokens to everybody, knows the resource group "there" and nothing else, and writes down what it is asked.
final class CloudDouble: Sendable {
    struct Asked {
        var host: String
        var path: String
        var authorization: String
        /// Claims of the token that proves a client.
        var assertion: [String: String]?
    }

    private static let program = """
        import http.server, json, ssl, sys
        folder = sys.argv[1]
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(folder + "/d.pem", folder + "/d.key")

        class Inside(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                line = {"host": self.headers.get("Host"), "path": self.path, "body": body,
                        "authorization": self.headers.get("Authorization") or ""}
                with open(folder + "/asked", "a") as file:
                    file.write(json.dumps(line) + "\\n")
                code, text = 404, {"error": {"code": "ResourceGroupNotFound", "message": "Resource group not found."}}
                if "/oauth2/" in self.path:
                    code, text = 200, {"access_token": "arm-token", "token_type": "Bearer", "expires_in": "3600",
                                       "expires_on": "4000000000", "not_before": "1", "resource": "r"}
                if self.path.lower().split("?")[0].endswith("/resourcegroups/there"):
                    code, text = 200, {"name": "there", "location": "chinanorth3", "id": self.path.split("?")[0]}
                data = json.dumps(text).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer
            def log_message(self, *words): pass

        class Proxy(http.server.BaseHTTPRequestHandler):
            def do_CONNECT(self):
                self.send_response(200)
                self.end_headers()
                try:
                    Inside(tls.wrap_socket(self.connection, server_side=True), self.client_address, self.server)
                except OSError:
                    pass
                self.close_connection = True
            def log_message(self, *words): pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        print("port", server.server_port, flush=True)
        server.serve_forever()
        """

    let port: Int
    private let folder: String
    private let process: ChildProgram

    init(_ folder: String) async throws {
        self.folder = folder
        let hosts = ["login.chinacloudapi.cn", "management.chinacloudapi.cn"].map { "DNS:\($0)" }
        let made = try ShortCommand.run([
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=double", "-addext",
            "subjectAltName=\(hosts.joined(separator: ","))", "-keyout", "\(folder)/d.key", "-out", "\(folder)/d.pem",
        ])
        guard made.code == 0 else { throw TestFailure("openssl made no certificate") }
        try Data(Self.program.utf8).write(to: URL(filePath: "\(folder)/double.py"))
        process = try ChildProgram(
            executable: "/usr/bin/env",
            ["python3", "\(folder)/double.py", folder],
            folder: folder
        )
        try await process.line(with: "port ")
        let line = process.lines.first { $0.hasPrefix("port ") }
        guard let port = line.flatMap({ Int($0.dropFirst(5)) }) else { throw TestFailure("the double has no port") }
        self.port = port
    }

    func end() { kill(process.pid, SIGKILL) }

    var asked: [Asked] {
        get throws {
            let text = try String(contentsOfFile: "\(folder)/asked", encoding: .utf8)
            return try text.split(separator: "\n").map { line in
                let entry = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
                return Asked(
                    host: entry["host"] ?? "",
                    path: entry["path"] ?? "",
                    authorization: entry["authorization"] ?? "",
                    assertion: Self.claims(entry["body"] ?? "")
                )
            }
        }
    }

    private static func claims(_ body: String) -> [String: String]? {
        let fields = URLComponents(string: "?\(body)")?.queryItems ?? []
        guard let token = fields.first(where: { $0.name == "client_assertion" })?.value else { return nil }
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        guard let data = Data(base64Encoded: String(text)),
            let claims = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return nil }
        return claims.compactMapValues { $0 as? String }
    }
}
