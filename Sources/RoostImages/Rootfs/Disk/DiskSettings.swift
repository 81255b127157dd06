import RoostTemplate

/// The options of `roost-rootfs` that are about disks.
struct DiskSettings: Sendable, Hashable {
    enum Form: String, Sendable, Hashable, CaseIterable { case raw, qcow2, vhd }

    enum Loader: String, Sendable, Hashable, CaseIterable { case grub, none }

    var form: Form
    /// The size of the whole disk; nil lets the content and the free space decide.
    var size: DiskSize?
    var free: DiskSize
    /// Nil is GRUB when the image has a kernel.
    var loader: Loader?
    /// What the kernel is told besides where its root is.
    var kernelArguments: String

    /// What it takes when nobody says: room for the first jobs.
    static let standardFree = DiskSize(mebibytes: 1024)
    /// Both the screen and the serial line.
    static let standardArguments = "console=tty0 console=ttyS0,115200"

    /// Reads them.
    ///
    /// - Throws: ``RootfsFailure/option(_:reason:)``.
    init(_ form: Form, _ reader: RootfsOptions) throws(RootfsFailure) {
        self.form = form
        size = try Self.size(reader, "disk_size")
        free = try Self.size(reader, "free_space") ?? Self.standardFree
        loader = nil
        if try reader.text("boot_loader") != nil { loader = try reader.choice("boot_loader", Loader.grub) }
        kernelArguments = try reader.text("kernel_arguments") ?? Self.standardArguments
        guard !kernelArguments.contains(where: \.isNewline) else {
            throw .option("kernel_arguments", reason: "has to be one line")
        }
    }

    private static func size(_ reader: RootfsOptions, _ name: String) throws(RootfsFailure) -> DiskSize? {
        guard let text = try reader.text(name) else { return nil }
        guard let size = DiskSize(text) else {
            throw .option(name, reason: "has to be a size such as 512M, 10G or 1T")
        }
        return size
    }
}
