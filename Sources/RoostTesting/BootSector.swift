/// A disk whose first sector writes a line to the serial port and then waits for ever, or switches the machine off.
public struct BootSector: BootableSector {
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

    /// Its code and its text.
    public var content: [UInt8] {
        program + [UInt8](repeating: 0, count: Self.text - program.count) + Array("\(line)\r\n".utf8)
    }
}
