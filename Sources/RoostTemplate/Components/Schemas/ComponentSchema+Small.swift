extension ComponentSchema {
    static let breakpoint = ComponentSchema([.text("note"), .truth("disable")])

    static let sleep = ComponentSchema([.duration("duration")])

    /// A bill of the materials of a machine.
    static let hcpSBOM = elevation.adding(
        ComponentSchema(
            [
                .text("source"), .text("destination"), .text("sbom_name"), .truth("auto_generate"),
                .list("scanner_args", default: "[\"-o\", \"cyclonedx-json\"]"), .text("scan_path", default: "/"),
                .text("execute_command"), .old("scanner_url", .text, "Leave it out: it has no effect."),
                .old("scanner_checksum", .text, "Leave it out: it has no effect."),
            ],
            rules: [.exactlyOne(of: "source", "auto_generate")]
        )
    )
}
