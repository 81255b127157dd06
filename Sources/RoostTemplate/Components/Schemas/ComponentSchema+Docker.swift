extension ComponentSchema {
    static let docker = communicators("docker", "dockerWindowsContainer", default: "docker").adding(registryLogin)
        .adding(
            ComponentSchema(
                [
                    .text("image"), .block("build", dockerfile), .truth("commit"), .text("export_path"),
                    .truth("discard"), .text("author"), .list("changes"), .text("message"),
                    .text("container_dir", default: "/packer-files"), .list("device"), .list("cap_add"),
                    .list("cap_drop"), .text("exec_user"), .truth("privileged"), .truth("pty"), .text("runtime"),
                    .truth("pull", default: "true"),
                    .list(
                        "run_command",
                        default: "[\"-d\", \"-i\", \"-t\", \"--entrypoint=/bin/sh\", \"--\", \"{{.Image}}\"]"
                    ),
                    .list("tmpfs"), .map("volumes"), .truth("fix_upload_owner", default: "true"),
                    .truth("windows_container"), .text("platform"), .text("docker_path", default: "docker"),
                ],
                rules: [.exactlyOne(of: "commit", "export_path", "discard"), .exactlyOne(of: "image", "build")]
            )
        )

    /// An image that is built from a Dockerfile first.
    private static let dockerfile = ComponentSchema([
        .file("path", required: true), .text("build_dir", default: "the working directory"), .map("arguments"),
        .text("platform"), .truth("pull", default: "true"), .truth("compress"),
    ])

    /// How a registry of container images lets somebody in.
    static let registryLogin = ComponentSchema(
        [
            .truth("login"), .text("login_username"), .text("login_password", secret: true), .text("login_server"),
            .truth("ecr_login"), .text("aws_access_key"), .text("aws_secret_key", secret: true),
            .text("aws_token", secret: true), .text("aws_profile"), .truth("aws_force_use_public_ecr"),
        ],
        rules: [.together("ecr_login", with: "login_server")]
    )

    static let dockerImport = ComponentSchema([
        .text("repository"), .text("tag"), .list("changes"), .text("platform"),
        .text("docker_path", default: "docker"),
    ])

    static let dockerPush = registryLogin.adding(
        ComponentSchema([.text("platform"), .text("docker_path", default: "docker")])
    )

    static let dockerSave = ComponentSchema([
        .text("path", required: true), .text("docker_path", default: "docker"),
    ])

    static let dockerTag = ComponentSchema([
        .text("repository", required: true), .list("tags"),
        .old("tag", .list(.text), "Use \"tags\", a list."), .truth("force"),
        .text("docker_path", default: "docker"),
    ])
}
