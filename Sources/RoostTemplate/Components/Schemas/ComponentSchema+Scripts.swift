extension ComponentSchema {
    /// What all provisioners that run scripts take.
    private static let scripts = ComponentSchema(
        [
            .list("inline"), .file("script"), .files("scripts"),
            .list("valid_exit_codes", of: .whole(0...Int.max), default: "[0]"), .list("environment_vars"),
            .map("env"), .text("env_var_format"),
        ],
        rules: [.assignments("environment_vars")]
    )

    /// Those of scripts that run on the machine.
    private static let remoteScripts = scripts.adding(
        ComponentSchema(
            [.truth("binary"), .text("remote_path"), .duration("start_retry_timeout", default: "5m")],
            rules: [.exactlyOne(of: "inline", "script", "scripts")]
        )
    )

    static let shell = remoteScripts.adding(
        ComponentSchema([
            .text("execute_command", default: "chmod +x {{.Path}}; {{.Vars}} {{.Path}}"),
            .text("inline_shebang", default: "/bin/sh -e"), .duration("pause_after"), .truth("use_env_var_file"),
            .text("remote_folder", default: "/tmp"), .text("remote_file", default: "script_NNNN.sh"),
            .truth("skip_clean"), .truth("expect_disconnect"),
        ])
    )

    static let powershell = remoteScripts.adding(elevation).adding(
        ComponentSchema([
            .text("execute_command"), .text("remote_env_var_path"), .text("elevated_execute_command"),
            .truth("skip_clean"), .text("elevated_env_var_format"),
            .choice("execution_policy", executionPolicies, ignoringCase: true, default: "bypass"),
            .whole("debug_mode", 0...2, default: "0"), .duration("pause_after"), .truth("use_pwsh"),
        ])
    )

    private static let executionPolicies = [
        "bypass", "allsigned", "default", "remotesigned", "restricted", "undefined", "unrestricted", "none",
    ]

    static let windowsShell = remoteScripts.adding(
        ComponentSchema([.text("execute_command", default: "{{.Vars}}\"{{.Path}}\"")])
    )

    /// Of scripts on the machine that builds, as a provisioner and as a post-processor.
    static let shellLocal = scripts.adding(
        ComponentSchema(
            [
                .text("command"), .list("execute_command"), .text("inline_shebang", default: "/bin/sh -e"),
                .list("only_on", of: .choice(["darwin", "freebsd", "linux", "openbsd", "solaris", "windows"])),
                .text("tempfile_extension"), .truth("use_linux_pathing"),
            ],
            rules: [.exactlyOne(of: "command", "inline", "script", "scripts")]
        )
    )

    /// Of what runs with other rights than those of the user who connected to Windows.
    static let elevation = ComponentSchema(
        [.text("elevated_user"), .text("elevated_password", secret: true)],
        rules: [.together("elevated_password", with: "elevated_user")]
    )
}
