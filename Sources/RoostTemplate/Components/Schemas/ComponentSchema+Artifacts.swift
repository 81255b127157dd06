extension ComponentSchema {
    static let manifest = ComponentSchema([
        .text("output", default: "packer-manifest.json"), .truth("strip_path"), .truth("strip_time"),
        .map("custom_data"),
    ])

    static let checksum = ComponentSchema([
        .list(
            "checksum_types",
            of: .choice(["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]),
            default: "[\"md5\"]"
        ),
        .text("output", default: "packer_{{.BuildName}}_{{.BuilderType}}_{{.ChecksumType}}.checksum"),
    ])

    static let compress = ComponentSchema([
        .text("output", default: "packer_{{.BuildName}}_{{.BuilderType}}"), .text("format"),
        .whole("compression_level", -1...9, default: "6"),
    ])

    static let artifice = ComponentSchema(
        [.list("files")],
        rules: [.exactlyOne(of: "files")]
    )

    static let vagrant = ComponentSchema([
        .whole("compression_level", Int.min...Int.max), .list("include"),
        .text("output", default: "packer_{{.BuildName}}_{{.Provider}}.box"), ComponentOption("override", .anything),
        .text("vagrantfile_template"), .truth("vagrantfile_template_generated"), .text("provider_override"),
        .text("architecture"),
    ])

    /// Who made an artifact, from what and how.
    static let provenance = ComponentSchema([
        .truth("provenance", default: "true"), .text("build_type"), .text("output_dir"), .text("template"),
        .list("only_builds"), .map("user_variables"), .text("source_uri"), .truth("sbom"),
        .choice("sbom_format", ["cyclonedx", "spdx"], default: "cyclonedx"), .text("sbom_scan_path"),
        .choice("sbom_scope", ["squashed", "all-layers"], default: "squashed"), .list("sbom_exclude"),
        .choice("signing_mode", ["none", "key", "kms", "keyless"], default: "none"), .text("signer"),
        .text("key"), .text("verifier"), .text("fulcio_url", default: "https://fulcio.sigstore.dev"),
        .text("rekor_url", default: "https://rekor.sigstore.dev"), .truth("upload_tlog"),
        .text("trusted_root_path"), .text("keyless_identity"), .text("keyless_oidc_issuer"),
    ])
}
