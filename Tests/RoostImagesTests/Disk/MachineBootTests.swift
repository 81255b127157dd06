import Foundation
import RoostModel
import RoostTemplate
import RoostTesting
import Testing

@testable import RoostImages

@Suite("Virtual machines of disks", .timeLimit(.minutes(3)))
struct MachineBootTests {
    private static let canBoot = DiskGround.obstacle == nil && MachineTool.isThere(QEMUMachine.program)

    @Test(
        "the loader on a disk starts its kernel with either firmware, ends when it is cancelled, and leaves the disk as it is",
        .enabled(if: canBoot, "needs Debian's packages for disks and qemu-system-x86"),
        arguments: MachineFirmware.allCases.filter { (try? $0.file()) != nil || $0 == .bios }
    )
    func loader(_ firmware: MachineFirmware) async throws {
        try await RootfsGround.with { ground in
            // It is no kernel, and the loader says so: it has found and read its settings and this file.
            let lines = ["mkdir -p /boot; echo this is not a kernel but a text > /boot/vmlinuz-6"]
            _ = try await ground.disk("image.qcow2", lines, ["free_space": SettingValue(.text("8M"))], form: "qcow2")
            let digest = try FileDigest.of("\(ground.path)/image.qcow2")
            var boot = MachineBoot(cacheFolder: ground.cache, network: .none, program: "/bin/false")
            boot.accelerator = .tcg
            boot.memory = firmware == .bios ? 128 : 256
            boot.firmware = firmware
            let said = AsyncStream<String>.makeStream()
            let task = Task { [boot] in
                defer { said.continuation.finish() }
                try await boot.run(.path("\(ground.path)/image.qcow2"), nil) { said.continuation.yield($0) }
            }
            var isFound = false
            for await line in said.stream where line.contains("premature end of file /boot/vmlinuz-6") {
                isFound = true
                break
            }
            #expect(isFound)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try FileDigest.of("\(ground.path)/image.qcow2") == digest)
            for folder in ["work", "ledger"] {
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(ground.cache)/\(folder)") == [])
            }
        }
    }

    @Test(
        "the sector that tells whether the kernel helps comes to its end on a processor that QEMU plays",
        .enabled(if: MachineTool.isThere(QEMUMachine.program), "needs Debian's package qemu-system-x86")
    )
    func probe() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let probe = KernelMachineProbe(folder: folder.path)
        #expect(try await probe.hasCounted(["-accel", "tcg"]))
        #expect(!(try await probe.hasCounted(["-accel", "tcg", "-no-such-option"])))
    }

    @Test(
        "the loader for UEFI is a program of its kind, at the standard place of a partition of its kind",
        .enabled(if: DiskGround.obstacle == nil, "\(DiskGround.obstacle ?? "")")
    )
    func uefi() async throws {
        try await RootfsGround.with { ground in
            let lines = ["mkdir -p /boot; echo kernel > /boot/vmlinuz-6"]
            _ = try await ground.disk("image.raw", lines, ["free_space": SettingValue(.text("8M"))])
            let table = try JSONDecoder().decode(
                PartitionTable.self,
                from: Data(try await ground.tool("sfdisk", "--json", "image.raw").utf8)
            )
            let kind = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
            let part = try #require(table.partitiontable.partitions.first { $0.type == kind })
            let image = "image.raw@@\(part.start * 512)"
            _ = try await ground.tool("mcopy", "-n", "-i", image, "::/EFI/BOOT/BOOTX64.EFI", "loader")
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(ground.path)/loader")))
            func number(_ place: Int, _ size: Int) -> Int {
                bytes[place..<place + size].reversed().reduce(0) { $0 << 8 | Int($1) }
            }
            try #require(bytes.count > 4096 && bytes.starts(with: Array("MZ".utf8)))
            let header = number(0x3C, 4)
            #expect(bytes[header..<header + 4] == [0x50, 0x45, 0, 0])
            // For x86-64, as a PE32+ of UEFI's applications.
            #expect(number(header + 4, 2) == 0x8664)
            #expect(number(header + 24, 2) == 0x20B && number(header + 24 + 68, 2) == 10)
        }
    }

    private struct PartitionTable: Decodable {
        struct Part: Decodable { var start: Int, type: String }
        struct Table: Decodable { var partitions: [Part] }
        var partitiontable: Table
    }

    @Test("a machine reaches its server alone, by its own name where it has one, and no secret is in its command line")
    func command() throws {
        let values = BootValues(url: try #require(URL(string: "https://roost.example.org/")), token: Secret("s3cr3t"))
        let door = try ServerDoor(to: values.url)
        var machine = QEMUMachine(disk: "/a,b/disk", form: .vhd, memory: 512, processors: 1)
        machine.network = .door(door, program: "/opt/it's/roost")
        machine.values = "/folder/boot"
        machine.firmware = "/ovmf"
        let words = machine.arguments
        #expect(words.contains("file=/a,,b/disk,format=vpc,if=virtio,snapshot=on"))
        #expect(
            words.contains(
                "user,id=net,restrict=on,guestfwd=tcp:10.0.2.100:443-cmd:'/opt/it'\\''s/roost' image door 'roost.example.org' 443"
            )
        )
        #expect(!words.joined().contains("s3cr3t") && words.contains("/ovmf"))
        #expect(
            try values.text(door: door)
                == "ROOST_URL=https://roost.example.org/\nROOST_TOKEN=s3cr3t\nROOST_HOST=10.0.2.100 roost.example.org\n"
        )
        let local = try ServerDoor(to: #require(URL(string: "http://127.0.0.1:8080/")))
        #expect(local.url.absoluteString == "http://10.0.2.100:8080/" && local.hostLine == nil)
    }

    @Test("values of two lines and addresses of no server are refused")
    func refused() throws {
        var values = BootValues(
            url: try #require(URL(string: "http://a/")),
            agent: "a\nROOST_URL=b",
            token: Secret("t")
        )
        #expect(throws: BootFailure.value("ROOST_AGENT")) { _ = try values.text() }
        values.agent = nil
        values.url = try #require(URL(string: "ftp://a/"))
        #expect(throws: BootFailure.url("ftp://a/")) { _ = try ServerDoor(to: values.url) }
    }
}
