extension ComponentSchema {
    static let lxc = ComponentSchema([
        .file("config_file", required: true), .text("template_name"),
        .list("template_parameters"), .list("template_environment_vars"),
        .text("container_name", default: "packer-NAME"), .text("output_directory", default: "output-NAME"),
        .text("command_wrapper", default: "{{.Command}}"), .duration("init_timeout", default: "20s"),
        .list("create_options"), .list("start_options"), .list("attach_options"),
        .whole("target_runlevel"),
    ])

    static let lxd = linuxContainers.adding(ComponentSchema([.list("output_aliases")]))

    static let incus = linuxContainers.adding(ComponentSchema([.truth("reuse")]))

    private static let linuxContainers = ComponentSchema([
        .text("image", required: true), .text("output_image"), .text("container_name", default: "packer-NAME"),
        .text("publish_remote_name"), .text("command_wrapper", default: "{{.Command}}"),
        .text("profile", default: "default"), .text("init_sleep", default: "3"), .map("publish_properties"),
        .map("launch_config"), .truth("virtual_machine"), .truth("skip_publish"),
    ])
}
