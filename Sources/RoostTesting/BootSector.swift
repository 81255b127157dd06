public import Foundation
public import RoostModel

/// A disk whose first sector writes a line to the serial port and then waits for ever, or switches the machine off.
public struct BootSector: Sendable {
    private let line: String
    private let switchesOff: Bool
    private let port: Int

    /// - Parameters:
    ///   - line: what it writes, without its end; at most 400 characters of ASCII.
    ///   - port: the serial port, 1 or 2.
    ///   - switchesOff: rather than to wait.
    public init(line: String, port: Int = 1, switchesOff: Bool = false) {
        (self.line, self.port, self.switchesOff) = (line, port, switchesOff)
    }

    /// Where the text begins when the sector is at 0x7C00.
    private static let text = 0x40

    private var program: [UInt8] {
        // ds = 0; dx = the serial port; si = the text; until its end each byte goes out.
        var code: [UInt8] = [0x31, 0xC0, 0x8E, 0xD8, 0xBA, 0xF8, port == 1 ? 0x03 : 0x02, 0xBE, UInt8(Self.text), 0x7C]
        code += [0xAC, 0x84, 0xC0, 0x74, 0x03, 0xEE, 0xEB, 0xF8]
        // The register of QEMU's power management that switches off.
        if switchesOff { code += [0xBA, 0x04, 0x06, 0xB8, 0x00, 0x20, 0xEF] }
        return code + [0xF4, 0xEB, 0xFD]
    }

    /// Its bytes.
    public var disk: Data {
        var sector = program
        sector += [UInt8](repeating: 0, count: Self.text - sector.count) + Array("\(line)\r\n".utf8)
        sector += [UInt8](repeating: 0, count: 510 - sector.count) + [0x55, 0xAA]
        return Data(sector) + Data(count: 1 << 20)
    }

    /// It as an image for machines, of this digest.
    public func image(_ digest: String) -> MachineImage {
        let disk = disk
        return MachineImage(name: "images/\(digest)/1.0.0", digest: digest) { folder in
            try disk.write(to: URL(filePath: "\(folder)/disk.raw"))
        }
    }
}
