import Foundation

/// A file system in a file of its own; only root can mount one.
///
/// A process of its own mounts it, and unmounts and deletes it when this one ends, however it ends.
public enum MountedDisk {
    /// Why none can be mounted here; nil when it can.
    public static var obstacle: String? {
        if getuid() != 0 { return "only root can mount a disk" }
        return FileManager.default.fileExists(atPath: "/dev/loop-control") ? nil : "this system has no loop devices"
    }

    private static let keeper = """
        set -e
        trap '' INT TERM HUP
        folder=$(mktemp -d /tmp/roost-disk-XXXXXX)
        clean() {
            code=0
            ! mountpoint -q "$folder/disk" || umount "$folder/disk" || { umount -l "$folder/disk"; code=1; }
            rm -rf "$folder"
            exit $code
        }
        trap clean EXIT
        mkdir "$folder/disk"
        truncate -s "$2" "$folder/image"
        mkfs."$1" -q "$folder/image" >/dev/null 2>&1
        mount -o loop "$folder/image" "$folder/disk"
        echo "mounted $folder/disk"
        cat >/dev/null
        """

    /// Mounts a new disk for the length of a body.
    ///
    /// - Parameters:
    ///   - type: such as `xfs`.
    ///   - size: as `truncate` reads it.
    ///   - body: gets the folder where it is mounted.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or why nothing was mounted or unmounted.
    public static func with<Value>(
        _ type: String,
        size: String = "400M",
        _ body: (String) async throws -> Value
    ) async throws -> Value {
        let program = try ChildProgram(
            executable: "/bin/sh",
            ["-c", keeper, "sh", type, size],
            environment: ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            folder: "/",
            keepsInput: true
        )
        try await program.line(with: "mounted /")
        guard let folder = program.lines.first(where: { $0.hasPrefix("mounted /") })?.dropFirst(8) else {
            throw TestFailure("\(type) cannot be mounted")
        }
        let result: Result<Value, any Error>
        do { result = .success(try await body(String(folder))) } catch { result = .failure(error) }
        program.closeInput()
        let end = await program.end()
        let value = try result.get()
        guard end == 0, !FileManager.default.fileExists(atPath: String(folder)) else {
            throw TestFailure("the disk at \(folder) was in use at its end")
        }
        return value
    }
}
