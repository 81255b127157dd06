import FoundationEssentials
import Glibc
import RoostModel

/// Collects what helps to find a fault of an agent; changes nothing.
struct AgentDiagnostics: Sendable {
    let root: AgentRoot
    /// Of this process.
    let environment: [String: String]

    /// What jobs inherit.
    private var inherited: [String: String] { AgentEnvironment(root: root, base: environment).values }

    /// How many lines of the journal are taken.
    private static let journalLines = "3000"

    /// All of it, with nothing hidden yet.
    func parts() async -> [DiagnosticPart] {
        async let facts = DoctorProbe(root: root, environment: environment).run()
        async let machine = machine()
        async let service = service()
        async let capabilities = capabilities()
        async let disks = disks()
        let findings = examine(await facts)
        let report = DoctorReport(root: root.path, findings: findings)
        return [
            DiagnosticPart("doctor.txt", "what roost-agent doctor finds", report.lines.joined(separator: "\n") + "\n"),
            DiagnosticPart("doctor.json", "the same for programs", report.json + "\n"),
        ] + (await machine) + configuration + [await capabilities] + AgentLogs(root: root).parts + journals
            + (await service) + [await disks]
    }

    // MARK: The machine

    private func machine() async -> [DiagnosticPart] {
        let system = SmallFile.read("/etc/os-release") ?? "There is no /etc/os-release.\n"
        let programs = [
            ("uname", ["-a"]), ("git", ["--version"]), ("podman", ["--version"]), ("systemctl", ["--version"]),
            ("node", ["--version"]), ("python3", ["--version"]), ("uptime", []), ("free", ["-m"]), ("id", []),
        ]
        var text = "roost-agent \(AgentVersion.roost) (level \(AgentVersion.level))\n\n\(system)\n"
        for (name, words) in programs { text += await output(name, words) }
        let values = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\(value($0.key, $0.value))\n" }
        return [
            DiagnosticPart(
                "versions.txt",
                "versions of the agent, the system and programs, and the machine's load",
                text
            ),
            DiagnosticPart("environment.txt", "the environment of this command", values.joined()),
        ]
    }

    /// A value, unless its variable holds a secret.
    private func value(_ name: String, _ value: String) -> String {
        SecretGuess.judge(name: name, value: value) == nil ? value : SecretMasker.replacement
    }

    private func capabilities() async -> DiagnosticPart {
        let name = (try? AgentFiles(root: root).settings())?.agentName ?? ""
        let scan = CapabilityScan(root: root, agentName: name, environment: inherited)
        let lines = await scan.run().dictionary.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        let kept = scan.keptBack
        let rest = kept.isEmpty ? "" : "\nKept back, because they look secret: \(kept.joined(separator: ", "))\n"
        return DiagnosticPart(
            "capabilities.txt",
            "what the agent tells the server of the machine",
            lines.joined() + rest
        )
    }

    private func disks() async -> DiagnosticPart {
        let work = (try? AgentFiles(root: root).settings())?.workFolder ?? "_work"
        let path = work.hasPrefix("/") ? work : "\(root.path)/\(work)"
        let there = { (paths: [String]) in paths.filter(FileTree.exists) }
        var text = await output("df", ["-h", "-T"] + there([root.path, path, "/tmp"]))
        text += await output("df", ["-i"] + there([root.path, path, "/tmp"]))
        if FileTree.exists(path) { text += await output("du", ["-x", "-h", "--max-depth=1", path]) }
        text += await output("ls", ["-la"] + there([root.path, root.diagnostics]))
        return DiagnosticPart("disk.txt", "free space, sizes of folders, and whose the agent's files are", text)
    }

    // MARK: Configuration

    /// The files that hold no secret; of the others it is told that they are there.
    private var configuration: [DiagnosticPart] {
        let shown: [(AgentRoot.File, String)] = [
            (.settings, "who the agent is"), (.credentials, "which OAuth client it is; its key is not here"),
            (.proxy, "the proxy's address"), (.proxyBypass, "what is reached without it"),
            (.certificates, "which certificates are trusted"), (.environment, "variables of .env"),
            (.path, "PATH of a service"), (.capabilities, "capabilities that people wrote down"),
            (.service, "name of the service"),
        ]
        let files = shown.compactMap { file, about -> DiagnosticPart? in
            guard let text = SmallFile.read(root.file(file)) else { return nil }
            return DiagnosticPart("configuration/\(file.rawValue.dropFirst())", about, shownText(of: file, text))
        }
        let secret = [AgentRoot.File.key, .sealedKey, .proxyCredentials].map { file in
            "There is \(root.has(file) ? "" : "no ")\(file.rawValue).\n"
        }
        return files + [DiagnosticPart("configuration/secrets.txt", "which secret files there are", secret.joined())]
    }

    private func shownText(of file: AgentRoot.File, _ text: String) -> String {
        guard file == .environment || file == .capabilities else { return text }
        return LineFile.parse(text).map { "\($0.name)=\(value($0.name, $0.value))\n" }.joined()
    }

    private var journals: [DiagnosticPart] {
        let lines = JobJournal.all(root).map { journal in
            "job \(journal.job), request \(journal.request), worker \(journal.workerPID)"
                + " (\(journal.worker == nil ? "ended" : "runs")), listener \(journal.listenerPID)\n"
        }
        let text = lines.isEmpty ? "No job runs.\n" : lines.joined()
        return [DiagnosticPart("jobs.txt", "jobs that run, or whose end was not reported", text)]
    }

    // MARK: The service

    private func service() async -> [DiagnosticPart] {
        guard let name = SmallFile.read(root.file(.service))?.split(whereSeparator: \.isNewline).first.map(String.init)
        else { return [] }
        let unit = await output("systemctl", ["cat", "--no-pager", name])
        let state = await output("systemctl", ["status", "--no-pager", "--full", name])
        let words = ["--no-pager", "--unit", name, "--lines", Self.journalLines, "--output", "short-iso"]
        return [
            DiagnosticPart("service/unit.txt", "the unit of the service", unit),
            DiagnosticPart("service/status.txt", "its state", state),
            DiagnosticPart("service/journal.txt", "its last lines in the journal", await output("journalctl", words)),
        ]
    }

    // MARK: Programs

    /// What a program writes, below its command.
    private func output(_ name: String, _ words: [String]) async -> String {
        let command = "$ \(([name] + words).joined(separator: " "))\n"
        guard let program = ExecutableSearch.find(name, path: environment["PATH"]) else {
            return command + "there is no such program\n\n"
        }
        guard let text = await DoctorProbe.output(program, words, environment, mustSucceed: false) else {
            return command + "it did not end in time\n\n"
        }
        return command + text + (text.hasSuffix("\n") ? "\n" : "\n\n")
    }
}
