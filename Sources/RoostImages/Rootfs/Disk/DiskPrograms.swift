import Foundation

/// What has to be on the machine that makes a disk.
enum DiskPrograms {
    /// - Throws: ``RootfsFailure/programMissing(_:package:)`` for the first that is not there.
    static func check(_ settings: DiskSettings) throws(RootfsFailure) {
        var needed = [("mke2fs", "e2fsprogs"), ("debugfs", "e2fsprogs"), ("sfdisk", "fdisk")]
        if settings.form == .qcow2 { needed.append(("qemu-img", "qemu-utils")) }
        if settings.loader != DiskSettings.Loader.none {
            needed += [("grub-mkimage", "grub-common"), ("mformat", "mtools")]
            for (folder, package) in [
                (GrubLoader.biosFolder, "grub-pc-bin"), (GrubLoader.efiFolder, "grub-efi-amd64-bin"),
            ] where access(folder, R_OK) != 0 {
                throw .programMissing(folder, package: package)
            }
        }
        for (program, package) in needed where !MachineTool.isThere(program) {
            throw .programMissing(program, package: package)
        }
    }
}
