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
