extension ComponentSchema {
    static let manifest = ComponentSchema([
        .text("output", default: "packer-manifest.json"), .truth("strip_path"), .truth("strip_time"),
        .map("custom_data"),
    ])
}
