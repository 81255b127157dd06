extension LanguageServer {
    /// Answers a question about a document; null when nothing is known.
    func question(_ method: String, _ parameters: JSONValue) throws(RPCError) -> JSONValue {
        switch method {
        case "textDocument/completion": return try completion(parameters)
        case "textDocument/hover": return try hover(parameters)
        case "textDocument/definition": return try definition(parameters)
        case "textDocument/documentSymbol": return try symbols(parameters)
        case "textDocument/codeAction": return try codeActions(parameters)
        default: throw .methodNotFound(method)
        }
    }

    private func path(_ parameters: JSONValue) throws(RPCError) -> String {
        guard let uri = parameters["textDocument"]?["uri"]?.string else {
            throw .invalidParameters("'textDocument.uri' is missing")
        }
        return Self.key(uri)
    }

    /// The document and the byte offset a question is about; nil for documents that are not open.
    private func place(_ parameters: JSONValue) throws(RPCError) -> (path: String, offset: Int)? {
        let path = try path(parameters)
        guard let position = Position(parameters["position"]) else {
            throw .invalidParameters("'position' needs a line and a character, both 0 or more")
        }
        return snapshot.documents[path].map { (path, $0.offset(of: position, snapshot.encoding)) }
    }

    private func completion(_ parameters: JSONValue) throws(RPCError) -> JSONValue {
        guard let (path, offset) = try place(parameters), let lines = snapshot.documents[path],
            let engine = CompletionEngine(snapshot, path: path, offset: offset)
        else { return .null }
        let items = engine.items.enumerated().map { $1.json($0, lines, snapshot) }
        return ["isIncomplete": false, "items": .array(items)]
    }

    private func hover(_ parameters: JSONValue) throws(RPCError) -> JSONValue {
        guard let (path, offset) = try place(parameters), let lines = snapshot.documents[path],
            let hover = Hover(snapshot, path: path, offset: offset)
        else { return .null }
        let kind = snapshot.client.hasHoverMarkdown ? "markdown" : "plaintext"
        return [
            "contents": ["kind": .string(kind), "value": .string(hover.text)],
            "range": lines.range(hover.range, snapshot.encoding).json,
        ]
    }

    private func definition(_ parameters: JSONValue) throws(RPCError) -> JSONValue {
        guard let (path, offset) = try place(parameters),
            let finder = DefinitionFinder(snapshot, path: path, offset: offset)
        else { return .null }
        return .array(finder.locations.map(\.json))
    }

    private func symbols(_ parameters: JSONValue) throws(RPCError) -> JSONValue {
        guard let file = snapshot.file(try path(parameters)) else { return .null }
        return DocumentSymbols(file).json(snapshot)
    }

    private func codeActions(_ parameters: JSONValue) throws(RPCError) -> JSONValue {
        let path = try path(parameters)
        guard let range = TextRange(parameters["range"]) else { throw .invalidParameters("'range' is missing") }
        let fixes = QuickFixes(uri: snapshot.uri(path), diagnostics: told[path] ?? [], client: snapshot.client)
        return fixes.actions(at: range)
    }
}
