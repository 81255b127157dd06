import FoundationEssentials
import Glibc
import RoostClient
import RoostModel
import RoostWire

/// Looks at everything that `roost-agent doctor` tells about; changes nothing.
struct DoctorProbe: Sendable {
    let root: AgentRoot
    let environment: [String: String]

    /// How long one question may take; a person waits.
    private static let patience = Duration.seconds(10)
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
        return await Self.output(program, ["--version"], environment)
    }

    private func serviceState() async -> String? {
        guard let name = service, let program = ExecutableSearch.find("systemctl", path: environment["PATH"]),
            FileTree.isFolder("/run/systemd/system")
        else { return nil }
        return await Self.output(program, ["show", "--property", "ActiveState", "--value", name], environment)
    }

    private var service: String? {
        SmallFile.read(root.file(.service))?.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    /// The first line that a program writes; nil when it fails or takes too long.
    private static func output(_ program: String, _ words: [String], _ environment: [String: String]) async -> String? {
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
        guard let outcome = try? await StepProcess.run(launch, control: control, output: output), outcome.exitCode == 0
        else { return nil }
        return output.text.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    private func listener() -> DoctorFacts.Listener {
        DoctorFacts.Listener(isRunning: ListenerLock.isHeld(root), service: service)
    }

    // MARK: Server

    private func network(_ settings: AgentSettings?, _ environment: [String: String]) async -> DoctorFacts.Network? {
        guard let url = settings?.serverUrl else { return nil }
        let connection = ConnectionSettings(root: root, environment: environment, serverURL: url)
        let host = connection.proxyURL.flatMap(ServerURL.host) ?? ServerURL.host(of: url) ?? ""
        let resolution = await Self.resolve(host)
        var facts = DoctorFacts.Network(
            url: url,
            host: host,
            resolution: resolution,
            proxy: connection.proxyURL,
            answer: await answer(url, connection)
        )
        if let proxy = connection.proxyURL, case .failed(.unreachable) = facts.answer {
            facts.proxyAnswers = await Self.listens(proxy)
        }
        return facts
    }

    private func answer(_ url: String, _ connection: ConnectionSettings) async -> DoctorFacts.Answer {
        var options = connection.clientOptions
        options.timeout = Self.patience
        do throws(ClientError) {
            let client = try WebClient(options: options)
            do throws(ClientError) {
                let answer = try await client.send(.init("GET", "\(url)_apis/roost/server"))
                await client.close()
                return Self.read(answer)
            } catch {
                await client.close()
                throw error
            }
        } catch { return .failed(error) }
    }

    private struct Server: Decodable {
        var name: String?
        var version: String?
    }

    private static func read(_ answer: WebClient.Answer) -> DoctorFacts.Answer {
        let server = try? JSONDecoder().decode(Server.self, from: answer.body)
        let date = answer.headers.first { $0.name.lowercased() == "date" }.flatMap { HTTPDate.parse($0.value) }
        return .status(
            answer.status,
            isRoost: server?.name?.lowercased() == "roost",
            version: server?.version,
            skew: date.map { Date().timeIntervalSince($0) }
        )
    }

    private func credential(
        _ settings: AgentSettings?,
        _ environment: [String: String]
    ) async -> DoctorFacts.Credential? {
        guard let settings else { return nil }
        let identity: AgentIdentity
        do throws(ConfigurationFailure) {
            identity = try await AgentIdentity(files: AgentFiles(root: root), environment: environment)
        } catch { return .unusable(error.summary) }
        var options = ConnectionSettings(root: root, environment: environment, serverURL: settings.serverUrl)
            .clientOptions
        (options.timeout, options.retries) = (Self.patience, 0)
        do throws(ClientError) {
            let client = try RoostClient(url: settings.serverUrl, credential: identity.credential, options: options)
            do throws(ClientError) {
                let agent = try await client.agent(pool: settings.poolId, id: settings.agentId)
                let server = try? await client.serverInfo()
                await client.close()
                return .accepted(
                    status: agent.status?.lowercased() ?? "known",
                    isEnabled: agent.enabled ?? true,
                    server: server?.name?.lowercased() == "roost" ? server?.version : nil
                )
            } catch {
                await client.close()
                throw error
            }
        } catch { return .refused(ServerTrouble(error)) }
    }

    // MARK: Names and ports

    /// Asks the system's resolver, which waits in a thread of its own.
    private static func resolve(_ host: String) async -> DoctorFacts.Resolution {
        var (four, six) = (in_addr(), in6_addr())
        let bare = host.filter { $0 != "[" && $0 != "]" }
        if inet_pton(AF_INET, bare, &four) == 1 || inet_pton(AF_INET6, bare, &six) == 1 { return .notNeeded }
        let answer: DoctorFacts.Resolution? = try? await OwnThread.run { deliver in
            switch lookUp(bare, 0) {
            case .success(let addresses): deliver(.addresses(addresses.map(\.text)))
            case .failure(let failure): deliver(.failed(failure.reason))
            }
        }
        return answer ?? .failed("the system has no thread to give")
    }

    private struct Unknown: Error { var reason: String }
    private struct Address {
        var text: String
        var bytes: [UInt8]
    }

    private static func lookUp(_ host: String, _ port: Int) -> Result<[Address], Unknown> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(host, "\(port)", &hints, &list)
        guard error == 0 else { return .failure(Unknown(reason: String(cString: gai_strerror(error)))) }
        defer { freeaddrinfo(list) }
        var found: [Address] = []
        var next = list
        while let item = next?.pointee {
            var text = [CChar](repeating: 0, count: 1025)
            if getnameinfo(item.ai_addr, item.ai_addrlen, &text, 1025, nil, 0, NI_NUMERICHOST) == 0 {
                let bytes = UnsafeRawBufferPointer(start: item.ai_addr, count: Int(item.ai_addrlen))
                let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                found.append(Address(text: name, bytes: Array(bytes)))
            }
            next = item.ai_next
        }
        return .success(found)
    }

    /// Whether somebody takes connections at the place of a URL.
    private static func listens(_ url: String) async -> Bool {
        guard let parsed = URL(string: url), let host = parsed.host else { return false }
        let port = parsed.port ?? 8080
        let answer: Bool? = try? await OwnThread.run { deliver in
            guard case .success(let addresses) = lookUp(host, port) else { return deliver(false) }
            deliver(addresses.contains(where: connects))
        }
        return answer ?? false
    }

    private static func connects(_ address: Address) -> Bool {
        let family = address.bytes.withUnsafeBytes { $0.loadUnaligned(as: sa_family_t.self) }
        let descriptor = socket(Int32(family), Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return address.bytes.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { buffer in
                buffer.baseAddress.map { connect(descriptor, $0, socklen_t(address.bytes.count)) == 0 } ?? false
            }
        }
    }
}
