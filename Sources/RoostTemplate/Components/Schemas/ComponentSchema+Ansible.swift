extension ComponentSchema {
    /// Roles and collections that are fetched first.
    private static let galaxy = ComponentSchema([
        .file("galaxy_file"), .text("galaxy_command", default: "ansible-galaxy"), .truth("galaxy_force_install"),
        .truth("galaxy_force_with_deps"), .text("galaxy_roles_path"), .text("galaxy_collections_path"),
    ])

    /// Runs on the machine that builds.
    static let ansible = galaxy.adding(
        ComponentSchema([
            .file("playbook_file", required: true), .text("command", default: "ansible-playbook"),
            .list("extra_arguments"), .list("ansible_env_vars"), .list("ansible_ssh_extra_args"), .list("groups"),
            .list("empty_groups"), .text("host_alias", default: "default"), .text("user"), .port("local_port"),
            .file("ssh_host_key_file"), .file("ssh_authorized_key_file"),
            .choice("ansible_proxy_key_type", ["ECDSA", "RSA"], ignoringCase: true, default: "ECDSA"),
            .text("sftp_command", default: "/usr/lib/sftp-server -e"), .truth("use_sftp"), .truth("use_proxy"),
            .truth("skip_version_check"), .text("inventory_directory"), .text("inventory_file_template"),
            .text("inventory_file"), .truth("keep_inventory_file"), .text("roles_path"), .text("collections_path"),
            .truth("ansible_winrm_use_http"),
        ])
    )

    /// Runs on the machine that is made.
    static let ansibleLocal = galaxy.adding(
        ComponentSchema(
            [
                .file("playbook_file"), .files("playbook_files"), .text("command", default: "ansible-playbook"),
                .list("extra_arguments"), .file("group_vars"), .file("host_vars"), .file("playbook_dir"),
                .files("playbook_paths"), .files("role_paths"), .files("collection_paths"),
                .text("staging_directory", default: "/tmp/packer-provisioner-ansible-local/UUID"),
                .truth("clean_staging_directory"), .file("inventory_file"), .list("inventory_groups"),
            ],
            rules: [.exactlyOne(of: "playbook_file", "playbook_files")]
        )
    )
}
