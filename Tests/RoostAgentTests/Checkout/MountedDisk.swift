import FoundationEssentials
import RoostModel
import Testing

@testable import RoostAgent

/// A file system in a file of its own; only root can mount one.
///
/// A process of its own mounts it, and unmounts and deletes it when this one ends, however it ends.
enum MountedDisk {
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
        truncate -s 400M "$folder/image"
        mkfs."$1" -q "$folder/image" >/dev/null 2>&1
        mount -o loop "$folder/image" "$folder/disk"
        echo "$folder/disk"
        cat >/dev/null
        """

    /// - Parameters:
    ///   - type: such as `xfs`.
    ///   - body: gets the folder where it is mounted.
    /// - Throws: what the body throws, or why nothing was mounted.
    static func with(_ type: String, _ body: (String) async throws -> Void) async throws {
        let said = Watched("")
        let process = try PipedProcess(
            ProcessLaunch(
                executable: "/bin/sh",
                arguments: ["-c", keeper, "sh", type],
                environment: ["PATH": ExecutableSearch.defaultPath],
                workingDirectory: "/"
            )
        ) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            said.change { $0 += text }
        }
        let ending = Task {
            _ = await process.end.value
            said.change { $0 += "\n" }
        }
        await said.wait { $0.hasSuffix("\n") }
        let folder = said.value.trimmingWhitespace
        let result: Result<Void, any Error>
        do {
            try #require(folder.hasSuffix("/disk"), "\(type) cannot be mounted")
            result = .success(try await body(folder))
        } catch { result = .failure(error) }
        process.closeInput()
        let end = await process.end.value
        await ending.value
        try result.get()
        #expect(end == .exited(0))
        #expect(!FileTree.exists(folder))
    }
}
