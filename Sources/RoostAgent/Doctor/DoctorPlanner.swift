import RoostClient
import RoostModel

/// Finds what is wrong with an agent, and what to do about it; asks nobody.
///
/// - Parameter facts: what there is.
/// - Returns: one finding for each topic, in the order of ``DoctorFinding/Topic``; files and listener may have several.
func examine(_ facts: DoctorFacts) -> [DoctorFinding] {
    let parts = [
        [configuration(facts.files)], files(facts.files), [disk(facts.disks)], [git(facts.git)], [listener(facts)],
        network(facts.network, facts.credential), [credential(facts)],
    ]
    return parts.flatMap { $0 }
}

// MARK: This machine

private func configuration(_ files: DoctorFacts.Files) -> DoctorFinding {
    switch files.configuration {
    case .missing:
        DoctorFinding(
            .configuration,
            .broken,
            "No agent is configured in \(files.root).",
            "Run ./config.sh there, or name the agent's folder with --root."
        )
    case .unreadable(let reason):
        DoctorFinding(
            .configuration,
            .broken,
            "The configuration in \(files.root) cannot be read: \(reason).",
            "Run this as the agent's user; if that does not help, ./config.sh remove and ./config.sh anew."
        )
    case .present(let name, let pool, let url):
        DoctorFinding(.configuration, .fine, "Agent '\(name)' of pool '\(pool)' at \(url)")
    }
}

private func files(_ files: DoctorFacts.Files) -> [DoctorFinding] {
    var found: [DoctorFinding] = []
    if let (path, error) = files.notWritable {
        let isReadOnly = error == DoctorErrors.readOnly
        found.append(
            DoctorFinding(
                .files,
                .broken,
                "\(path) cannot be written to by \(files.user): \(systemMessage(error)).",
                isReadOnly
                    ? "Mount its file system writable (mount -o remount,rw), and look why it is not: dmesg says so after a fault of the disk."
                    : "Give it to the agent's user: chown -R \(files.owner ?? files.user) \(files.root)"
            )
        )
    }
    if !files.foreign.isEmpty {
        let owner = files.owner ?? files.user
        found.append(
            DoctorFinding(
                .files,
                .broken,
                "Files in \(files.root) are not \(owner)'s: \(files.foreign.joined(separator: ", ")).",
                "Somebody ran the agent or a job as another user, such as root. Give them back: chown -R \(owner) \(files.root)"
            )
        )
    }
    return found.isEmpty ? [DoctorFinding(.files, .fine, "The folder is the agent's and can be written to")] : found
}

private enum DoctorErrors {
    /// `EROFS`.
    static let readOnly: Int32 = 30
    /// A checkout and its logs need this much at least.
    static let least = 256 << 20
    static let little = 2 << 30
    static let leastFiles = 1000
}

private func disk(_ disks: [DoctorFacts.Disk]) -> DoctorFinding {
    let text = { (disk: DoctorFacts.Disk) in
        "\(disk.path) has \(ByteText.of(disk.free)) free of \(ByteText.of(disk.size))"
    }
    let advice = "Delete what is not needed there, or give the agent another work folder (./config.sh --work)."
    if let full = disks.first(where: { $0.free < DoctorErrors.least }) {
        return DoctorFinding(.disk, .broken, "\(text(full)).", advice)
    }
    if let full = disks.first(where: { $0.freeFiles < DoctorErrors.leastFiles }) {
        return DoctorFinding(.disk, .broken, "\(full.path) has room for \(full.freeFiles) more files.", advice)
    }
    if let little = disks.first(where: { $0.free < DoctorErrors.little }) {
        return DoctorFinding(.disk, .warning, "\(text(little)).", advice)
    }
    return DoctorFinding(.disk, .fine, disks.map(text).joined(separator: "; "))
}

private func git(_ version: String?) -> DoctorFinding {
    guard let version else {
        return DoctorFinding(
            .git,
            .broken,
            "There is no git that works, so that no job can check anything out.",
            "Install it (apt-get install git), or put its folder into the agent's .path."
        )
    }
    return DoctorFinding(.git, .fine, version)
}

private func listener(_ facts: DoctorFacts) -> DoctorFinding {
    let listener = facts.listener
    if let service = listener.service, let state = listener.serviceState, state != "active" {
        return DoctorFinding(
            .listener,
            .broken,
            "The service \(service) is \(state).",
            "Start it: sudo ./svc.sh start. Why it ended: journalctl -u \(service) -n 50"
        )
    }
    if listener.isRunning {
        return DoctorFinding(.listener, .fine, listener.service.map { "The service \($0) runs" } ?? "The agent runs")
    }
    if case .accepted("online", _, _)? = facts.credential {
        return DoctorFinding(
            .listener,
            .broken,
            "The agent does not run here, and the server has it online: it runs from another folder or on another machine.",
            "One agent runs once. Find the copy and stop it, or register this folder under a name of its own: ./config.sh remove, ./config.sh"
        )
    }
    let start =
        listener.service == nil
        ? "Start it: ./run.sh, or as a service: sudo ./svc.sh install \(facts.files.owner ?? facts.files.user), sudo ./svc.sh start"
        : "Start it: sudo ./svc.sh start"
    return DoctorFinding(.listener, .warning, "The agent does not run.", start)
}

// MARK: The way to the server

private func network(
    _ network: DoctorFacts.Network?,
    _ credential: DoctorFacts.Credential?
) -> [DoctorFinding] {
    guard let network else {
        return [.address, .name, .proxy, .certificate, .server, .clock].map {
            DoctorFinding($0, .unknown, "Not looked at: no server is known.")
        }
    }
    return [
        address(network), name(network), proxy(network), certificate(network), server(network, credential),
        clock(network),
    ]
}

private func address(_ network: DoctorFacts.Network) -> DoctorFinding {
    guard !network.host.isEmpty else {
        return DoctorFinding(
            .address,
            .broken,
            "'\(network.url)' is no URL of a server.",
            "Register again with ./config.sh --url https://host/ --replace."
        )
    }
    return DoctorFinding(.address, .fine, network.url)
}

private func name(_ network: DoctorFacts.Network) -> DoctorFinding {
    switch network.resolution {
    case .notNeeded: DoctorFinding(.name, .fine, "\(network.host) is an address")
    case .addresses(let list):
        DoctorFinding(.name, .fine, "\(network.host) is \(list.prefix(3).joined(separator: ", "))")
    case .failed(let reason):
        DoctorFinding(
            .name,
            .broken,
            "The name \(network.host) is not known here: \(reason).",
            "Look at /etc/resolv.conf and ask: getent hosts \(network.host). A wrong name in the URL is mended with ./config.sh --replace."
        )
    }
}

private func proxy(_ network: DoctorFacts.Network) -> DoctorFinding {
    guard let proxy = network.proxy else { return DoctorFinding(.proxy, .fine, "None is used") }
    guard network.isProxyUsable else {
        let failure = ConfigurationFailure.notAProxy(proxy)
        return DoctorFinding(.proxy, .broken, failure.summary, failure.advice)
    }
    guard !isUnresolved(network) else { return unknown(.proxy, "its name is not known") }
    guard network.proxyAnswers else {
        return DoctorFinding(
            .proxy,
            .broken,
            "The proxy \(proxy) cannot be reached.",
            "Look at its address in .proxy (or the variable http_proxy), and whether it runs."
        )
    }
    guard let refusal = proxyRefusal(network) else { return DoctorFinding(.proxy, .fine, "\(proxy) takes requests") }
    return DoctorFinding(
        .proxy,
        .broken,
        refusal,
        "Put the right ones into .proxycredentials, lines username= and password= that only the agent's user can read, and start the agent again."
    )
}

/// What the proxy has against the agent; nil when it lets it through.
private func proxyRefusal(_ network: DoctorFacts.Network) -> String? {
    guard let proxy = network.proxy else { return nil }
    switch network.answer {
    case .status(407, _, _, _): return "The proxy \(proxy) refuses this agent (407)."
    case .failed(let error):
        if case .proxy(_, _, .refuses) = error { return error.summary }
        return nil
    case .status: return nil
    }
}

private func certificate(_ network: DoctorFacts.Network) -> DoctorFinding {
    guard network.url.lowercased().hasPrefix("https") else {
        return DoctorFinding(
            .certificate,
            .warning,
            "The server is spoken to without TLS: everybody on the way can read along.",
            "Give the server a certificate, and register with its https address."
        )
    }
    switch network.answer {
    case .failed(.tlsFailure(_, let reason)):
        return DoctorFinding(
            .certificate,
            .broken,
            "No secure connection to the server: \(reason).",
            "Give the certificate of its authority: ./config.sh --replace --sslcacert FILE, or add it to the system's (update-ca-certificates)."
        )
    case .failed: return unknown(.certificate, "the server does not answer")
    case .status: return DoctorFinding(.certificate, .fine, "It is trusted")
    }
}

private func server(_ network: DoctorFacts.Network, _ credential: DoctorFacts.Credential?) -> DoctorFinding {
    switch network.answer {
    case .failed(.tlsFailure): return unknown(.server, "there is no secure connection")
    case .failed(let error):
        guard !isUnresolved(network), network.proxyAnswers else { return unknown(.server, "it cannot be reached") }
        guard proxyRefusal(network) == nil else { return unknown(.server, "the proxy refuses") }
        return DoctorFinding(
            .server,
            .broken,
            error.summary,
            "Look whether it runs and no firewall stands between: curl \(network.url)_apis/connectionData. A wrong URL is mended with ./config.sh --replace."
        )
    case .status(407, _, _, _): return unknown(.server, "the proxy refuses")
    case .status(let status, let isRoost, let told, _):
        // A server tells its version to those it knows.
        var version = told
        if case .accepted(_, _, let known?)? = credential { version = known }
        guard isRoost || version != nil else { return other(status, network) }
        guard let version, AgentVersion.isServerNewEnough(version) else {
            return DoctorFinding(
                .server,
                .broken,
                "The server is Roost \(version ?? "of an unknown version"), older than this agent (\(AgentVersion.roost)) can work with.",
                "Update the server first, then the agents; or take the agent of the server's version."
            )
        }
        return DoctorFinding(.server, .fine, "Roost \(version)")
    }
}

/// What answers is no Roost.
private func other(_ status: Int, _ network: DoctorFacts.Network) -> DoctorFinding {
    // Azure DevOps asks who one is, or says that it has no such address.
    guard status != 401, status != 203, status != 302 else {
        return DoctorFinding(.server, .fine, "A service that asks who one is, such as Azure DevOps")
    }
    return DoctorFinding(
        .server,
        .broken,
        "There is no Roost at \(network.url): it answers \(status).",
        "Give the URL of the organization: ./config.sh --replace --url https://host/organization/"
    )
}

private func clock(_ network: DoctorFacts.Network) -> DoctorFinding {
    guard case .status(_, _, _, let skew?) = network.answer else { return unknown(.clock, "the server told no time") }
    guard abs(skew) <= DoctorClock.tolerance else {
        let text = Duration.seconds(abs(skew).rounded()).formattedForDoctor
        return DoctorFinding(
            .clock,
            .broken,
            "The clock of this machine is \(text) \(skew > 0 ? "ahead of" : "behind") the server's.",
            "Set it: timedatectl set-ntp true, or chronyc makestep. What the agent signs counts for five minutes."
        )
    }
    return DoctorFinding(.clock, .fine, "It is that of the server, within \(Int(abs(skew).rounded(.up))) s")
}

private enum DoctorClock {
    /// What an agent signs is refused when it is further off.
    static let tolerance = 240.0
}

extension Duration {
    fileprivate var formattedForDoctor: String {
        let seconds = components.seconds
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\((seconds + 30) / 60) min"
        case ..<172_800: return "\((seconds + 1800) / 3600) h"
        default: return "\(seconds / 86_400) days"
        }
    }
}

private func credential(_ facts: DoctorFacts) -> DoctorFinding {
    switch facts.credential {
    case nil: return unknown(.credential, "the server cannot be asked")
    case .unusable(let reason):
        return DoctorFinding(
            .credential,
            .broken,
            "The agent's key cannot be used: \(reason)",
            "Make a new one: ./config.sh reauth"
        )
    case .refused(.clockSkew): return unknown(.credential, "the clock has to be right first")
    case .refused(.passing(let reason)), .refused(.proxyRefuses(let reason)):
        return unknown(.credential, "the server answers: \(reason)")
    case .refused(let trouble):
        return DoctorFinding(
            .credential,
            .broken,
            "The server refuses this agent: \(trouble.words)",
            "Its registration is gone, or its key is another: ./config.sh reauth makes a new key, ./config.sh remove and ./config.sh register anew."
        )
    case .accepted(_, false, _):
        return DoctorFinding(
            .credential,
            .warning,
            "The server knows this agent, but somebody has disabled it.",
            "roost agent enable, or the agent's page."
        )
    case .accepted(let status, true, _):
        return DoctorFinding(.credential, .fine, "The server knows this agent; it is \(status)")
    }
}

private func unknown(_ topic: DoctorFinding.Topic, _ reason: String) -> DoctorFinding {
    DoctorFinding(topic, .unknown, "Not looked at: \(reason).")
}

private func isUnresolved(_ network: DoctorFacts.Network) -> Bool {
    if case .failed = network.resolution { return true }
    return false
}
