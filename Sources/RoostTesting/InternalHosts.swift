import Foundation
import Glibc

/// Hosts of a company: over TLS with a private authority a repository, an index of Python and of npm, and a registry of containers; and without TLS a page.
public final class InternalHosts: Sendable {
    /// Of all that is over TLS: `inner.git` with a file `b`, `simple/`, `npm/`, `hello`, and `v2/` of the registry.
    public let port: Int
    /// Of the same without TLS.
    public let plainPort: Int
    /// What is checked out of `inner.git`.
    public let commit: String
    private let program: ChildProgram
    private let folder: ScratchFolder

    /// - Parameters:
    ///   - files: certificate and key.
    ///   - host: the address to listen on.
    ///   - image: an OCI layout with one image; nil has no registry.
    /// - Throws: when it cannot be started.
    public init(_ files: AuthorityFiles, host: String = "127.0.0.1", image: String? = nil) async throws {
        folder = try ScratchFolder()
        let made = try await ShortCommand.runAside(["sh", "-c", Self.making], in: folder.path)
        guard made.code == 0 else { throw TestFailure("the repository of the internal host could not be made") }
        commit = String(decoding: made.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        program = try ChildProgram(
            executable: "/usr/bin/python3",
            ["-c", Self.script, files.certificate, files.key, host, image ?? ""],
            folder: folder.path
        )
        try await program.line(with: "ports ")
        let words = program.lines.first { $0.hasPrefix("ports ") }?.split(separator: " ").compactMap { Int($0) } ?? []
        (port, plainPort) = (words[0], words[1])
    }

    /// Ends them.
    public func stop() async {
        program.send(SIGKILL)
        await program.end()
        folder.remove()
    }

    private static let making = """
        set -e
        git init --quiet --initial-branch=main work
        echo inner >work/b
        git -C work add b
        git -C work -c user.name=T -c user.email=t@example.com commit --quiet -m first
        git clone --quiet --bare work inner.git
        git -C inner.git update-server-info
        mkdir -p simple/probe npm
        python3 - <<'PY'
        import zipfile
        with zipfile.ZipFile("simple/probe/probe-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("probe.py", "")
            wheel.writestr("probe-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: probe\\nVersion: 1.0\\n")
            wheel.writestr("probe-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
            wheel.writestr("probe-1.0.dist-info/RECORD", "")
        PY
        echo '<a href="probe-1.0-py3-none-any.whl">probe-1.0-py3-none-any.whl</a>' >simple/probe/index.html
        echo '{"name":"probe","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"name":"probe","version":"1.0.0"}}}' >npm/probe
        echo "hello from outside" >hello
        git -C work rev-parse HEAD
        """

    private static let script = """
        import http.server, json, ssl, sys, threading
        certificate, key, host, image = sys.argv[1:5]
        class Host(http.server.SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *_): pass
            def registry(self, body):
                kind, data = "application/json", b"{}"
                if "/manifests/" in self.path:
                    manifest = json.load(open(image + "/index.json"))["manifests"][0]
                    kind, path = manifest["mediaType"], manifest["digest"].replace(":", "/")
                    data = open(image + "/blobs/" + path, "rb").read()
                elif "/blobs/" in self.path:
                    kind = "application/octet-stream"
                    data = open(image + "/blobs/" + self.path.split("/")[-1].replace(":", "/"), "rb").read()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if body: self.wfile.write(data)
            def do_GET(self): self.registry(True) if self.path.startswith("/v2/") else super().do_GET()
            def do_HEAD(self): self.registry(False) if self.path.startswith("/v2/") else super().do_HEAD()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        secure = http.server.ThreadingHTTPServer((host, 0), Host)
        secure.socket = context.wrap_socket(secure.socket, server_side=True)
        plain = http.server.ThreadingHTTPServer((host, 0), Host)
        print("ports", secure.server_port, plain.server_port, flush=True)
        threading.Thread(target=plain.serve_forever, daemon=True).start()
        secure.serve_forever()
        """
}
