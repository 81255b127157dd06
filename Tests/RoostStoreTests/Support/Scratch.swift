import FoundationEssentials
import Glibc

/// A folder of a test, gone when the test is over.
func withScratchFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("roost-store-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

/// A file system of two megabytes of memory, to be filled up; needs the right to mount one.
enum SmallDisk {
    /// Whether this process may mount; tried once.
    static let isAvailable: Bool = {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("roost-mount-\(UUID().uuidString)").path
        guard mkdir(folder, 0o700) == 0 else { return false }
        defer { rmdir(folder) }
        guard mountTemporary(folder, "size=64k") else { return false }
        return umount(folder) == 0
    }()

    static func with<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        try await withScratchFolder { folder in
            let disk = folder + "/disk"
            guard mkdir(disk, 0o700) == 0, mountTemporary(disk, "size=2m") else {
                throw MountFailure(errorNumber: errno)
            }
            defer { umount2(disk, Int32(MNT_DETACH)) }
            return try await body(disk)
        }
    }

    private static func mountTemporary(_ path: String, _ options: String) -> Bool {
        mount("tmpfs", path, "tmpfs", 0, options) == 0
    }

    /// Takes all the space that is left.
    static func fill(_ disk: String) throws -> String {
        let path = disk + "/ballast"
        let file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw MountFailure(errorNumber: errno) }
        defer { close(file) }
        let page = [UInt8](repeating: 1, count: 4_096)
        while write(file, page, page.count) > 0 {}
        return path
    }
}

struct MountFailure: Error {
    var errorNumber: Int32
}

/// All bytes of a file; none when it does not exist.
func bytes(of path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
}

/// Whether bytes hold a text.
func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    String(decoding: bytes, as: UTF8.self).contains(text)
}
