import Foundation
import RoostTesting
import Testing

@testable import RoostLanguageServer

/// The real program, over real pipes.
@Suite("roost language-server", .timeLimit(.minutes(6)))
struct ProcessTests {
    /// A running server, its input, and what it writes.
    private final class Server {
        private let process = Process()
        private let input = Pipe()
        private let output = Pipe()
        private let errors = Pipe()
        private var scanner = FrameScanner()
        private var waiting: [JSONValue] = []

        init(_ folder: String) throws {
            // Whoever runs the tests in the background may have Ctrl-C ignored.
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["--default-signal=INT", "\(ChildProgram.buildFolder)/roost", "language-server"]
            process.currentDirectoryURL = URL(filePath: folder)
            process.standardInput = input
            process.standardOutput = output
            process.standardError = errors
            try process.run()
        }

        func write(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

        func send(_ json: JSONValue) throws {
            let content = try JSONEncoder().encode(json)
            try write("Content-Length: \(content.count)\r\n\r\n" + String(decoding: content, as: UTF8.self))
        }

        func ask(_ id: Int, _ method: String, _ parameters: JSONValue = .null) throws {
            try send(["jsonrpc": "2.0", "id": .number(Double(id)), "method": .string(method), "params": parameters])
        }

        func tell(_ method: String, _ parameters: JSONValue = .null) throws {
            try send(["jsonrpc": "2.0", "method": .string(method), "params": parameters])
        }

        /// The next message that fits; others before it are dropped.
        func next(_ fits: (JSONValue) -> Bool) throws -> JSONValue {
            while true {
                while !waiting.isEmpty {
                    let message = waiting.removeFirst()
                    if fits(message) { return message }
                }
                let data = output.fileHandleForReading.availableData
                guard !data.isEmpty else { throw TestFailure("the server ended") }
                for case .content(let content) in scanner.add(data) {
                    waiting.append(try JSONDecoder().decode(JSONValue.self, from: Data(content)))
                }
            }
        }

        func answer(_ id: Int) throws -> JSONValue { try next { $0["id"]?.int == id } }

        func end() -> Int32 {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
            return process.terminationStatus
        }

        func interrupt(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// The signal that ended it, and what it wrote to standard error.
        func signalAndErrors() -> (signal: Int32?, errors: String) {
            process.waitUntilExit()
            let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            return (process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil, text)
        }

        deinit { if process.isRunning { process.terminate() } }
    }

    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "roost-lsp-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
        try body(URL(filePath: folder).resolvingSymlinksInPath().path)
    }

    @Test("a whole session: problems of a template on disk, completion, hover, definition, symbols, and a good end")
    func session() throws {
        try withFolder(["t.yml": "parameters:\n- name: flavour\nsteps:\n- scrip: a\n"]) { folder in
            let server = try Server(folder)
            try server.ask(
                1,
                "initialize",
                ["capabilities": Client.capabilities, "rootUri": .string("file://\(folder)")]
            )
            let capabilities = try server.answer(1)["result"]?["capabilities"]
            #expect(capabilities?["positionEncoding"]?.string == "utf-16")
            try server.tell("initialized", [:])
            let uri = JSONValue.string("file://\(folder)/a.yml")
            let text = "steps:\n- template: t.yml\n  parameters:\n    \n"
            try server.tell(
                "textDocument/didOpen",
                ["textDocument": ["uri": uri, "version": 1, "languageId": "yaml", "text": .string(text)]]
            )
            let problems = try server.next { message in
                message["params"]?["uri"]?.string?.hasSuffix("/t.yml") == true
            }
            #expect(problems["params"]?["diagnostics"]?.array?.first?["range"]?["start"]?["line"]?.int == 3)
            let inParameters: JSONValue = ["textDocument": ["uri": uri], "position": ["line": 3, "character": 4]]
            try server.ask(2, "textDocument/completion", inParameters)
            #expect(try server.answer(2)["result"]?["items"]?.array?.map { $0["label"]?.string } == ["flavour"])
            let onTemplate: JSONValue = ["textDocument": ["uri": uri], "position": ["line": 1, "character": 15]]
            try server.ask(3, "textDocument/hover", onTemplate)
            #expect(try server.answer(3)["result"]?["contents"]?["value"]?.string?.contains("flavour") == true)
            try server.ask(4, "textDocument/definition", onTemplate)
            #expect(try server.answer(4)["result"]?.array?.first?["uri"]?.string == "file://\(folder)/t.yml")
            try server.ask(5, "textDocument/documentSymbol", ["textDocument": ["uri": uri]])
            #expect(try server.answer(5)["result"]?.array?.first?["name"]?.string == "template: t.yml")
            try server.ask(6, "shutdown")
            #expect(try server.answer(6)["result"] == .null)
            try server.tell("exit")
            #expect(server.end() == 0)
        }
    }

    @Test("bad frames and bad JSON are answered with errors, and what follows works")
    func noise() throws {
        try withFolder([:]) { folder in
            let server = try Server(folder)
            try server.write("hello\r\n\r\n")
            #expect(try server.next { $0["error"] != nil }["error"]?["code"]?.int == -32700)
            try server.write("Content-Length: 5\r\n\r\n{\"a\":")
            #expect(try server.next { $0["error"] != nil }["error"]?["code"]?.int == -32700)
            try server.send(["jsonrpc": "2.0", "id": 9])
            #expect(try server.answer(9)["error"]?["code"]?.int == -32600)
            try server.ask(1, "textDocument/hover")
            #expect(try server.answer(1)["error"]?["code"]?.int == -32002)
            try server.ask(2, "initialize", ["capabilities": [:]])
            #expect(try server.answer(2)["result"] != nil)
            #expect(server.end() == 1)
        }
    }

    @Test("exit without shutdown is a failure")
    func hastyExit() throws {
        try withFolder([:]) { folder in
            let server = try Server(folder)
            try server.ask(1, "initialize", ["capabilities": [:]])
            _ = try server.answer(1)
            try server.tell("exit")
            #expect(server.end() == 1)
        }
    }

    @Test("an input that is no protocol ends with 1, and standard error says what was wrong and where")
    func randomBytes() async throws {
        let roost = "\(ChildProgram.buildFolder)/roost"
        let program = try ChildProgram(
            executable: "/bin/sh",
            ["-c", "printf '\\001\\377\\200junk\\n\\nmore' | '\(roost)' language-server >/dev/null"],
            folder: "/"
        )
        let (code, output) = await program.finished()
        #expect(code == 1)
        #expect(
            output == """
                roost language-server: A message must begin with 'Content-Length: ' and a number; at byte 0, found '...junk'.
                roost language-server: The input ended at byte 13 within the header that begins at byte 9 with 'more'.
                """
        )
    }

    @Test("an input that ends early says so")
    func earlyEnd() async throws {
        let (code, output) = try await ChildProgram("roost", ["language-server"], folder: "/").finished()
        #expect(code == 1)
        #expect(output == "roost language-server: The input ended without the notification 'exit'.")
    }

    @Test("Ctrl-C ends it as shells know it, without a word", arguments: [SIGINT, SIGTERM])
    func interrupted(_ signal: Int32) throws {
        try withFolder([:]) { folder in
            let server = try Server(folder)
            try server.ask(1, "initialize", ["capabilities": [:]])
            _ = try server.answer(1)
            server.interrupt(signal)
            let end = server.signalAndErrors()
            #expect(end.signal == signal)
            #expect(end.errors == "")
        }
    }
}
