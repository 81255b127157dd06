extension ComponentSchema {
    static let qemu = communicators()
        .adding(httpServer).adding(installationMedium).adding(vncBootCommand).adding(shutdown).adding(floppy)
        .adding(compactDisc).adding(qemuDisks).adding(qemuMachine)

    private static let qemuDisks = ComponentSchema(
        [
            .truth("iso_skip_cache"), .list("disk_additional_size"), .text("disk_size", default: "40960M"),
            .choice("disk_interface", ["ide", "sata", "scsi", "virtio", "virtio-scsi"], default: "virtio"),
            .truth("skip_resize_disk"),
            .choice(
                "disk_cache",
                ["writethrough", "writeback", "none", "unsafe", "directsync"],
                default: "writeback"
            ),
            .choice("disk_discard", ["unmap", "ignore"], default: "ignore"),
            .choice("disk_detect_zeroes", ["unmap", "on", "off"], default: "off"), .truth("skip_compaction"),
            .truth("disk_compression"), .choice("format", ["qcow2", "raw"], default: "qcow2"), .truth("disk_image"),
            .truth("use_backing_file"), .text("cdrom_interface"),
            .block(
                "qemu_img_args",
                ComponentSchema([.list("convert"), .list("create"), .list("resize")])
            ),
            .text("output_directory", default: "output-NAME"), .text("vm_name", default: "packer-NAME"),
        ],
        rules: [
            .together("skip_resize_disk", with: "disk_image"), .together("use_backing_file", with: "disk_image"),
            .backingFile,
        ]
    )

    private static let accelerators = ["none", "kvm", "tcg", "hax", "hvf", "whpx", "xen"]

    private static let qemuMachine = ComponentSchema(
        [
            .choice("accelerator", accelerators, default: "kvm where it is there, or else tcg"),
            .text("machine_type", default: "pc"), .whole("cpus", default: "1"), .whole("sockets"), .whole("cores"),
            .whole("threads"), .text("cpu_model"), .whole("memory", default: "512"), .text("firmware"),
            .truth("use_pflash"), .truth("efi_boot"), .text("efi_firmware_code"), .text("efi_firmware_vars"),
            .truth("efi_drop_efivars"), .truth("vtpm"), .truth("use_tpm1"),
            .text("tpm_device_type", default: "tpm-tis"), .text("net_device", default: "virtio-net"),
            .text("net_bridge"), .truth("headless"), .truth("use_default_display"), .text("display", default: "gtk"),
            .text("vga"), .list("qemuargs", of: .list(.text)), .text("qemu_binary", default: "qemu-system-x86_64"),
            .truth("qmp_enable"), .text("qmp_socket_path"), .text("vnc_bind_address", default: "127.0.0.1"),
            .truth("vnc_use_password"), .text("vnc_password", secret: true),
            .port("vnc_port_min", default: "5900"), .port("vnc_port_max", default: "6000"), .truth("run_once"),
            .port("host_port_min", default: "2222"), .port("host_port_max", default: "4444"),
            .truth("skip_nat_mapping"),
            .renamed("ssh_host_port_min", to: "host_port_min", .whole(0...65535)),
            .renamed("ssh_host_port_max", to: "host_port_max", .whole(0...65535)),
        ],
        rules: [
            .loginName, .ordered("host_port_min", "host_port_max"), .ordered("vnc_port_min", "vnc_port_max"),
        ],
        mistakes: ["ssh_skip_nat_mapping": "skip_nat_mapping"]
    )
}

extension ComponentRule {
    /// Only one format of images can be based on another one.
    fileprivate static let backingFile = ComponentRule("`use_backing_file` needs the `format` `qcow2`.") {
        settings,
        component in
        guard settings.isGiven("use_backing_file"), settings.plainText("format") == "raw" else { return [] }
        return [
            settings.problem(
                "conflict",
                "\"use_backing_file\" of \(component) needs the format \"qcow2\"",
                about: "format",
                in: component
            )
        ]
    }

    /// Who logs in over SSH has to be said where the builder makes no user.
    static let loginName = ComponentRule("`ssh_username`, where the machine is reached over SSH.") {
        settings,
        component in
        guard settings.communicator == "ssh", !settings.isGiven("ssh_username") else { return [] }
        return [
            settings.problem("missing-option", "\(component) needs \"ssh_username\"", in: component)
        ]
    }

    /// The first of two numbers must not be larger than the second.
    static func ordered(_ first: String, _ second: String) -> ComponentRule {
        ComponentRule("`\(first)` is not larger than `\(second)`.") { settings, component in
            guard let low = settings[first]?.number, let high = settings[second]?.number, high < low,
                !high.isZero
            else { return [] }
            return [
                settings.problem(
                    "not-allowed",
                    "\"\(first)\" of \(component) is larger than \"\(second)\"",
                    about: first,
                    in: component
                )
            ]
        }
    }
}
