/// GRUB, put onto a disk without mounting it.
///
/// For BIOS the first sector loads the core, which has a partition of its own and everything in it that it needs. For UEFI the same core is
/// a program in the second partition. Both look for the root file system by its number and read `/boot/grub/grub.cfg` there.
struct GrubLoader: Sendable, Hashable {
    /// The number of the root file system.
    let root: String

    static let configurationPath = "/boot/grub/grub.cfg"
    static let biosFolder = "/usr/lib/grub/i386-pc"
    static let efiFolder = "/usr/lib/grub/x86_64-efi"
    static let common = [
        "part_gpt", "ext2", "normal", "linux", "configfile", "search", "search_fs_uuid", "echo", "test", "serial",
        "terminal",
        "gzio", "all_video", "boot", "minicmd", "reboot",
    ]

    /// What the core does first.
    var beginning: String {
        """
        search --no-floppy --fs-uuid --set=root \(root)
        set prefix=($root)/boot/grub
        configfile $prefix/grub.cfg

        """
    }

    /// The text of `grub.cfg`.
    func configuration(_ files: BootFiles, partition: String, arguments: String) -> String {
        // Without initial files nobody knows numbers of file systems but the kernel those of partitions.
        let place = files.initialFiles == nil ? "PARTUUID=\(partition)" : "UUID=\(root)"
        let lines = [
            "set timeout=0", "serial --unit=0 --speed=115200", "terminal_input console serial",
            "terminal_output console serial", "menuentry 'Linux' {",
            "    linux /boot/\(files.kernel) root=\(place) ro \(arguments)",
            files.initialFiles.map { "    initrd /boot/\($0)" }, "}",
        ]
        return lines.compactMap(\.self).joined(separator: "\n") + "\n"
    }

    // MARK: BIOS

    private static let sector = 512
    /// The program of the first sector ends where the table of older partitions begins.
    private static let programSize = 440
    /// Where `boot.img` says at which sector the core is, and where it doubts what the BIOS says of the drive, as GRUB's
    /// `boot.h` names them.
    private static let coreField = 0x5C
    private static let driveCheck = 0x66

    /// The first sector's program, for a core at a sector.
    static func firstSector(_ program: [UInt8], core: Int) -> [UInt8]? {
        guard program.count == sector else { return nil }
        var bytes = Array(program.prefix(programSize))
        put(UInt64(core), in: &bytes, at: coreField)
        // Two bytes that do nothing: a hard disk has the number that the BIOS gives.
        bytes[driveCheck] = 0x90
        bytes[driveCheck + 1] = 0x90
        return bytes
    }

    /// The core, for its place at a sector; its first sector's last entry says where the rest is.
    static func core(_ core: [UInt8], at start: Int, room: DiskSize) -> [UInt8]? {
        guard core.count > sector, core.count <= room.bytes else { return nil }
        var bytes = core
        put(UInt64(start + 1), in: &bytes, at: sector - 12)
        return bytes
    }

    private static func put(_ value: UInt64, in bytes: inout [UInt8], at offset: Int) {
        for index in 0..<8 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))) }
    }
}
