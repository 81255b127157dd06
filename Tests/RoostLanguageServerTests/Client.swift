import Foundation
import Synchronization

@testable import RoostLanguageServer

/// A client of a server in this process, which keeps what it is told.
final class Client: Sendable {
    private let server: LanguageServer
    private let kept: Kept
    private let number = Mutex(0)

    init(
        _ files: [String: String] = [:],
        repositories: [String: String] = [:],
        rest: @escaping @Sendable (Duration) async throws -> Void = { _ in }
    ) {
        let kept = Kept()
        let settings = LanguageServer.Settings(repositories: repositories)
        server = LanguageServer(settings: settings, disk: MemoryFiles(files), rest: rest) { kept.add($0) }
        self.kept = kept
    }

    /// Replies in the order in which they were sent.
    private final class Kept: Sendable {
        private let replies = Mutex<[RPCReply]>([])
        func add(_ reply: RPCReply) { replies.withLock { $0.append(reply) } }
        var all: [RPCReply] { replies.withLock { $0 } }
    }

    /// What a client of today offers.
    static let capabilities: JSONValue = [
        "textDocument": [
            "completion": ["completionItem": ["snippetSupport": true, "documentationFormat": ["markdown"]]],
            "hover": ["contentFormat": ["markdown"]], "publishDiagnostics": ["relatedInformation": true],
            "documentSymbol": ["hierarchicalDocumentSymbolSupport": true],
            "codeAction": ["codeActionLiteralSupport": ["codeActionKind": ["valueSet": ["quickfix"]]]],
        ]
    ]

    func start(folders: [String] = ["/site"]) async {
        _ = await ask(
            "initialize",
            [
                "capabilities": Self.capabilities,
                "workspaceFolders": .array(folders.map { ["uri": .string("file://\($0)"), "name": .string($0)] }),
            ]
        )
        await tell("initialized", [:])
    }

    @discardableResult
    func tell(_ method: String, _ parameters: JSONValue) async -> Int32? {
        await server.handle(.notification(method: method, parameters: parameters))
    }

    /// Asks, and gives the result or the error.
    func ask(_ method: String, _ parameters: JSONValue) async -> Result<JSONValue, RPCError> {
        let id = RequestID.number(
            number.withLock {
                $0 += 1
                return $0
            }
        )
        _ = await server.handle(.request(id: id, method: method, parameters: parameters))
        for reply in kept.all.reversed() {
            switch reply {
            case .result(id, let result): return .success(result)
            case .error(id, let error): return .failure(error)
            default: continue
            }
        }
        return .failure(.invalidRequest("no answer"))
    }

    func open(_ path: String, _ text: String) async {
        await tell(
            "textDocument/didOpen",
            [
                "textDocument": [
                    "uri": .string("file://\(path)"), "version": 1, "languageId": "yaml", "text": .string(text),
                ]
            ]
        )
    }

    /// Replaces the whole text.
    func change(_ path: String, _ text: String) async {
        await tell(
            "textDocument/didChange",
            [
                "textDocument": ["uri": .string("file://\(path)"), "version": 2],
                "contentChanges": [["text": .string(text)]],
            ]
        )
    }

    /// What each file was last told, as `line:character severity code message`, once all is compiled.
    func problems(_ path: String) async -> [String]? {
        await server.settled()
        return diagnostics(path)?.map { diagnostic in
            let start = Position(diagnostic["range"]?["start"]) ?? Position(line: -1, character: -1)
            let text = diagnostic["message"]?.string?.split(separator: "\n").first ?? ""
            return "\(start.line + 1):\(start.character + 1) \(diagnostic["severity"]?.int ?? 0) \(text)"
        }
    }

    func diagnostics(_ path: String) -> [JSONValue]? {
        for case .notification("textDocument/publishDiagnostics", let parameters) in kept.all.reversed()
        where parameters["uri"]?.string == "file://\(path)" {
            return parameters["diagnostics"]?.array
        }
        return nil
    }

    var told: [RPCReply] { kept.all }
    func settled() async { await server.settled() }
}

/// Holds up whoever waits until it is opened; whoever is canceled goes on at once.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [AsyncStream<Void>.Continuation])>((false, []))

    func wait() async {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiting.append(continuation) }
            return state.isOpen
        }
        if isOpen { return }
        for await _ in stream {}
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.finish() }
    }
}
