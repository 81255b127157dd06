extension ComponentSchema {
    static let windowsRestart = ComponentSchema([
        .text("restart_command", default: "shutdown /r /f /t 0 /c \"packer restart\""),
        .text("restart_check_command"), .duration("restart_timeout", default: "5m"), .truth("check_registry"),
        .list("registry_keys"),
    ])

    static let windowsUpdate = ComponentSchema([
        .text("search_criteria"), .list("filters"), .whole("update_limit", default: "1000"),
        .duration("restart_timeout", default: "4h"), .text("username", default: "SYSTEM"),
        .text("password", secret: true), .whole("reboot_delay"), .truth("use_extended_validation"),
        .whole("update_max_retries"),
        .old("restart_command", .text, "Leave it out: updates restart the machine in their own way."),
        .old("restart_check_command", .text, "Leave it out: updates restart the machine in their own way."),
    ])
}
