extension ComponentSchema {
    /// The post-processor that records what was built as a version of a gallery of a Roost server.
    static let roostGallery = ComponentSchema([
        .text("gallery_name", required: true), .text("image_name", required: true),
        ComponentOption("image_version", .pattern("\\d+\\.\\d+\\.\\d+"), default: "the next after the highest"),
        .blocks("target_region", galleryRegion), .truth("exclude_from_latest"),
        ComponentOption("end_of_life_date", .pattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d)")),
        .map("tags"),
    ])

    /// A region of a Roost server that a version is copied to.
    static let galleryRegion = ComponentSchema([
        .text("name", required: true), .whole("replicas", 0...100, default: "1"),
        .choice(
            "storage_account_type",
            ["Standard_LRS", "Standard_ZRS", "Premium_LRS"],
            default: "Standard_LRS"
        ),
    ])
}
