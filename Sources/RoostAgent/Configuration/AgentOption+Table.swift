extension AgentOption {
    private static let connecting: Set<AgentVerb> = [.configure, .remove, .reauth]
    private static let everywhere = Set(AgentVerb.allCases)

    /// All of them, in the order of `--help`.
    static let all: [AgentOption] =
        general + signingIn + machine + registering + network + running + deployment + windows

    private static let general = [
        AgentOption(name: "help", verbs: everywhere, summary: "show this text"),
        AgentOption(name: "version", verbs: everywhere, summary: "show the agent's version"),
        AgentOption(name: "commit", verbs: [.run], summary: "show Roost's version"),
        AgentOption(
            name: "root",
            value: "folder",
            verbs: everywhere,
            summary: "the agent's folder (default: that of config.sh, else the current one)"
        ),
        AgentOption(
            name: "output",
            value: "kind|file",
            verbs: [.doctor, .upkeep, .diagnostics],
            summary:
                "doctor, upkeep: how to print, table or json (default: table); diagnostics: the file to write (default: one in the current folder)"
        ),
        AgentOption(name: "unattended", verbs: connecting, summary: "ask nothing; what is missing is an error"),
    ]

    private static let machine = [
        AgentOption(
            name: "vault",
            value: "name",
            verbs: [.readSecret],
            summary: "name of the vault below the machine's vault suffix, or its whole host name"
        ),
        AgentOption(
            name: "vaultsuffix",
            value: "suffix",
            verbs: [.readSecret],
            summary: "what follows a vault's name in its host name (default: what the metadata endpoint says)"
        ),
        AgentOption(name: "secret", value: "name", verbs: [.readSecret], summary: "name of the secret"),
        AgentOption(name: "fact", value: "name", verbs: [.machineFact], summary: "roost-url or roost-vault-suffix"),
        AgentOption(name: "port", value: "name", verbs: [.wake], summary: "name of the serial port, such as ttyS1"),
    ]

    private static let signingIn = [
        AgentOption(
            name: "auth",
            value: "kind",
            verbs: connecting,
            summary: "how to sign in: pat, sp, certificate, aad, federated or machine (default: pat)"
        ),
        AgentOption(
            name: "token",
            value: "token",
            isSecret: true,
            verbs: connecting,
            summary:
                "pat: personal access token or enrollment token; used once, not kept; - reads it from standard input"
        ),
        AgentOption(
            name: "clientid",
            value: "id",
            verbs: connecting.union([.readSecret]),
            summary: "sp, certificate: the service principal; federated, machine: the identity to be"
        ),
        signIn("tenantid", "id", "the authority's tenant (default: the server's)"),
        AgentOption(
            name: "clientsecret",
            value: "text",
            isSecret: true,
            verbs: connecting,
            summary: "sp: its secret; - reads it from standard input"
        ),
        signIn("clientcertificate", "file", "certificate: PEM file that is registered for the service principal"),
        signIn("clientkey", "file", "certificate: PEM file of its RSA key (default: the certificate's file)"),
        signIn("tokenfile", "file", "federated: the id token (default: ROOST_ID_TOKEN, AZURE_FEDERATED_TOKEN_FILE)"),
        AgentOption(
            name: "idtoken",
            value: "token",
            isSecret: true,
            verbs: connecting,
            summary: "federated: the id token itself; - reads it from standard input",
            isHidden: true,
            otherVariables: ["ROOST_ID_TOKEN"]
        ),
        signIn("authority", "url", "where identities sign in, https://host/tenant (default: what the server names)"),
        other("username", isSecret: false),
        other("password", isSecret: true),
        AgentOption(
            name: "launchbrowser",
            verbs: connecting,
            summary: "without effect: the page of --auth aad is printed",
            effect: .ignored("open the page that --auth aad prints"),
            isHidden: true
        ),
    ]

    private static func signIn(_ name: String, _ value: String, _ summary: String) -> AgentOption {
        AgentOption(name: name, value: value, verbs: connecting, summary: summary)
    }

    /// Of kinds of `--auth` that this agent has not.
    private static func other(_ name: String, isSecret: Bool) -> AgentOption {
        AgentOption(
            name: name,
            value: "text",
            isSecret: isSecret,
            verbs: connecting,
            summary: "for kinds of --auth that are not available",
            isHidden: true
        )
    }

    private static let registering = [
        AgentOption(
            name: "url",
            value: "url",
            verbs: [.configure],
            summary: "the server's organization, such as https://host/org"
        ),
        AgentOption(name: "pool", value: "name", verbs: [.configure], summary: "the pool to join (default: default)"),
        AgentOption(
            name: "agent",
            value: "name",
            verbs: [.configure],
            summary: "the agent's name (default: the machine's)"
        ),
        AgentOption(
            name: "work",
            value: "folder",
            verbs: [.configure],
            summary: "where jobs work, absolute or below the agent's folder (default: _work)"
        ),
        AgentOption(
            name: "warmup",
            value: "file",
            verbs: [.configure],
            summary: "program that gets the machine ready before the agent takes jobs; while it fails, it takes none"
        ),
        AgentOption(
            name: "keyprotection",
            value: "kind",
            verbs: [.configure, .reauth],
            summary: "how the agent's private key is kept: auto, systemd, keyring or file (default: auto)"
        ),
        AgentOption(
            name: "isolation",
            value: "kind",
            verbs: [.configure, .run, .boot],
            summary: "keep jobs apart: auto (where it costs nothing), always (else none runs) or off (default: auto)"
        ),
        AgentOption(
            name: "hide",
            value: "folders",
            verbs: [.configure, .run, .boot],
            summary: "more folders that isolated jobs do not see, with colons between them"
        ),
        AgentOption(
            name: "slots",
            value: "count",
            verbs: [.configure],
            summary: "how many jobs run at once, each as an agent NAME-1, NAME-2, ... of its own (default: 1, as NAME)"
        ),
        AgentOption(
            name: "cpus",
            value: "count",
            verbs: [.configure],
            summary: "the most processors that each job may use, such as 1.5"
        ),
        AgentOption(
            name: "memory",
            value: "size",
            verbs: [.configure],
            summary: "the most memory that each job may use, such as 4G; a job that wants more is ended"
        ),
        AgentOption(
            name: "pids",
            value: "count",
            verbs: [.configure],
            summary: "the most processes and threads that each job may have at once"
        ),
        AgentOption(
            name: "upkeep",
            value: "policy",
            verbs: [.configure, .run, .boot, .upkeep],
            summary:
                "what stays on the disk, such as free=10%,least=1g,workspace=30d,mirror=90d,oldtask=1d,log=7d, or off"
        ),
        AgentOption(name: "replace", verbs: [.configure], summary: "take the place of an agent of the same name"),
        AgentOption(
            name: "acceptteeeula",
            verbs: [.configure],
            summary: "taken for compatibility; Roost ships nothing under that licence"
        ),
        flag("alwaysextracttask", "tasks are unpacked when they change"),
        flag("disableloguploads", "logs are always uploaded"),
        flag("restreamlogstofiles", "logs always go through files"),
        flag("gituseschannel", "it concerns git on Windows"),
        argument("projectname", "agents join pools, not projects"),
        argument("collectionname", "the collection is part of the URL"),
        argument("monitorsocketaddress", "there is no monitor"),
        argument("notificationpipename", "there is no notification"),
        argument("notificationsocketaddress", "there is no notification"),
    ]

    private static func flag(_ name: String, _ reason: String) -> AgentOption {
        AgentOption(
            name: name,
            verbs: [.configure],
            summary: "without effect: \(reason)",
            effect: .ignored(reason),
            isHidden: true
        )
    }

    private static func argument(_ name: String, _ reason: String) -> AgentOption {
        var option = flag(name, reason)
        option.value = "text"
        return option
    }

    private static let network =
        [
            AgentOption(
                name: "proxyurl",
                value: "url",
                verbs: [.configure],
                summary: "proxy for the agent and its jobs, http://host:port"
            ),
            AgentOption(name: "proxyusername", value: "name", verbs: [.configure], summary: "user at the proxy"),
            AgentOption(
                name: "proxypassword",
                value: "text",
                isSecret: true,
                verbs: [.configure],
                summary:
                    "password at the proxy; - reads it from standard input; kept in a file only the agent's user can read"
            ),
            AgentOption(
                name: "usebasicauthforproxy",
                verbs: [.configure],
                summary: "taken for compatibility; the proxy is always asked that way"
            ),
            AgentOption(
                name: "sslcacert",
                value: "file",
                verbs: connecting.union([.readSecret, .boot]),
                summary: "PEM file of an authority to trust beside the system's"
            ),
            AgentOption(
                name: "sslskipcertvalidation",
                verbs: connecting,
                summary: "do not check the server's certificate; anybody in between can read along"
            ),
        ]
        + ["sslclientcert", "sslclientcertkey", "sslclientcertarchive", "sslclientcertpassword"].map {
            AgentOption(
                name: $0,
                value: "file",
                isSecret: $0.hasSuffix("password"),
                verbs: [.configure],
                summary: "client certificates are not available",
                effect: .refused("client certificates are not available; the agent proves itself with its own key"),
                isHidden: true
            )
        }

    private static let running = [
        AgentOption(name: "dry-run", verbs: [.upkeep], summary: "remove nothing; say what would go and why"),
        AgentOption(name: "history", verbs: [.upkeep], summary: "print what was removed, when and why"),
        AgentOption(name: "once", verbs: [.run, .configure], summary: "end after one job"),
        AgentOption(
            name: "startuptype",
            value: "kind",
            verbs: [.run],
            summary: "manual, service or autostartup: how it was started (default: manual)"
        ),
        AgentOption(
            name: "grace",
            value: "seconds",
            verbs: [.run, .boot],
            summary: "how long a running job may go on after SIGTERM or Ctrl-C (default: 240)"
        ),
        AgentOption(name: "debug", verbs: [.run, .boot], summary: "write more to the log in _diag"),
        AgentOption(
            name: "diagnostics",
            verbs: [.run],
            summary: "not available",
            effect: .refused("it is a command of its own: roost-agent doctor, or roost-agent diagnostics"),
            isHidden: true
        ),
        AgentOption(
            name: "stopwithinput",
            verbs: [.run],
            summary: "stop when standard input is closed, for a program that starts agents",
            isHidden: true
        ),
        AgentOption(
            name: "guarded",
            verbs: [.run],
            summary: "another version watches whether this one works",
            isHidden: true
        ),
    ]

    private static let deployment: [AgentOption] = {
        let reason = "this agent joins pools only; give --pool"
        let flags = [
            "deploymentgroup", "adddeploymentgrouptags", "deploymentpool", "machinegroup", "addmachinegrouptags",
            "environment",
            "addvirtualmachineresourcetags",
        ]
        let arguments = [
            "deploymentgroupname", "deploymentgrouptags", "deploymentpoolname", "machinegroupname", "machinegrouptags",
            "environmentname", "virtualmachineresourcetags",
        ]
        return flags.map { refused($0, nil, reason) } + arguments.map { refused($0, "text", reason) }
    }()

    private static let windows: [AgentOption] = {
        let reason = "it concerns Windows only"
        let flags = [
            "runasservice", "runasautologon", "overwriteautologon", "norestart", "preventservicestart",
            "enableservicesidtypeunrestricted",
        ]
        return flags.map { refused($0, nil, reason) } + [
            refused("windowslogonaccount", "text", reason),
            refused("windowslogonpassword", "text", reason, isSecret: true),
        ]
    }()

    private static func refused(
        _ name: String,
        _ value: String?,
        _ reason: String,
        isSecret: Bool = false
    ) -> AgentOption {
        AgentOption(
            name: name,
            value: value,
            isSecret: isSecret,
            verbs: [.configure],
            summary: reason,
            effect: .refused(reason),
            isHidden: true
        )
    }
}
