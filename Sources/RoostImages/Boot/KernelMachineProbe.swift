import Foundation

/// Whether the kernel's help makes machines fast here: the device is there in many places where they do not start, and in some where the
/// kernel itself plays the processor, one instruction after the other, many times slower than QEMU does without it.
package struct KernelMachineProbe: Sendable {
    /// Where it works.
    let folder: String

    package init(folder: String) { self.folder = folder }

    /// A machine that starts at all has done so long before.
    private static let patience = Duration.seconds(3)
    private static let exitPort = 0x501

    /// Turns of a loop that a processor makes in a hundredth of a second, and who plays one not within the patience.
    private static let turns: UInt32 = 1 << 25

    /// A first sector that counts, and then writes one to a port, at which QEMU ends with (1 << 1) | 1.
    static let sector: [UInt8] = {
        // mov ecx, turns; dec ecx; jnz back to it.
        let loop: [UInt8] = [0x66, 0xB9] + (0..<4).map { UInt8(truncatingIfNeeded: turns >> ($0 * 8)) }
        let end: [UInt8] = [0xBA, UInt8(exitPort & 0xFF), UInt8(exitPort >> 8), 0xB0, 0x01, 0xEE, 0xF4, 0xEB, 0xFD]
        let code = loop + [0x66, 0x49, 0x75, 0xFC] + end
        return code + [UInt8](repeating: 0, count: 510 - code.count) + [0x55, 0xAA]
    }()

    package func works() async throws -> Bool {
        guard access("/dev/kvm", R_OK | W_OK) == 0 else { return false }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { try await hasCounted(["-accel", "kvm", "-cpu", "host"]) }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                return false
            }
            let first = try await group.next() ?? false
            group.cancelAll()
            return first
        }
    }

    /// Starts a machine of the sector, and waits for its end.
    ///
    /// - Parameter processor: the words that choose who plays it.
    /// - Returns: whether it came to the end of the sector.
    /// - Throws: ``SandboxFailure`` when QEMU cannot be started, `CancellationError`.
    func hasCounted(_ processor: [String]) async throws -> Bool {
        let path = "\(folder)/probe"
        try Data(Self.sector).write(to: URL(filePath: path))
        let words =
            ["-no-user-config", "-nodefaults", "-display", "none", "-m", "16M"] + processor + [
                "-drive", "file=\(path.replacing(",", with: ",,")),format=raw,if=ide,readonly=off",
                "-device", "isa-debug-exit,iobase=\(Self.exitPort),iosize=1",
            ]
        do {
            try await MachineTool(QEMUMachine.program, words).run(in: folder)
            return false
        } catch SandboxFailure.commandFailed(_, let code, _) { return code == 3 }
    }
}
