extension ComponentSchema {
    /// The builder that makes nothing and only connects to a machine.
    static let null = communicators().adding(ComponentSchema([], rules: [.reachableHost]))
}

extension ComponentRule {
    /// Machines that nobody makes have to be named, with a way to log in.
    fileprivate static let reachableHost = ComponentRule(
        "Unless `communicator` is `none`: the host, the user and a password, a key or an agent."
    ) { settings, component in
        guard let prefix = settings.communicator, ["ssh", "winrm"].contains(prefix) else { return [] }
        let needed = ["\(prefix)_host", "\(prefix)_username"]
        let secrets = ["\(prefix)_password"] + (prefix == "ssh" ? ["ssh_private_key_file", "ssh_agent_auth"] : [])
        var missing = needed.filter { !settings.isGiven($0) }.map { [$0].enumeration }
        if settings.given(secrets).isEmpty { missing.append(secrets.alternatives) }
        return missing.map { missing in
            settings.problem(
                "missing-option",
                "\(component) needs \(missing)",
                in: component,
                advice: "Write communicator = \"none\" when no machine is connected to."
            )
        }
    }
}
