import Crypto
import Foundation

/// A digest of a file's content.
enum FileDigest {
    /// SHA-256 as hexadecimal digits.
    static func of(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw RootfsFailure.baseMissing(path: path, reason: SandboxFailure.text(errno))
        }
        defer { close(descriptor) }
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw RootfsFailure.baseMissing(path: path, reason: SandboxFailure.text(errno)) }
            guard count > 0 else { return LayerKey.hexadecimal(hash.finalize()) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

/// A digest of a folder: names, kinds, owners, modes, contents and attributes, but no times.
enum FolderDigest {
    static func of(
        _ folder: String,
        over view: SandboxPlan.Overlay? = nil,
        in place: String = "/"
    ) async throws -> String {
        let hash = Gathered(SHA256())
        let tool = MachineTool("tar", ["-C", folder] + TarForm.options + ["--mtime=@0", "-c", "."], over: view)
        try await tool.run(in: place) { bytes in hash.change { $0.update(data: bytes) } }
        return LayerKey.hexadecimal(hash.value.finalize())
    }
}

/// How archives are written, so that the same files give the same bytes.
enum TarForm {
    static let options = [
        "--format=pax", "--sort=name", "--numeric-owner", "--xattrs", "--xattrs-include=user.*",
        "--xattrs-include=security.capability", "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
    ]

    /// How an archive of this name is compressed.
    static func compression(of path: String) -> [String] {
        switch path.split(separator: ".").last {
        case "gz", "tgz": ["--gzip"]
        case "xz", "txz": ["--xz"]
        case "zst", "tzst": ["--zstd"]
        case "bz2", "tbz2": ["--bzip2"]
        default: []
        }
    }
}
