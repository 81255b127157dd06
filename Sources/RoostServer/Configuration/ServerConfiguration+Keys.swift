import RoostModel

extension ServerConfiguration {
    /// All keys, in the order the documentation shows them.
    public static let keys: [ConfigurationKey] = places + limits + times + starts + operation

    private static let places = [
        ConfigurationKey(
            "data",
            \.data,
            "Folder of the store, logs, artifacts and mirrors of repositories.",
            kind: "path"
        ),
        ConfigurationKey("host", \.host, "Address to listen on; `0.0.0.0` is all of the machine's."),
        ConfigurationKey("port", \.port, in: 0...65535, "Port to listen on; 0 takes any free one."),
        ConfigurationKey(
            "public-url",
            \.publicURL,
            "Address that agents and people reach the server under, when it is not that of host and port: behind a proxy, or with a name.",
            kind: "URL",
            check: checkURL
        ),
        ConfigurationKey(
            "organization",
            \.organization,
            "Name of the organization; every address works with and without it as first part of the path.",
            check: checkOrganization
        ),
        ConfigurationKey("dashboard", \.dashboard, "Whether the pages for people are served."),
        ConfigurationKey(
            "sealing-key",
            \.sealingKey,
            "File of the keys that secrets in the store are sealed with; without it a systemd credential `roost-sealing-key`, else `seal.key` in the data folder. See [the vault](vault.md#the-sealing-key).",
            kind: "path"
        ),
        ConfigurationKey(
            "vault-suffix",
            \.vaultSuffix,
            "What follows a vault's name in its host name, without a port; see [the vault](vault.md).",
            check: checkVaultSuffix
        ),
        ConfigurationKey(
            "tls-certificate",
            \.tlsCertificate,
            "PEM file with the server's certificate and those of its issuers; needs `tls-key`.",
            kind: "path"
        ),
        ConfigurationKey("tls-key", \.tlsKey, "PEM file with the certificate's private key.", kind: "path"),
        ConfigurationKey(
            "issuer-authorities",
            \.issuerAuthorities,
            "PEM file with authorities that are trusted, beside the system's, when the issuers of trust rules are asked for their keys; see docs/enrollment.md.",
            kind: "path"
        ),
    ]

    private static let limits = [
        ConfigurationKey(
            "body-limit",
            \.bodyLimit,
            in: .kibibytes(64)...ByteCount(1 << 30),
            "Largest body of a request; a larger one is answered with 413 and never held in memory."
        ),
        ConfigurationKey(
            "header-limit",
            \.headerLimit,
            in: .kibibytes(4)...(.mebibytes(1)),
            "Largest size of all headers of a request together."
        ),
        ConfigurationKey("header-count", \.headerCount, in: 20...1000, "Most headers of a request."),
        ConfigurationKey(
            "rate-limit",
            \.rateLimit,
            in: 0...1_000_000,
            "Requests per second that one client (a token, or an address without one) may make for long; 0 is no limit."
        ),
        ConfigurationKey(
            "rate-burst",
            \.rateBurst,
            in: 1...1_000_000,
            "Requests that one client may make at once after a pause."
        ),
        ConfigurationKey(
            "max-connections",
            \.maxConnections,
            in: 0...10_000_000,
            "Most open connections; more wait to be accepted. 0 is no limit but the system's."
        ),
        ConfigurationKey(
            "idle-timeout",
            \.idleTimeout,
            in: .seconds(5)...(.seconds(3600)),
            "A connection without a request for this long is closed."
        ),
        ConfigurationKey(
            "pipeline-files",
            \.pipelineFiles,
            in: 1...10_000,
            "Files of one run, the root file among them."
        ),
        ConfigurationKey(
            "pipeline-template-depth",
            \.pipelineTemplateDepth,
            in: 1...200,
            "Templates that include each other."
        ),
        ConfigurationKey(
            "pipeline-size",
            \.pipelineSize,
            in: .kibibytes(64)...ByteCount(1 << 30),
            "Text of an expanded pipeline."
        ),
        ConfigurationKey(
            "pipeline-memory",
            \.pipelineMemory,
            in: .mebibytes(1)...ByteCount(8 << 30),
            "Memory that the files of a run and their expansion may need, by an estimate."
        ),
        ConfigurationKey(
            "pipeline-expression-length",
            \.pipelineExpressionLength,
            in: 100...1_000_000,
            "Characters of one expression."
        ),
        ConfigurationKey(
            "pipeline-time",
            \.pipelineTime,
            in: .milliseconds(100)...(.seconds(3600)),
            "How long the expansion of one pipeline may take."
        ),
    ]

    private static let times = [
        ConfigurationKey(
            "long-poll-hold",
            \.longPollHold,
            in: .milliseconds(100)...(.seconds(90)),
            "How long a listener's poll is held when there is no message; its client gives up after 100 seconds."
        ),
        ConfigurationKey(
            "session-expiry",
            \.sessionExpiry,
            in: .seconds(1)...(.seconds(3600)),
            "A listener that has not polled for this long counts as gone."
        ),
        ConfigurationKey(
            "assignment-lease",
            \.assignmentLease,
            in: .seconds(1)...(.seconds(3600)),
            "A job that its agent has not begun after this goes to another agent."
        ),
        ConfigurationKey(
            "running-lease",
            \.runningLease,
            in: .seconds(1)...(.seconds(86_400)),
            "A running job whose agent has not renewed its lease for this long has lost its machine; agents renew every minute."
        ),
        ConfigurationKey(
            "cancel-grace",
            \.cancelGrace,
            in: .zero...(.seconds(3600)),
            "After the time-out of a cancel the server waits this long for the agent's word, then ends the job itself."
        ),
        ConfigurationKey(
            "listener-token-lifetime",
            \.listenerTokenLifetime,
            in: .seconds(60)...(.seconds(86_400)),
            "Life of the token a listener gets for its key."
        ),
        ConfigurationKey(
            "job-token-slack",
            \.jobTokenSlack,
            in: .zero...(.seconds(86_400)),
            "Added to a job's time limit for the life of its token, which ends with the job in any case."
        ),
        ConfigurationKey(
            "signing-key-life",
            \.signingKeyLife,
            in: .seconds(2 * 86_400)...(.seconds(3650 * 86_400)),
            "A key signs the tokens of identities for so long; the next one is published a day before it signs."
        ),
        ConfigurationKey(
            "token-life",
            \.tokenLife,
            in: .zero...(.seconds(366 * 86_400)),
            "The longest life a new personal access token may be given; 0 lets nobody make one."
        ),
        ConfigurationKey(
            "dashboard-session",
            \.dashboardSession,
            in: .seconds(60)...(.seconds(30 * 86_400)),
            "How long a login on the dashboard lasts."
        ),
    ]

    private static let starts = [
        ConfigurationKey(
            "repository-map",
            \.repositoryMap,
            "File with lines `NAME = URL` that say where the repositories are that pipelines name; see docs/repositories.md.",
            kind: "path"
        ),
        ConfigurationKey(
            "fetch-timeout",
            \.fetchTimeout,
            in: .milliseconds(100)...(.seconds(3600)),
            "A fetch of a repository that takes longer is ended."
        ),
        ConfigurationKey(
            "mirror-service",
            \.mirrorService,
            "Whether agents may fetch the repositories of their runs from the server's mirrors; see docs/repositories.md."
        ),
        ConfigurationKey(
            "mirror-submodules",
            \.mirrorSubmodules,
            "Whether the mirror service also fetches submodules, with the server's own rights; never for runs of forks."
        ),
        ConfigurationKey(
            "webhook-patience",
            \.webhookPatience,
            in: .milliseconds(100)...(.seconds(3600)),
            "A webhook is answered after this, though what it begins may take longer; hosts give up after ten seconds."
        ),
        ConfigurationKey(
            "issuer-patience",
            \.issuerPatience,
            in: .milliseconds(100)...(.seconds(600)),
            "An issuer of tokens has this long for each of the documents that its keys are read from."
        ),
        ConfigurationKey(
            "triggers",
            \.triggers,
            "Whether pushes, pull requests, schedules and ends of other runs begin runs; webhooks are refused without."
        ),
        ConfigurationKey(
            "implied-triggers",
            \.impliedTriggers,
            "Whether a file that says nothing of `trigger` or `pr` has them for every branch."
        ),
        ConfigurationKey(
            "schedule-catch-up",
            \.scheduleCatchUp,
            in: .zero...(.seconds(7 * 86_400)),
            "A schedule that was missed while the server was away is made up for once, when it is no later than this."
        ),
        ConfigurationKey(
            "schedule-refresh",
            \.scheduleRefresh,
            in: .seconds(1)...(.seconds(86_400)),
            "How often files are read anew for their schedules when no webhook and no polling tells of changes."
        ),
    ]

    private static let operation = [
        ConfigurationKey("log-level", \.logLevel, "Least level of log lines; `debug` has a line for each request."),
        ConfigurationKey("log-format", \.logFormat, "How log lines look."),
        ConfigurationKey(
            "shutdown-grace",
            \.shutdownGrace,
            in: .seconds(1)...(.seconds(600)),
            "At a stop, requests that are under way have this long to end; polls and streams end at once."
        ),
        ConfigurationKey(
            "run-retention",
            \.runRetention,
            in: .zero...(.seconds(3650 * 86_400)),
            "Completed runs older than this are removed with their logs and artifacts; 0 keeps them for ever."
        ),
        ConfigurationKey(
            "cache-retention",
            \.cacheRetention,
            in: .seconds(60)...(.seconds(3650 * 86_400)),
            "A cache entry that no job used for this long is removed."
        ),
        ConfigurationKey(
            "cache-limit",
            \.cacheLimit,
            in: ByteCount(0)...ByteCount(1 << 50),
            "Most bytes of all cache entries together; those used longest ago go first. 0 is no limit."
        ),
        ConfigurationKey(
            "image-regions",
            \.imageRegions,
            "Regions that [galleries](galleries.md) keep images in, each a folder of its own; `local`, which is always there, is `images` in the data folder unless it is named."
        ),
        ConfigurationKey(
            "image-replication-rate",
            \.imageReplicationRate,
            in: ByteCount(0)...ByteCount(1 << 40),
            "Most bytes a second that the replication of one image version copies; 0 is no limit."
        ),
        ConfigurationKey(
            "machine-providers",
            \.machineProviders,
            "What makes machines of [elastic pools](elastic-pools.md) here, separated by commas: `sandbox`, `vm`, `process`, or `none`. Jobs on machines of `process` run as the server's user and can read its files, so it has to be named; see [providers](providers.md).",
            check: checkProviders
        ),
        ConfigurationKey(
            "machine-files",
            \.machineFiles,
            "Files and folders of this computer that machines of `sandbox` without an image see besides its [programs](providers.md#without-an-image), read only, separated by commas, such as `/opt/toolchains,/etc/pip.conf`.",
            check: checkFiles
        ),
        ConfigurationKey(
            "machine-authority",
            \.machineAuthority,
            "PEM file of the authority that issued the server's certificate: machines of [elastic pools](elastic-pools.md) trust it beside their own; see [providers](providers.md#certificates).",
            kind: "path"
        ),
        ConfigurationKey("open-metrics", \.openMetrics, "Whether `/metrics` is served without a token."),
    ]

    private static let checkURL: @Sendable (String?) -> String? = { text in
        guard let text else { return nil }
        let rest = ["http://", "https://"].first(where: text.lowercased().hasPrefix).map { text.dropFirst($0.count) }
        guard let rest, let first = rest.first, first != "/", !rest.contains(where: { " ?#\"'<>".contains($0) }) else {
            return "'\(text)' is no address such as https://build.example.com/"
        }
        return nil
    }

    private static let checkVaultSuffix: @Sendable (String) -> String? = { text in
        let isFit: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) }
        guard !text.hasPrefix("."), !text.hasSuffix("."), !text.contains(".."), text.contains("."),
            text.allSatisfy(isFit)
        else { return "'\(text)' is no host name with a dot in it, such as vault.example.org, without a port" }
        return nil
    }

    private static let checkProviders: @Sendable (String) -> String? = { text in
        let known = ["sandbox", "vm", "process", "none"]
        let wrong = ServerConfiguration.words(of: text).filter { !known.contains($0) }
        return wrong.isEmpty
            ? nil : "there is no \(wrong.joined(separator: ", ")); there are \(known.joined(separator: ", "))"
    }

    private static let checkFiles: @Sendable (String) -> String? = { text in
        let wrong = ServerConfiguration.words(of: text).filter { !$0.hasPrefix("/") || $0 == "/" }
        return wrong.isEmpty ? nil : "\(wrong.joined(separator: ", ")) is not the path of a file or folder from / on"
    }

    /// What stands between commas, without blanks.
    public static func words(of text: String) -> [String] {
        text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    }

    private static let checkOrganization: @Sendable (String) -> String? = { text in
        let isFit: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard let first = text.first, first != "_", first != ".", text.count <= 64, text.allSatisfy(isFit) else {
            return
                "'\(text)' cannot stand in an address; use letters, digits, '-', '_' and '.', and begin with a letter or digit"
        }
        return nil
    }
}
