import FoundationEssentials
import RoostPipeline

/// Answers an editor: keeps its documents, compiles them when they have come to rest, and answers its questions.
///
/// Messages are handled one after the other, in the order in which they came; only compiling happens beside them.
public actor LanguageServer {
    enum Phase: Hashable, Sendable {
        case waiting
        case running
        /// `shutdown` was answered; only `exit` may follow.
        case shutDown
    }

    /// What the server is started with.
    public struct Settings: Sendable {
        /// Folders that stand for repository resources, by alias.
        public var repositories: [String: String]
        /// Documents are compiled after nothing was typed for so long: less than a person waits, more than between two keys.
        public var quiet: Duration
        public var version: String

        public init(repositories: [String: String] = [:], quiet: Duration = .milliseconds(150), version: String = "") {
            self.repositories = repositories
            self.quiet = quiet
            self.version = version
        }
    }

    let settings: Settings
    let send: @Sendable (RPCReply) -> Void
    private let rest: @Sendable (Duration) async throws -> Void
    var phase = Phase.waiting
    var documents: [String: OpenDocument] = [:]
    var snapshot: EditorSnapshot
    /// Requests of this server so far, which number them.
    private var requests = 0

    // MARK: What compiling found

    private var analysis: Task<Void, Never>?
    private var indexing: Task<Void, Never>?
    /// Raised with each edit: results of an older number are thrown away.
    private var generation = 0
    /// By path: what the client was told last, and has not forgotten.
    var told: [String: [FileDiagnostic]] = [:]

    /// A server that reads files from the disk, hands every message for the client to `send`, and waits for quiet with `rest`.
    public init(
        settings: Settings = Settings(),
        disk: any FileReading = LocalFiles(),
        rest: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        send: @escaping @Sendable (RPCReply) -> Void
    ) {
        self.settings = settings
        self.send = send
        self.rest = rest
        snapshot = EditorSnapshot()
        snapshot.disk = disk
        snapshot.repositories = settings.repositories
    }

    // MARK: Messages

    /// Handles a message.
    ///
    /// - Returns: the code to exit with, once the client asked for that.
    public func handle(_ message: RPCMessage) -> Int32? {
        switch message {
        case .request(let id, let method, let parameters):
            do throws(RPCError) {
                send(.result(id: id, try answer(method, parameters)))
            } catch {
                send(.error(id: id, error))
            }
        case .notification("exit", _):
            analysis?.cancel()
            indexing?.cancel()
            return phase == .shutDown ? 0 : 1
        case .notification(let method, let parameters):
            if phase == .running { notice(method, parameters) }
        case .response: break
        }
        return nil
    }

    private func answer(_ method: String, _ parameters: JSONValue) throws(RPCError) -> JSONValue {
        switch (phase, method) {
        case (.waiting, "initialize"): return initialize(parameters)
        case (.waiting, _): throw .notInitialized
        case (.shutDown, _): throw .invalidRequest("The server was shut down")
        case (.running, "initialize"): throw .invalidRequest("The server is initialized already")
        case (.running, "shutdown"):
            phase = .shutDown
            analysis?.cancel()
            return .null
        case (.running, _): return try question(method, parameters)
        }
    }

    private func notice(_ method: String, _ parameters: JSONValue) {
        switch method {
        case "initialized": begin()
        case "textDocument/didOpen": open(parameters)
        case "textDocument/didChange": change(parameters)
        case "textDocument/didClose": close(parameters)
        case "textDocument/didSave", "workspace/didChangeWatchedFiles": scheduleAnalysis(readsFolders: true)
        case "workspace/didChangeWorkspaceFolders": changeFolders(parameters)
        default: break
        }
    }

    /// What can be done once the client listens.
    private func begin() {
        if snapshot.client.canWatchFiles {
            requests += 1
            send(.request(id: .text("roost-\(requests)"), method: "client/registerCapability", Self.watchedFiles))
        }
        scheduleAnalysis(readsFolders: true)
    }

    private static let watchedFiles: JSONValue = [
        "registrations": [
            [
                "id": "pipelines", "method": "workspace/didChangeWatchedFiles",
                "registerOptions": ["watchers": [["globPattern": "**/*.{yml,yaml}"]]],
            ]
        ]
    ]

    // MARK: Analysis

    /// Compiles once nothing was typed for a moment; what was still waiting or running for an older text is canceled.
    func scheduleAnalysis(readsFolders: Bool = false) {
        if readsFolders { readFolders() }
        generation += 1
        let number = generation
        analysis?.cancel()
        analysis = Task { [rest, quiet = settings.quiet, indexing] in
            // Without the files around it, a template would be judged by itself.
            await indexing?.value
            try? await rest(quiet)
            guard !Task.isCancelled else { return }
            await self.analyze(number)
        }
    }

    private func readFolders() {
        indexing?.cancel()
        indexing = Task {
            let index = await Self.index(of: self.snapshot)
            guard !Task.isCancelled else { return }
            self.snapshot.index = index
        }
    }

    private func analyze(_ number: Int) async {
        let current = snapshot
        guard let result = await Self.results(of: current), number == generation else { return }
        snapshot.values = result.values
        var diagnostics = result.diagnostics
        for path in current.documents.keys where diagnostics[path] == nil { diagnostics[path] = [] }
        publish(diagnostics)
    }

    /// Reads folders beside the messages.
    @concurrent
    private static func index(of snapshot: EditorSnapshot) async -> WorkspaceIndex {
        var index = WorkspaceIndex(of: snapshot.folders, snapshot.disk, reusing: snapshot.index)
        index.link(snapshot)
        return index
    }

    /// Compiles beside the messages; nil when it was canceled.
    @concurrent
    private static func results(of snapshot: EditorSnapshot) async -> Analyzer.Findings? {
        let analyzer = Analyzer(snapshot: snapshot)
        var whole = Analyzer.Findings()
        for unit in analyzer.units(of: Array(snapshot.documents.keys)) {
            guard !Task.isCancelled else { return nil }
            let result = analyzer.analyze(unit)
            for (path, diagnostics) in result.diagnostics {
                let known = whole.diagnostics[path, default: []]
                whole.diagnostics[path] = known + diagnostics.filter { !known.contains($0) }
            }
            whole.values.merge(result.values) { old, new in old + new.filter { !old.contains($0) } }
        }
        return whole
    }

    /// Tells the client what changed; a file that no unit uses any more has no problems.
    private func publish(_ diagnostics: [String: [FileDiagnostic]]) {
        for path in Set(told.keys).union(diagnostics.keys).sorted() {
            let new = diagnostics[path] ?? []
            let isOpen = snapshot.documents[path] != nil
            // An open document hears that it has no problems, other files only that they have none any more.
            guard told[path] != new, isOpen || told[path] != nil || !new.isEmpty else { continue }
            tell(path, new)
            told[path] = new.isEmpty && !isOpen ? nil : new
        }
    }

    private func tell(_ path: String, _ diagnostics: [FileDiagnostic]) {
        let hasRelated = snapshot.client.hasRelatedInformation
        var parameters: [String: JSONValue] = [
            "uri": .string(snapshot.uri(path)),
            "diagnostics": .array(diagnostics.map { $0.json(hasRelatedInformation: hasRelated) }),
        ]
        if let version = documents[path]?.version { parameters["version"] = .number(Double(version)) }
        send(.notification(method: "textDocument/publishDiagnostics", .object(parameters)))
    }

    /// Waits until all that was typed so far is compiled and told.
    public func settled() async {
        while let task = analysis {
            await task.value
            if task == analysis { return }
        }
    }
}
