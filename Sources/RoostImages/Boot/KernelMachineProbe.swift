import Foundation

/// Whether machines start with the kernel's help here: the device is there in many places where they do not.
package struct KernelMachineProbe: Sendable {
    /// Where it works.
    let folder: String

    package init(folder: String) { self.folder = folder }

    /// A machine that starts at all has done so long before.
    private static let patience = Duration.seconds(3)
    private static let exitPort = 0x501

    /// A first sector that writes one to a port, at which QEMU ends with (1 << 1) | 1.
    static let sector: [UInt8] = {
        let code: [UInt8] = [0xBA, UInt8(exitPort & 0xFF), UInt8(exitPort >> 8), 0xB0, 0x01, 0xEE, 0xF4, 0xEB, 0xFD]
        return code + [UInt8](repeating: 0, count: 510 - code.count) + [0x55, 0xAA]
    }()

    package func works() async throws -> Bool {
        guard access("/dev/kvm", R_OK | W_OK) == 0 else { return false }
        let path = "\(folder)/probe"
        try Data(Self.sector).write(to: URL(filePath: path))
        let words = [
            "-no-user-config", "-nodefaults", "-display", "none", "-accel", "kvm", "-cpu", "host", "-m", "16M",
            "-drive",
            "file=\(path.replacing(",", with: ",,")),format=raw,if=ide,readonly=off", "-device",
            "isa-debug-exit,iobase=\(Self.exitPort),iosize=1",
        ]
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [folder] in
                do {
                    try await MachineTool(QEMUMachine.program, words).run(in: folder)
                    return false
                } catch SandboxFailure.commandFailed(_, let code, _) { return code == 3 }
            }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                return false
            }
            let first = try await group.next() ?? false
            group.cancelAll()
            return first
        }
    }
}
