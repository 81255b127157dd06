extension ComponentSchema {
    /// How Azure is reached.
    static let azureAccess = ComponentSchema(
        [
            .choice(
                "cloud_environment_name",
                ["Public", "China", "USGovernment"].flatMap { [$0, "\($0)Cloud", "Azure\($0)Cloud"] },
                ignoringCase: true,
                default: "Public"
            ),
            .text("metadata_host"), .text("subscription_id"), .text("tenant_id"), .text("client_id"),
            .text("client_secret", secret: true), .file("client_cert_path"),
            .text("client_cert_password", secret: true), .text("client_jwt", secret: true),
            .text("oidc_request_token", secret: true), .text("oidc_request_url"), .truth("use_azure_cli_auth"),
            .old("object_id", .text, "Leave it out: it is not needed."),
            .old("client_cert_token_timeout", .duration, "Leave it out: it has no effect."),
            .old("use_interactive_auth", .truth, "Use \"use_azure_cli_auth\"."),
            .truth("skip_create_image"),
        ],
        rules: [
            .azureAuthentication, .together("oidc_request_token", with: "oidc_request_url"),
            .together("oidc_request_url", with: "oidc_request_token"),
        ]
    )
}
