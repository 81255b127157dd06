import Foundation

/// How the file of a disk holds it.
package enum DiskForm: Sendable, Hashable {
    case raw, qcow2, vhd

    /// What qemu-img(1) calls it.
    package var name: String {
        switch self {
        case .raw: "raw"
        case .qcow2: "qcow2"
        case .vhd: "vpc"
        }
    }

    /// The form of a file; nil when it is no disk.
    package static func of(_ path: String) throws -> DiskForm? {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }
        let head = Array(try file.read(upToCount: 2048) ?? Data())
        let size = try file.seekToEnd()
        guard size >= 2048 else { return nil }
        if head.starts(with: [0x51, 0x46, 0x49, 0xFB]) { return .qcow2 }
        if head.starts(with: Array("conectix".utf8)) { return .vhd }
        try file.seek(toOffset: size - 512)
        let tail = Array(try file.read(upToCount: 8) ?? Data())
        let isDisk = head[510] == 0x55 && head[511] == 0xAA || Ext4.isOne(head)
        guard isDisk, head[257..<262] != Array("ustar".utf8)[...] else { return nil }
        return tail == Array("conectix".utf8) ? .vhd : .raw
    }
}

/// What marks a file system ext2, ext3 or ext4.
enum Ext4 {
    /// How much of a file system has to be read for it.
    static let headSize = 2048

    static func isOne(_ head: [UInt8]) -> Bool { head.count > 1081 && head[1080] == 0x53 && head[1081] == 0xEF }
}
