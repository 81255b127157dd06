import FoundationEssentials
import Glibc
import RoostClient
import RoostModel
import RoostWire

/// Configures, removes and renews an agent, in the order of questions and calls that Azure Pipelines' agent has.
struct AgentSetup: Sendable {
    let root: AgentRoot
    let inputs: AgentInputs
    let console: any AgentConsole
    /// For the capability scan, without inputs.
    let environment: [String: String]
    /// A key that was made beforehand.
    var givenKey: AgentKey?
    /// Nothing is tried that the listener will do at once anyway.
    var isBoot = false
    /// How many slots the agent has of which this is one.
    var slotCount: Int?
    var journal = SetupJournal()

    var files: AgentFiles { AgentFiles(root: root) }
    var questions: SetupQuestions { SetupQuestions(inputs: inputs, console: console) }
    var keeper: KeyKeeper { KeyKeeper(files: files, environment: environment) }
    var isUnattended: Bool { inputs.flag("unattended") }

    /// Registers the agent and writes its files.
    ///
    /// - Throws: ``ConfigurationFailure``; nothing of the attempt is left then, here or on the server.
    func configure() async throws(ConfigurationFailure) {
        guard !root.isConfigured else { throw .alreadyConfigured(root.path) }
        let work = inputs.text("work") ?? "_work"
        let folders = [AgentFolders(root: root.path, work: work).work, root.diagnostics]
        journal.begin(folders: folders.filter { !FileTree.exists($0) })
        do throws(ConfigurationFailure) {
            // Before anything is registered, as far as the answer is already known.
            if isUnattended || inputs.text("work") != nil { try WorkFolderCheck.check(work, root: root) }
            try await configureNew()
        } catch {
            await undo()
            throw error
        }
    }

    private func configureNew() async throws(ConfigurationFailure) {
        _ = try warmUpProgram()
        _ = try keyProtection(.auto)
        _ = try isolation()
        let slots = try JobLimits.slots(inputs)
        try checkLimits()
        _ = try upkeep()
        console.say("\n>> Connect:\n")
        let server = try await connect(to: nil)
        do throws(ConfigurationFailure) {
            if let slots { try await registerSlots(slots, server) } else { try await register(server) }
            await server.client.close()
        } catch {
            await server.client.close()
            throw error
        }
    }

    func register(_ server: ConnectedServer) async throws(ConfigurationFailure) {
        console.say("\n>> Register Agent:\n")
        let key = try makeKey()
        console.say(try await keeper.keep(key, try keyProtection(.auto)).sentence)
        let pool = try await choosePool(server)
        let registered = try await addAgent(server, pool, key)
        if registered.isNew { note(registered.agent, pool, server) }
        do throws(ConfigurationFailure) {
            try await keep(registered.agent, pool, server)
        } catch {
            await takeBack(server)
            throw error
        }
    }

    private func keep(
        _ agent: TaskAgentWire,
        _ pool: TaskAgentPoolWire,
        _ server: ConnectedServer
    ) async throws(ConfigurationFailure) {
        guard let id = agent.id, let poolID = pool.id else { throw .noClient }
        let warmUp = try warmUpProgram()
        let serverURL = Self.storedURL(agent, server.url)
        try files.write(try Self.credentials(agent, server.url))
        try server.settings.save(files)
        if !isBoot {
            console.say("Testing agent connection.")
            try await test(server)
            // Whoever stands between it and its server later cannot give it others.
            _ = try? await PackageKeys(root: root).learn(server.client)
        }
        let settings = AgentSettings(
            agentId: id,
            agentName: agent.name ?? "",
            poolId: poolID,
            poolName: pool.name ?? "",
            serverUrl: serverURL,
            workFolder: try chooseWorkFolder(),
            acceptTeeEula: inputs.flag("acceptteeeula") ? true : nil,
            warmUp: warmUp,
            isolation: try isolation(),
            hiddenFolders: hiddenFolders,
            slots: slotCount,
            limits: try JobLimits.read(inputs),
            upkeep: try upkeep()
        )
        try files.write(settings)
        console.say("\(DiagnosticLog.moment(Date())): Settings Saved.")
    }

    /// The value of `--isolation`; nil is the default.
    private func isolation() throws(ConfigurationFailure) -> IsolationMode? {
        guard let word = inputs.text("isolation") else { return nil }
        guard let mode = IsolationMode(rawValue: word.lowercased()) else { throw .isolationKind(word) }
        return mode
    }

    /// The value of `--upkeep`; nil is the default.
    private func upkeep() throws(ConfigurationFailure) -> String? {
        guard let text = inputs.text("upkeep") else { return nil }
        do throws(UpkeepPolicy.Fault) { _ = try UpkeepPolicy(parsing: text) } catch {
            throw .upkeep(text, reason: error.description)
        }
        return text
    }

    /// Those of `--hide`, with their whole paths.
    private var hiddenFolders: [String]? {
        let folders = AgentMain.hiddenFolders(inputs).map { FileTree.resolved($0) ?? $0 }
        return folders.isEmpty ? nil : folders
    }

    /// How the key is to be kept.
    func keyProtection(_ usual: KeyProtection) throws(ConfigurationFailure) -> KeyProtection {
        guard let word = inputs.text("keyprotection") else { return usual }
        guard let protection = KeyProtection(rawValue: word.lowercased()) else { throw .keyProtectionKind(word) }
        return protection
    }

    func makeKey() throws(ConfigurationFailure) -> AgentKey {
        if let givenKey { return givenKey }
        do { return try AgentKey.generate() } catch { throw .noKeyMade }
    }

    /// Signs in with the new key, so that a wrong clock is found now and not at the first start.
    func test(_ server: ConnectedServer) async throws(ConfigurationFailure) {
        let credential = try await AgentIdentity(files: files, environment: environment).credential
        do throws(ClientError) {
            let client = try await Self.signIn(server.url, credential, server.settings)
            await client.close()
        } catch {
            throw .server(ServerRefusal(error, isAgent: true))
        }
    }

    /// The program of `--warmup` with its whole path.
    private func warmUpProgram() throws(ConfigurationFailure) -> String? {
        guard let text = inputs.text("warmup") else { return nil }
        guard let path = FileTree.resolved(text), FileTree.isFile(path), ExecutableSearch.isExecutable(path) else {
            throw .warmUpMissing(text)
        }
        return path
    }

    func chooseWorkFolder() throws(ConfigurationFailure) -> String {
        var isFirst = true
        while true {
            let question = "Enter work folder (press enter for _work)"
            let folder = try questions.text("work", question, fallback: "_work", useInput: isFirst)
            do throws(ConfigurationFailure) {
                try WorkFolderCheck.check(folder, root: root)
                return folder
            } catch {
                guard !isUnattended else { throw error }
                console.complain(error.description)
                isFirst = false
            }
        }
    }

    /// Runs a call of the client and names what the server refuses.
    func asking<Value: Sendable>(
        _ server: ConnectedServer,
        _ call: () async throws(ClientError) -> Value
    ) async throws(ConfigurationFailure) -> Value {
        do throws(ClientError) { return try await call() } catch {
            throw .server(ServerRefusal(error, as: server.kind))
        }
    }
}

/// Tells whether jobs could work in a folder.
enum WorkFolderCheck {
    /// Makes the folder when it is not there, and tries to write in it.
    ///
    /// - Throws: ``ConfigurationFailure/workFolder(_:error:)``.
    static func check(_ folder: String, root: AgentRoot) throws(ConfigurationFailure) {
        let path = AgentFolders(root: root.path, work: folder).work
        var error = FileTree.make(path)
        if error == 0 {
            let probe = "\(path)/.roost-write-test"
            error = SmallFile.create("", at: probe)
            FileTree.delete(probe)
        }
        guard error == 0 else { throw .workFolder(path, error: error) }
    }
}
