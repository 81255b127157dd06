import Foundation
import Glibc
import RoostTesting
import Testing

/// A store of images of its own, with one image made of the machine's busybox.
struct BoxStore {
    let path: String

    static let isPossible = ["podman", "busybox"].allSatisfy { name in
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\(name)")
            || FileManager.default.isExecutableFile(atPath: "/bin/\(name)")
    }

    init() async throws {
        path = "/tmp/roost-s\(UUID().uuidString.prefix(6).lowercased())"
        try FileManager.default.createDirectory(atPath: "\(path)/x", withIntermediateDirectories: true)
        chmod("\(path)/x", 0o700)
        let script = """
            set -e
            mkdir -p root/bin root/etc root/tmp root/root root/proc root/sys root/dev
            cp $(command -v busybox) root/bin/busybox
            for name in $(busybox --list); do [ $name = busybox ] || ln -s busybox root/bin/$name; done
            echo 'root:x:0:0::/root:/bin/sh' > root/etc/passwd
            tar -C root -cf root.tar .
            """
        let made = try ChildProgram(executable: "/bin/sh", ["-c", script], folder: path)
        #expect(await made.end() == 0)
        _ = try await podman(["import", "--change=ENV PATH=/bin", "\(path)/root.tar", "localhost/box:1"])
    }

    var environment: [String: String] { ["ROOST_CONTAINER_STORAGE": path, "XDG_RUNTIME_DIR": "\(path)/x"] }

    /// Runs podman on this store and gives what it wrote.
    func podman(_ arguments: [String]) async throws -> String {
        let storage = ["--log-level=fatal", "--root", "\(path)/storage", "--runroot", "\(path)/run"]
        let program = try ChildProgram(
            executable: "/usr/bin/podman",
            storage + ["--storage-driver=overlay"] + arguments,
            environment: environment,
            folder: path
        )
        return await program.finished().output
    }

    func remove() async throws {
        _ = try await podman(["rm", "--all", "--force", "--time=0"])
        if geteuid() != 0 {
            _ = try await podman(["unshare", "rm", "-rf", "\(path)/storage"])
            _ = try await podman(["system", "migrate"])
        }
        umount2("\(path)/storage/overlay", 2)
        try FileManager.default.removeItem(atPath: path)
    }
}
