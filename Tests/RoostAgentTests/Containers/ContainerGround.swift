import FoundationEssentials
import Glibc
import RoostModel

@testable import RoostAgent

/// Jobs with real containers: an image made of the machine's busybox, in a store that is gone after the test.
struct ContainerGround {
    var bench: JobBench
    let store: String

    /// Why containers cannot be tested on this machine; nil when they can.
    static let obstacle: String? = {
        if ExecutableSearch.find("podman", path: nil) == nil { return "podman is not installed" }
        if ExecutableSearch.find("busybox", path: nil) == nil { return "busybox is not installed" }
        return nil
    }()

    static let image = "localhost/box:1"

    static func with(_ body: (inout ContainerGround) async throws -> Void) async throws {
        // Podman wants short paths for sockets.
        let store = "/tmp/roost-c\(UUID().uuidString.prefix(6).lowercased())"
        _ = FileTree.make(store, mode: 0o700)
        try await JobBench.with { bench in
            bench.agentEnvironment = [PodmanClient.storageVariable: store, "XDG_RUNTIME_DIR": "\(store)/x"]
            _ = FileTree.make("\(store)/x", mode: 0o700)
            var ground = ContainerGround(bench: bench, store: store)
            do {
                try await ground.importImage()
                try await body(&ground)
                try await ground.clean()
            } catch {
                try await ground.clean()
                throw error
            }
        }
    }

    var settings: WorkerSettings { bench.settings }

    func client() async throws -> PodmanClient {
        _ = FileTree.make(settings.folders.work)
        let profile = try await PodmanProbe(settings: settings).find()
        return PodmanClient(program: profile.program, globalArguments: profile.globalArguments, settings: settings)
    }

    /// A file system of busybox and its links, whose own program serves /www on $PORT.
    private func importImage() async throws {
        guard let busybox = ExecutableSearch.find("busybox", path: nil) else { return }
        let script = """
            set -e
            mkdir -p root/bin root/etc root/tmp root/root root/proc root/sys root/dev root/www
            cp \(busybox) root/bin/busybox
            for name in $(\(busybox) --list); do [ $name = busybox ] || ln -s busybox root/bin/$name; done
            echo 'root:x:0:0::/root:/bin/sh' > root/etc/passwd
            echo 'root:x:0:' > root/etc/group
            echo 'it serves' > root/www/index.html
            tar -C root -cf root.tar .
            """
        let launch = ProcessLaunch(
            executable: "/bin/sh",
            arguments: ["-c", script],
            environment: ["PATH": ExecutableSearch.defaultPath],
            workingDirectory: store
        )
        _ = try await StepProcess.run(launch, control: StopControl(), output: CollectedOutput())
        let command = #"CMD ["sh","-c","exec httpd -f -p $PORT -h /www"]"#
        try await client().require([
            "import", "--change=\(command)", "--change=ENV PATH=/bin", "--change=ENV ORIGIN=image", "\(store)/root.tar",
            Self.image,
        ])
    }

    /// What the engine and the machine still have of this test.
    func leftovers() async throws -> [String] {
        let client = try await client()
        let containers = try await client.require(["ps", "--all", "--quiet"]).split(separator: "\n").map(String.init)
        let networks = try await client.require(["network", "ls", "--format={{.Name}}"]).split(separator: "\n")
            .map(String.init).filter { $0.hasPrefix("roost_network_\(bench.job.uuidString.lowercased())") }
        let mounts = (SmallFile.read("/proc/self/mounts", limit: 4 << 20) ?? "").split(separator: "\n")
            .map(String.init).filter { $0.contains("\(store)/storage/overlay/") && $0.contains("merged") }
        return containers + networks + mounts
    }

    private func clean() async throws {
        let client = try await client()
        _ = try await client.run(["rm", "--all", "--force", "--time=0"])
        let isRoot = geteuid() == 0
        if !isRoot { _ = try await client.run(["unshare", "rm", "-rf", "\(bench.folder)/_work", "\(store)/storage"]) }
        // The keeper of the user's namespaces.
        if !isRoot { _ = try await client.run(["system", "migrate"]) }
        for mount in ["storage/overlay", "storage"] { umount2("\(store)/\(mount)", Int32(2)) }
        FileTree.delete(store)
    }
}

/// A registry of images on the machine that wants a name and a password, serving one image from a folder.
struct PasswordRegistry {
    let port: Int
    private let process: PipedProcess

    private static let program = #"""
        import base64, http.server, json, os, sys
        folder, wanted = sys.argv[1], "Basic " + base64.b64encode(sys.argv[2].encode()).decode()
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, code, body=b"", kind="application/json", more=()):
                self.send_response(code)
                for name, value in more: self.send_header(name, value)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET": self.wfile.write(body)
            def do_GET(self):
                if self.headers.get("Authorization") != wanted:
                    return self.answer(401, more=[("WWW-Authenticate", 'Basic realm="images"')])
                parts = self.path.strip("/").split("/")
                if parts == ["v2"]: return self.answer(200, b"{}")
                manifest = json.load(open(folder + "/index.json"))["manifests"][0]
                digest = parts[-1] if parts[-1].startswith("sha256:") else manifest["digest"]
                path = folder + "/blobs/sha256/" + digest[7:]
                if not os.path.exists(path): return self.answer(404)
                kind = manifest["mediaType"] if parts[-2] == "manifests" else "application/octet-stream"
                self.answer(200, open(path, "rb").read(), kind, [("Docker-Content-Digest", digest)])
            do_HEAD = do_GET
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """#

    /// - Parameters:
    ///   - folder: an image in the layout of OCI.
    ///   - account: `name:password`.
    /// - Throws: when it cannot be started.
    init(folder: String, account: String) async throws {
        let said = Watched("")
        process = try PipedProcess(
            ProcessLaunch(
                executable: try ExecutableSearch.require("python3", path: nil),
                arguments: ["-c", Self.program, folder, account],
                environment: ["PATH": ExecutableSearch.defaultPath],
                workingDirectory: folder
            )
        ) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            said.change { $0 += text }
        }
        await said.wait { $0.hasSuffix("\n") }
        port = Int(said.value.trimmingWhitespace) ?? 0
    }

    func stop() { kill(process.pid, SIGKILL) }
}
