import Testing

@testable import RoostLanguageServer

@Suite("The protocol's rules")
struct ProtocolTests {
    private func code(_ result: Result<JSONValue, RPCError>) -> Int? {
        if case .failure(let error) = result { error.code } else { nil }
    }

    @Test("requests before initialize and after shutdown are refused, exit says how it went")
    func phases() async {
        let client = Client()
        #expect(code(await client.ask("textDocument/hover", [:])) == -32002)
        await client.start()
        #expect(code(await client.ask("initialize", [:])) == -32600)
        #expect(code(await client.ask("no/such", [:])) == -32601)
        #expect(code(await client.ask("textDocument/hover", [:])) == -32602)
        #expect(
            code(
                await client.ask(
                    "textDocument/hover",
                    ["textDocument": ["uri": "file:///a"], "position": ["line": -1]]
                )
            ) == -32602
        )
        #expect(code(await client.ask("shutdown", .null)) == nil)
        #expect(code(await client.ask("textDocument/hover", [:])) == -32600)
        #expect(await client.tell("exit", .null) == 0)
        #expect(await Client().tell("exit", .null) == 1)
    }

    @Test("byte positions are used when the client offers them")
    func encodings() async throws {
        let client = Client()
        var capabilities = Client.capabilities.object ?? [:]
        capabilities["general"] = ["positionEncodings": ["utf-8", "utf-16"]]
        let answer = await client.ask("initialize", ["capabilities": .object(capabilities)])
        #expect(try answer.get()["capabilities"]?["positionEncoding"]?.string == "utf-8")
        await client.open("/site/a.yml", "steps:\n- script: 😀\n- { script: ä, nam: b }\n")
        #expect(await client.problems("/site/a.yml") == ["3:17 1 Unexpected value 'nam'"])
    }

    @Test("edits of parts of the text add up")
    func increments() async {
        let client = Client()
        await client.start()
        await client.open("/site/a.yml", "steps:\n- script: a\n")
        await client.tell(
            "textDocument/didChange",
            [
                "textDocument": ["uri": "file:///site/a.yml", "version": 2],
                "contentChanges": [
                    [
                        "range": ["start": ["line": 1, "character": 2], "end": ["line": 1, "character": 8]],
                        "text": "bas",
                    ],
                    [
                        "range": ["start": ["line": 2, "character": 0], "end": ["line": 2, "character": 0]],
                        "text": "- script: b\n",
                    ],
                ],
            ]
        )
        #expect(await client.problems("/site/a.yml") == ["2:3 1 Unexpected value 'bas'"])
    }

    @Test("questions about documents that are not open, and about new ones, are answered")
    func otherDocuments() async throws {
        let client = Client()
        await client.start()
        let place: JSONValue = ["line": 0, "character": 0]
        let unknown = await client.ask(
            "textDocument/completion",
            ["textDocument": ["uri": "file:///x.yml"], "position": place]
        )
        #expect(try unknown.get() == .null)
        await client.tell(
            "textDocument/didOpen",
            ["textDocument": ["uri": "untitled:one", "version": 1, "text": ""]]
        )
        let new = await client.ask(
            "textDocument/completion",
            ["textDocument": ["uri": "untitled:one"], "position": place]
        )
        #expect(try new.get()["items"]?.array?.isEmpty == false)
    }

    @Test("completions carry snippets only for clients that know them")
    func snippets() async throws {
        let client = Client()
        _ = await client.ask("initialize", ["capabilities": [:]])
        await client.open("/site/a.yml", "")
        let answer = await client.ask(
            "textDocument/completion",
            ["textDocument": ["uri": "file:///site/a.yml"], "position": ["line": 0, "character": 0]]
        )
        let items = try answer.get()["items"]?.array ?? []
        #expect(!items.isEmpty)
        #expect(
            items.allSatisfy {
                $0["insertTextFormat"] == nil && $0["textEdit"]?["newText"]?.string?.contains("$") == false
            }
        )
    }
}
