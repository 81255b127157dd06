extension ComponentSchema {
    /// How a machine is reached; what belongs to a way that was not chosen may be there, too.
    ///
    /// `own` are ways that only some builders have.
    static func communicators(_ own: String..., default defaultText: String = "ssh") -> ComponentSchema {
        ComponentSchema([
            .choice("communicator", ["ssh", "winrm", "none"] + own, default: defaultText),
            .duration("pause_before_connecting"),
        ])
        .adding(ssh).adding(winRM)
    }

    static let ssh = ComponentSchema([
        .text("ssh_host"), .port("ssh_port", default: "22"), .text("ssh_username"),
        .text("ssh_password", secret: true), .text("ssh_keypair_name"), .text("temporary_key_pair_name"),
        .choice("temporary_key_pair_type", ["rsa", "ed25519", "ecdsa", "dsa"], default: "rsa"),
        .whole("temporary_key_pair_bits"), .list("ssh_ciphers"), .truth("ssh_clear_authorized_keys"),
        .list("ssh_key_exchange_algorithms"), .file("ssh_private_key_file"), .file("ssh_certificate_file"),
        .truth("ssh_pty"), .duration("ssh_timeout", default: "5m"),
        .renamed("ssh_wait_timeout", to: "ssh_timeout", .duration), .truth("ssh_agent_auth"),
        .truth("ssh_disable_agent_forwarding"), .whole("ssh_handshake_attempts", default: "10"),
        .text("ssh_bastion_host"), .port("ssh_bastion_port", default: "22"), .truth("ssh_bastion_agent_auth"),
        .text("ssh_bastion_username"), .text("ssh_bastion_password", secret: true),
        .truth("ssh_bastion_interactive"), .file("ssh_bastion_private_key_file"),
        .file("ssh_bastion_certificate_file"),
        .choice("ssh_file_transfer_method", ["scp", "sftp"], default: "scp"), .text("ssh_proxy_host"),
        .port("ssh_proxy_port", default: "1080"), .text("ssh_proxy_username"),
        .text("ssh_proxy_password", secret: true), .duration("ssh_keep_alive_interval", default: "5s"),
        .duration("ssh_read_write_timeout"), .list("ssh_remote_tunnels"), .list("ssh_local_tunnels"),
        ComponentOption("ssh_public_key", .anything),
        ComponentOption("ssh_private_key", .anything, sensitive: true),
    ])

    static let winRM = ComponentSchema([
        .text("winrm_username"), .text("winrm_password", secret: true), .text("winrm_host"),
        .truth("winrm_no_proxy"), .port("winrm_port", default: "5985, with TLS 5986"),
        .duration("winrm_timeout", default: "30m"), .truth("winrm_use_ssl"), .truth("winrm_insecure"),
        .truth("winrm_use_ntlm"),
    ])
}
