import FoundationEssentials
import Glibc

/// Looks at everything that `roost-agent doctor` tells about; changes nothing.
struct DoctorProbe: Sendable {
    let root: AgentRoot
    let environment: [String: String]

    /// How long one question may take; a person waits.
    static let patience = Duration.seconds(10)
    /// Names of files shown.
    private static let shown = 5

    /// - Returns: what there is; parts that depend on one another are asked one after the other, the rest at once.
    func run() async -> DoctorFacts {
        let configuration = AgentEnvironment(root: root, base: environment, usesPathFile: false).values
        async let git = git(configuration)
        let settings = try? AgentFiles(root: root).settings()
        async let state = serviceState()
        async let network = network(settings, configuration)
        async let credential = credential(settings, configuration)
        var facts = DoctorFacts(
            files: files(),
            disks: disks(settings),
            git: await git,
            listener: listener(),
            network: await network,
            credential: await credential
        )
        facts.listener.serviceState = await state
        // Without an answer of the server its opinion of the agent is none.
        if case .failed? = facts.network?.answer { facts.credential = nil }
        return facts
    }

    // MARK: Files

    private func files() -> DoctorFacts.Files {
        let owner = Self.owner(root.file(.settings)) ?? Self.owner(root.path)
        var facts = DoctorFacts.Files(
            root: root.path,
            configuration: configuration(),
            user: Self.name(geteuid()),
            owner: owner.map(Self.name)
        )
        guard root.isConfigured else { return facts }
        let work = (try? AgentFiles(root: root).settings())?.workFolder ?? "_work"
        let folders = [root.path, root.diagnostics, work.hasPrefix("/") ? work : "\(root.path)/\(work)"]
        for path in folders where FileTree.isFolder(path) {
            let error = Self.writes(path)
            if error != 0, facts.notWritable == nil { facts.notWritable = (path, error) }
        }
        if let owner { facts.foreign = foreign(to: owner) }
        return facts
    }

    private func configuration() -> DoctorFacts.Files.Configuration {
        guard root.isConfigured else { return .missing }
        do throws(ConfigurationFailure) {
            let settings = try AgentFiles(root: root).settings()
            _ = try AgentFiles(root: root).credentials()
            return .present(name: settings.agentName, pool: settings.poolName, url: settings.serverUrl)
        } catch { return .unreadable(error.summary) }
    }

    /// Makes a file and removes it; 0, or the error's number.
    private static func writes(_ path: String) -> Int32 {
        let file = "\(path)/.doctor-\(UUID().uuidString)"
        let descriptor = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        close(descriptor)
        unlink(file)
        return 0
    }

    /// What lies in the folder and its own folders; not what jobs have made.
    private func foreign(to owner: uid_t) -> [String] {
        let own = FileTree.names(in: root.path).sorted()
        let diagnostics = FileTree.names(in: root.diagnostics).sorted().map { "_diag/\($0)" }
        let work = FileTree.names(in: "\(root.path)/_work").sorted().map { "_work/\($0)" }
        let others = (own + diagnostics + work).filter { name in
            Self.owner("\(root.path)/\(name)").map { $0 != owner } ?? false
        }
        return Array(others.prefix(Self.shown))
    }

    private static func owner(_ path: String) -> uid_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_uid : nil
    }

    private static func name(_ user: uid_t) -> String {
        guard let entry = getpwuid(user) else { return "user \(user)" }
        return String(cString: entry.pointee.pw_name)
    }

    // MARK: Disks

    private func disks(_ settings: AgentSettings?) -> [DoctorFacts.Disk] {
        let work = settings?.workFolder ?? "_work"
        let paths = [root.path, work.hasPrefix("/") ? work : "\(root.path)/\(work)", "/tmp"]
        var seen: Set<UInt> = []
        return paths.compactMap { path in
            var facts = statvfs()
            guard FileTree.exists(path), statvfs(path, &facts) == 0, seen.insert(facts.f_fsid).inserted else {
                return nil
            }
            let block = Int(facts.f_frsize)
            return DoctorFacts.Disk(
                path: path,
                free: Int(facts.f_bavail) * block,
                size: Int(facts.f_blocks) * block,
                // Some file systems count no files.
                freeFiles: facts.f_files == 0 ? Int.max : Int(facts.f_favail)
            )
        }
    }

    // MARK: Programs

    private func git(_ environment: [String: String]) async -> String? {
        guard let program = ExecutableSearch.find("git", path: environment["PATH"]) else { return nil }
        return await Self.line(program, ["--version"], environment)
    }

    private func serviceState() async -> String? {
        guard let name = service, let program = ExecutableSearch.find("systemctl", path: environment["PATH"]),
            FileTree.isFolder("/run/systemd/system")
        else { return nil }
        return await Self.line(program, ["show", "--property", "ActiveState", "--value", name], environment)
    }

    private var service: String? {
        SmallFile.read(root.file(.service))?.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    /// The first line that a program writes; nil when it fails or takes too long.
    private static func line(_ program: String, _ words: [String], _ environment: [String: String]) async -> String? {
        await output(program, words, environment)?.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    /// What a program writes; nil when it takes too long, or fails and must not.
    static func output(
        _ program: String,
        _ words: [String],
        _ environment: [String: String],
        mustSucceed: Bool = true
    ) async -> String? {
        let launch = ProcessLaunch(
            executable: program,
            arguments: words,
            environment: environment,
            workingDirectory: "/"
        )
        let control = StopControl()
        let limit = Task {
            guard (try? await Task.sleep(for: patience)) != nil else { return }
            control.stop(.none)
        }
        defer { limit.cancel() }
        let output = CapturedOutput()
        guard let outcome = try? await StepProcess.run(launch, control: control, output: output), !outcome.stopped,
            outcome.exitCode == 0 || !mustSucceed
        else { return nil }
        return output.text
    }

    private func listener() -> DoctorFacts.Listener {
        DoctorFacts.Listener(isRunning: ListenerLock.isHeld(root), service: service)
    }
}
