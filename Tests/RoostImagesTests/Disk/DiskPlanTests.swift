import Foundation
import RoostTemplate
import Testing

@testable import RoostImages

@Suite("How disks are laid out")
struct DiskPlanTests {
    private let ids = DiskIDs(content: "content")

    private func settings(_ options: [String: String] = [:]) throws -> DiskSettings {
        var settings = ImageSettings()
        for (name, value) in options { settings.set(name, SettingValue(.text(value))) }
        return try DiskSettings(.raw, RootfsOptions(settings: settings))
    }

    @Test(
        "sizes are whole MiB, and anything else is refused",
        arguments: [
            ("512M", 512), ("10G", 10240), ("1T", 1 << 20), ("300", 300), ("0", nil), ("10g", nil), ("1.5G", nil),
            ("99999T", nil), ("", nil), ("-1G", nil), ("99999999999999999999", nil),
        ] as [(String, Int?)]
    )
    func sizes(_ text: String, _ size: Int?) {
        #expect(DiskSize(text)?.mebibytes == size)
    }

    @Test(
        "parts follow one another, the table has room at both ends, and what is too small is refused with what is needed"
    )
    func layout() throws {
        var content = DiskContent()
        for _ in 0..<1000 { content.add("70000 f") }
        content.add("not a line")
        let plan = try DiskPlan(content, settings(["free_space": "100M"]), hasLoader: true, ids: ids)
        #expect(plan.partitions.map(\.name) == ["bios", "efi", "root"])
        var end = 1
        for part in plan.partitions {
            #expect(part.start.mebibytes == end)
            end += part.size.mebibytes
        }
        #expect(plan.size.mebibytes == end + 1)
        #expect(plan.root.size.bytes > content.bytes + 100 << 20)
        #expect(plan.files > 2000)
        #expect(Set(plan.partitions.map(\.id) + [plan.id]).count == 4)
        let exact = try DiskPlan(content, settings(["disk_size": "2G"]), hasLoader: true, ids: ids)
        #expect(exact.size.mebibytes == 2048)
        let refusal = #expect(throws: RootfsFailure.self) {
            _ = try DiskPlan(content, settings(["disk_size": "64M"]), hasLoader: false, ids: ids)
        }
        guard case .diskTooSmall(let needed, 64) = refusal else { throw try #require(refusal) }
        _ = try DiskPlan(content, settings(["disk_size": "\(needed)M"]), hasLoader: false, ids: ids)
    }

    @Test("the newest kernel is taken, by its number, with the initial files of its name")
    func kernels() {
        let names = ["vmlinuz-6.1.0-9-amd64", "vmlinuz-6.1.0-57-amd64", "initrd.img-6.1.0-57-amd64", "vmlinuz-7.old"]
        #expect(
            BootFiles.newest(of: names)
                == BootFiles(kernel: "vmlinuz-6.1.0-57-amd64", initialFiles: "initrd.img-6.1.0-57-amd64")
        )
        #expect(BootFiles.newest(of: ["vmlinuz-5", "initramfs-5.img"])?.initialFiles == "initramfs-5.img")
        #expect(BootFiles.newest(of: ["config-5"]) == nil)
    }

    @Test("of an earlier table of file systems only what is no disk stays")
    func table() {
        let old =
            "# none\nUUID=1 / ext4 ro 0 1\nUUID=2 /boot/efi vfat umask=77 0 1\n\ntmpfs /scratch tmpfs size=1g 0 0\n"
        #expect(
            FileSystemTable.text(old, root: "new")
                == "UUID=new / ext4 errors=remount-ro 0 1\ntmpfs /scratch tmpfs size=1g 0 0\n"
        )
    }

    @Test("times that come after the moment are taken back to it, others stay")
    func times() {
        var times = FileTimes(moment: 1000)
        let answers = [
            "Inode: 12   Type: regular    Mode:  0644   Flags: 0x80000", " mtime: 0x000003e7:ee6b2800 -- Thu",
            "Inode: 13   Type: regular", " mtime: 0x000003e9:00000000 -- Thu", "Inode: 14   Type: x",
            // A second that wrapped around: two bits of the finer part are its carry.
            " mtime: 0x00000001:00000001 -- Thu", "mtime: ", "junk",
        ]
        for answer in answers { times.read(answer) }
        #expect(times.later == [13, 14])
        #expect(!times.command(12).contains(" mtime ") && times.command(13).contains("<13> mtime @0x3e8\n"))
        #expect(FileTimes.inodes(count: 13) == [2, 11, 12, 13])
        #expect(FileTimes.inodes(count: 10) == [2])
    }

    @Test("options that are not what they have to be are told by name")
    func options() throws {
        for (name, value) in [("disk_size", "big"), ("boot_loader", "lilo"), ("kernel_arguments", "a\nb")] {
            let refusal = #expect(throws: RootfsFailure.self) { _ = try settings([name: value]) }
            #expect(refusal?.summary.contains(name) == true)
        }
    }
}
