extension ComponentSchema {
    /// The builder of root file systems in layers, in a sandbox of the machine that builds.
    static let rootfs = ComponentSchema(
        [
            .file("base"), .block("bootstrap", bootstrap), .text("output"), .text("output_directory"),
            .choice(
                "format",
                ["folder", "tar", "oci"],
                default: "folder with output_directory, else tar"
            ),
            .choice("network", ["none", "host"], default: "none"), .text("hostname", default: "image"),
            .map("environment"), .blocks("mount", mount),
        ],
        rules: [.exactlyOne(of: "base", "bootstrap"), .exactlyOne(of: "output", "output_directory")]
    )

    private static let bootstrap = ComponentSchema([
        .text("suite", required: true), .text("mirror", default: "the mirror of Debian"), .list("packages"),
        .choice(
            "variant",
            ["minbase", "apt", "essential", "required", "important", "standard", "buildd"],
            default: "minbase"
        ),
    ])

    private static let mount = ComponentSchema([
        .file("source", required: true), .text("target", required: true), .truth("read_only", default: "true"),
    ])
}
