import Foundation
import RoostTemplate
import RoostTesting
import Testing

@testable import RoostImages

@Suite("Disks out of layers", .enabled(if: DiskGround.obstacle == nil, "\(DiskGround.obstacle ?? "")"))
struct DiskBuildTests {
    @Test("owners, modes, links and capabilities are on the disk, and made anew later it is the same to the last byte")
    func content() async throws {
        try await RootfsGround.with { ground in
            let give = DiskGround.canGive ? "busybox chown 1:1 /srv/a/one; " : ""
            let lines = [
                "mkdir -p /srv/a; echo 1 > /srv/a/one; \(give)chmod 4711 /srv/a/one; ln /srv/a/one /srv/hard; ln -s a/one /srv/soft",
                "rm /etc/group; echo later > /root/later",
            ]
            let size = ["free_space": SettingValue(.text("8M"))]
            let first = try await ground.disk("one.raw", lines, size)
            let again = try await ground.disk("two.raw", lines, size, usesCache: false)
            #expect(first.id == again.id)
            #expect(first.text.hasPrefix("Disk: "))
            let root = "one.raw?offset=\(1 << 20)"
            #expect(try await ground.tool("sfdisk", "-V", "one.raw").contains("No errors"))
            _ = try await ground.tool("e2fsck", "-fn", root)
            let listing = try await ground.tool("debugfs", "-R", "ls -p /srv", root)
            #expect(listing.contains("/120777/0/0/soft/5/"))
            let owner = DiskGround.canGive ? "1/1" : "0/0"
            #expect(listing.contains("/104711/\(owner)/hard/2/"))
            #expect(try await ground.tool("debugfs", "-R", "stat /srv/hard", root).contains("Links: 2"))
            #expect(try await ground.tool("debugfs", "-R", "cat /etc/fstab", root).hasPrefix("UUID="))
            #expect(try await ground.tool("debugfs", "-R", "ls -p /etc", root).contains("/group/") == false)
        }
    }

    @Test("every form holds the same bytes, and a fixed VHD is whole MiB with its footer")
    func forms() async throws {
        try await RootfsGround.with { ground in
            let size = ["disk_size": SettingValue(.text("48M"))]
            _ = try await ground.disk("disk.raw", [], size)
            for (name, form) in [("qcow2", "qcow2"), ("vhd", "vpc")] {
                _ = try await ground.disk("disk.\(name)", [], size, form: name)
                let same = try await ground.tool(
                    "qemu-img",
                    "compare",
                    "-f",
                    "raw",
                    "-F",
                    form,
                    "disk.raw",
                    "disk.\(name)"
                )
                #expect(same == "Images are identical.\n")
            }
            let bytes = try FileManager.default.attributesOfItem(atPath: "\(ground.path)/disk.vhd")[.size] as? Int
            #expect(bytes == 48 << 20 + 512)
            let footer = try Data(contentsOf: URL(filePath: "\(ground.path)/disk.vhd")).suffix(512)
            let sum = footer.enumerated().filter { !(64..<68).contains($0.offset) }
                .reduce(UInt32(0)) { $0 &+ UInt32($1.element) }
            let kept = footer.dropFirst(64).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            #expect(kept == ~sum)
        }
    }

    @Test("what only one machine may have is not in the image, unless that is wanted")
    func general() async throws {
        let lines = [
            "mkdir -p /etc/ssh /var/lib/systemd /lib/systemd; echo abc > /etc/machine-id; echo x > /var/lib/systemd/random-seed",
            "echo k > /etc/ssh/ssh_host_rsa_key; echo k > /etc/ssh/ssh_host_rsa_key.pub; echo c > /etc/ssh/sshd_config",
        ]
        try await RootfsGround.with { ground in
            _ = try await ground.build(lines, output: "image.tar")
            #expect(try await ground.tool("tar", "-xOf", "image.tar", "./etc/machine-id") == "")
            let names = try await ground.tool("tar", "-tf", "image.tar").split(separator: "\n").map(String.init)
            #expect(!names.contains { $0.contains("ssh_host_") || $0.hasSuffix("random-seed") })
            #expect(names.contains("./etc/ssh/sshd_config"))
            // The second time the layer is there.
            _ = try await ground.build(lines, output: "again.tar")
            #expect(try FileDigest.of("\(ground.path)/again.tar") == FileDigest.of("\(ground.path)/image.tar"))
            let machine = try await ground.start("own.tar", ["generalize": SettingValue(.truth(false))])
            for line in lines { _ = try await machine.step(StepKey(line)) { _ = try await machine.said(line) } }
            _ = try await machine.finish()
            #expect(try await ground.tool("tar", "-xOf", "own.tar", "./etc/machine-id") == "abc\n")
        }
    }

    @Test("links of an image do not lead generalizing out of it")
    func links() async throws {
        try await RootfsGround.with { ground in
            try ground.write("outside", to: "outside/ssh_host_rsa_key")
            let line =
                "ln -s \(ground.path)/outside /etc/ssh; ln -s \(ground.path)/outside/ssh_host_rsa_key /etc/machine-id"
            _ = try await ground.build([line])
            let kept = try String(contentsOfFile: "\(ground.path)/outside/ssh_host_rsa_key", encoding: .utf8)
            #expect(kept == "outside")
        }
    }

    @Test("a loader that was asked for and has no kernel to start is an error, and nothing is left")
    func noKernel() async throws {
        try await RootfsGround.with { ground in
            await #expect(throws: RootfsFailure.noKernel) {
                _ = try await ground.disk("image.raw", [], ["boot_loader": SettingValue(.text("grub"))])
            }
            #expect(ground.staged.isEmpty)
        }
    }
}
