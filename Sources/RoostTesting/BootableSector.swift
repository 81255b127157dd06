public import Foundation
public import RoostModel

/// What a machine runs that has one sector instead of a system.
public protocol BootableSector: Sendable {
    /// Its first bytes; at most 510.
    var content: [UInt8] { get }
}

extension BootableSector {
    /// A disk that begins with it.
    public var disk: Data {
        Data(content + [UInt8](repeating: 0, count: 510 - content.count) + [0x55, 0xAA]) + Data(count: 1 << 20)
    }

    /// It as an image for machines, of this digest.
    public func image(_ digest: String) -> MachineImage {
        let disk = disk
        return MachineImage(name: "images/\(digest)/1.0.0", digest: digest) { folder in
            try disk.write(to: URL(filePath: "\(folder)/disk.raw"))
        }
    }
}
