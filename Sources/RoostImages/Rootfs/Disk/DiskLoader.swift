import Foundation

/// Puts the boot loader onto a disk.
struct DiskLoader {
    let disk: String
    let plan: DiskPlan
    let ids: DiskIDs
    /// Where it works.
    let folder: String
    let moment: Int

    private var loader: GrubLoader { GrubLoader(root: ids["root"]) }

    /// Puts the loaders for BIOS and UEFI into their places.
    func put() async throws {
        try Data(loader.beginning.utf8).write(to: URL(filePath: "\(folder)/beginning"))
        try await putBIOS(plan.partitions[0])
        try await putUEFI(plan.partitions[1])
    }

    private func make(_ form: String, _ name: String, _ modules: [String]) async throws {
        let options = ["-O", form, "-c", "\(folder)/beginning", "-p", "/boot/grub", "-o", "\(folder)/\(name)"]
        try await MachineTool("grub-mkimage", options + modules + GrubLoader.common).run(in: folder)
    }

    private func putBIOS(_ part: DiskPlan.Partition) async throws {
        try await make("i386-pc", "core.img", ["biosdisk"])
        let program = try Data(contentsOf: URL(filePath: "\(GrubLoader.biosFolder)/boot.img"))
        let core = try Data(contentsOf: URL(filePath: "\(folder)/core.img"))
        guard let first = GrubLoader.firstSector(Array(program), core: part.start.sectors),
            let placed = GrubLoader.core(Array(core), at: part.start.sectors, room: part.size)
        else { throw RootfsFailure.outputFailed(path: disk, reason: "GRUB is not of the form that is known") }
        let file = try FileHandle(forUpdating: URL(filePath: disk))
        defer { try? file.close() }
        try file.write(contentsOf: first)
        try file.seek(toOffset: UInt64(part.start.bytes))
        try file.write(contentsOf: placed)
    }

    /// A FAT file system with one program, under the name that firmware looks for.
    private func putUEFI(_ part: DiskPlan.Partition) async throws {
        try await make("x86_64-efi", "boot.efi", [])
        let place = "\(disk)@@\(part.start.bytes)"
        let number = String(ids["fat"].prefix(8))
        let shape = ["-T", "\(part.size.sectors)", "-h", "16", "-s", "32", "-N", number, "-v", "EFI"]
        try await tool("mformat", ["-i", place] + shape + ["::"])
        try await tool("mmd", ["-i", place, "::EFI", "::EFI/BOOT"])
        try await tool("mcopy", ["-i", place, "\(folder)/boot.efi", "::EFI/BOOT/BOOTX64.EFI"])
    }

    private func tool(_ name: String, _ arguments: [String]) async throws {
        var tool = MachineTool(name, arguments)
        tool.environment = ["SOURCE_DATE_EPOCH": "\(moment)", "MTOOLS_SKIP_CHECK": "1", "TZ": "UTC"]
        try await tool.run(in: folder)
    }
}
