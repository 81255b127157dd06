/// What a running build puts into templates of the options of components that are known well.
enum TextTemplateRunData {
    /// What `build` and a dot know in every provisioner and post-processor.
    static let build: Set<String> = [
        "ID", "Host", "Port", "User", "Password", "ConnType", "PackerRunUUID", "PackerHTTPIP", "PackerHTTPPort",
        "PackerHTTPAddr", "SSHPublicKey", "SSHPrivateKey", "WinRMPassword", "SourceImageName",
    ]

    private static let options: [String: [String: Set<String>]] = [
        "shell": ["execute_command": ["Path", "Vars", "EnvVarFile"]],
        "shell-local": ["execute_command": ["Vars", "Script", "Command"]],
        "windows-shell": ["execute_command": ["Path", "Vars"]],
        "powershell": ["execute_command": ["Path", "Vars"], "elevated_execute_command": ["Path", "Vars"]],
        "windows-restart": [:], "file": [:], "breakpoint": [:], "sleep": [:],
    ]

    /// The names that may be asked for in an option; nil when that is not known.
    static func names(_ option: String, of component: ComponentName) -> Set<String>? {
        guard component.kind == .provisioner, let options = options[component.type] else { return nil }
        return build.union(options[option] ?? [])
    }
}
