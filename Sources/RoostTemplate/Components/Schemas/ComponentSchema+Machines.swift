extension ComponentSchema {
    /// Files that a machine gets from the one that builds, over HTTP.
    static let httpServer = ComponentSchema(
        [
            .text("http_directory"), .map("http_content"), .port("http_port_min", default: "8000"),
            .port("http_port_max", default: "9000"), .text("http_bind_address", default: "0.0.0.0"),
            .text("http_interface"), .text("http_network_protocol", default: "tcp"), .truth("http_only_ipv4"),
        ],
        rules: [.atMostOne(of: "http_directory", "http_content"), .ordered("http_port_min", "http_port_max")]
    )

    /// What a machine is installed from.
    static let installationMedium = ComponentSchema(
        [
            .text("iso_checksum", required: true), .text("iso_url"), .list("iso_urls"), .text("iso_target_path"),
            .text("iso_target_extension", default: "iso"),
        ],
        rules: [.exactlyOne(of: "iso_url", "iso_urls")],
        mistakes: ["iso_checksum_type": "iso_checksum", "iso_checksum_url": "iso_checksum"]
    )

    /// What is typed when a machine starts.
    static let bootCommand = ComponentSchema([
        .list("boot_command"), .duration("boot_wait", default: "10s"), .duration("boot_keygroup_interval"),
    ])

    static let vncBootCommand = bootCommand.adding(
        ComponentSchema([
            .list("boot_steps", of: .list(.text)), .truth("disable_vnc"), .duration("boot_key_interval"),
        ])
    )

    static let floppy = ComponentSchema([
        .list("floppy_files"), .list("floppy_dirs"), .map("floppy_content"), .text("floppy_label"),
    ])

    static let compactDisc = ComponentSchema([.list("cd_files"), .map("cd_content"), .text("cd_label")])

    static let shutdown = ComponentSchema([
        .text("shutdown_command"), .duration("shutdown_timeout", default: "5m"),
    ])
}
