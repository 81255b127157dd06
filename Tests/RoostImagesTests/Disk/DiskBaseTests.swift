import Foundation
import RoostTemplate
import RoostTesting
import Testing

@testable import RoostImages

@Suite("Disks as bases", .enabled(if: DiskGround.obstacle == nil, "\(DiskGround.obstacle ?? "")"))
struct DiskBaseTests {
    @Test("a disk of each form gives the files that were put on it", arguments: ["raw", "qcow2", "vhd"])
    func back(_ form: String) async throws {
        try await RootfsGround.with { ground in
            var lines = [
                "mkdir -p '/srv/a b'; echo 1 > '/srv/a b/one'; ln '/srv/a b/one' /srv/hard; ln -s hard /srv/soft; chmod 4711 /srv/hard",
                "mkdir -m 1777 /srv/sticky; busybox dd if=/dev/zero of=/srv/large bs=65536 count=20; chmod 2600 /srv/large",
            ]
            if DiskGround.canGive {
                lines.append("busybox chown 1:1 /srv/large /srv/sticky; chmod 2600 /srv/large; chmod 1777 /srv/sticky")
            }
            _ = try await ground.disk("disk", lines, ["free_space": SettingValue(.text("8M"))], form: form)
            let machine = try await ground.start("back.tar", ["base": SettingValue(.text("disk"))])
            _ = try await machine.finish()
            _ = try await ground.build(lines, output: "first.tar")
            let back = try await ground.listing("back.tar")
            // What a disk needs more: its table of file systems, and places for what the kernel shows.
            let added = ["./etc/fstab", "./run/", "./sys/"]
            #expect(
                back.filter { line in !added.contains { line.hasSuffix(" \($0)") } }
                    == (try await ground.listing("first.tar"))
            )
            #expect(back.contains { $0.hasSuffix("./etc/fstab") })
        }
    }

    @Test(
        "a file system without a partition table is a base, capabilities come along",
        .enabled(if: MachineTool.isThere("setfattr"), "needs Debian's package attr")
    )
    func whole() async throws {
        try await RootfsGround.with { ground in
            _ = try await ground.tool("truncate", "-s", "32M", "whole.raw")
            _ = try await ground.tool("mke2fs", "-q", "-F", "-t", "ext4", "-d", "base", "whole.raw")
            let value = #"printf '\001\0\0\002\0\040\0\0\0\0\0\0\0\0\0\0\0\0\0\0' > value"#
            _ = try await ground.tool("sh", "-c", value)
            try ground.write("ea_set -f value /etc/passwd security.capability\n", to: "ea")
            _ = try await ground.tool("debugfs", "-w", "-f", "ea", "whole.raw")
            let machine = try await ground.start("back/", ["base": SettingValue(.text("whole.raw"))])
            _ = try await machine.finish()
            let found = try await ground.tool("getfattr", "-R", "-m", "security", "back/etc")
            #expect(found.contains("back/etc/passwd\nsecurity.capability"))
            #expect(!found.contains("back/etc/group"))
        }
    }

    @Test("disks without a root, and parts of disks that name others, are refused")
    func refused() async throws {
        try await RootfsGround.with { ground in
            _ = try await ground.tool("truncate", "-s", "4M", "empty.raw")
            try ground.write("label: dos\nstart=2048, size=2048\n", to: "table")
            _ = try await ground.tool("sh", "-c", "exec sfdisk --quiet empty.raw < table")
            await #expect(throws: RootfsFailure.noRoot(path: "\(ground.path)/empty.raw")) {
                _ = try await ground.start("a.tar", ["base": SettingValue(.text("empty.raw"))])
            }
            _ = try await ground.tool("qemu-img", "create", "-f", "qcow2", "-F", "raw", "-b", "empty.raw", "part.qcow2")
            let refusal = await #expect(throws: RootfsFailure.self) {
                _ = try await ground.start("a.tar", ["base": SettingValue(.text("part.qcow2"))])
            }
            #expect(refusal?.summary.contains("another file") == true)
        }
    }

    @Test("special modes, names and capabilities are found in what debugfs says")
    func repairs() {
        var repairs = FileRepairs()
        let said = """
            Inode: 12   Type: regular    Mode:  04755   Flags: 0x80000
            Links: 2   Blockcount: 8
            Inode: 13   Type: directory    Mode:  0755   Flags: 0x80000
            Links: 9   Blockcount: 8
            Inode: 14   Type: regular    Mode:  0755   Flags: 0x80000
            Links: 1   Blockcount: 8
              security.capability (20) = 01 00 00 02
            Inode: 15   Type: regular    Mode:  04755   Flags: 0x80000
            Links: 0   Blockcount: 0
            """
        for line in said.split(separator: "\n") { repairs.read(String(line)) }
        repairs.end()
        let commands = repairs.commands(names: [12: ["./b", "./a"], 14: ["./c"]])
        #expect(commands.links == [["./a", "./b"]])
        #expect(commands.modes == [["4755", "./a"]])
        #expect(commands.capabilities == [["0x01000002", "./c"]])
    }
}
