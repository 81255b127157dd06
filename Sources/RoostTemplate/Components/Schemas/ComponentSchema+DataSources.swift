extension ComponentSchema {
    static let http = ComponentSchema([
        .text("url", required: true), .map("request_headers"),
        .choice("method", ["HEAD", "GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"], default: "GET"),
        .text("request_body"),
    ])

    static let nullData = ComponentSchema([.text("input", required: true)])

    static let fileData = ComponentSchema([
        .text("contents"), .text("destination", required: true), .truth("force"),
    ])

    static let passwordData = ComponentSchema([
        ComponentOption("length", .whole(1...Int.max), required: true), .truth("special", default: "true"),
        .truth("upper", default: "true"), .truth("lower", default: "true"), .truth("numeric", default: "true"),
        .whole("min_numeric"), .whole("min_upper"), .whole("min_lower"), .whole("min_special"),
        .text("override_special"),
    ])

    static let hcpPackerVersion = ComponentSchema([
        .text("bucket_name", required: true), .text("channel_name", required: true),
    ])

    static let hcpPackerArtifact = ComponentSchema(
        [
            .text("bucket_name", required: true), .text("channel_name"), .text("version_fingerprint"),
            .text("platform", required: true), .text("region", required: true), .text("component_type"),
        ],
        rules: [.exactlyOne(of: "channel_name", "version_fingerprint")]
    )

    static let hcpPackerIteration = ComponentSchema([
        .text("bucket_name", required: true), .text("channel", required: true),
    ])

    static let hcpPackerImage = ComponentSchema(
        [
            .text("bucket_name", required: true), .text("channel"), .text("iteration_id"),
            .text("cloud_provider", required: true), .text("region", required: true), .text("component_type"),
        ],
        rules: [.exactlyOne(of: "channel", "iteration_id")]
    )
}
