extension LanguageServer {
    /// Paths stand for files; other documents, such as new ones, are known by their address.
    static func key(_ uri: String) -> String { FileURI.path(uri) ?? uri }

    // MARK: Beginning

    func initialize(_ parameters: JSONValue) -> JSONValue {
        phase = .running
        snapshot.client = ClientCapabilities(parameters["capabilities"])
        snapshot.encoding = snapshot.client.offersUTF8 ? .utf8 : .utf16
        snapshot.folders = Self.folders(parameters)
        for (alias, folder) in parameters["initializationOptions"]?["repositories"]?.object ?? [:] {
            guard let folder = folder.string else { continue }
            let isAbsolute = folder.hasPrefix("/")
            snapshot.repositories[alias] = isAbsolute ? folder : "\(snapshot.folders.first ?? "")/\(folder)"
        }
        return [
            "serverInfo": ["name": "roost", "version": .string(settings.version)],
            "capabilities": [
                "positionEncoding": .string(snapshot.encoding.rawValue),
                "textDocumentSync": ["openClose": true, "change": 2, "save": ["includeText": false]],
                "completionProvider": ["triggerCharacters": [".", "(", "@", "'", "[", "{", ":", "/", " ", "-"]],
                "hoverProvider": true, "definitionProvider": true, "documentSymbolProvider": true,
                "codeActionProvider": ["codeActionKinds": ["quickfix"]],
                "workspace": ["workspaceFolders": ["supported": true, "changeNotifications": true]],
            ],
        ]
    }

    private static func folders(_ parameters: JSONValue) -> [String] {
        let named = parameters["workspaceFolders"]?.array?.compactMap { $0["uri"]?.string.flatMap(FileURI.path) } ?? []
        if !named.isEmpty { return named }
        if let root = parameters["rootUri"]?.string.flatMap(FileURI.path) { return [root] }
        return parameters["rootPath"]?.string.map { [$0] } ?? []
    }

    // MARK: Documents

    func open(_ parameters: JSONValue) {
        guard let document = parameters["textDocument"], let uri = document["uri"]?.string,
            let text = document["text"]?.string
        else { return }
        let key = Self.key(uri)
        documents[key] = OpenDocument(uri: uri, version: document["version"]?.int ?? 0, text: text)
        snapshot.documents[key] = documents[key]?.lines
        snapshot.uris[key] = uri
        if document["languageId"]?.string == "azure-pipelines" { snapshot.pipelineDocuments.insert(key) }
        scheduleAnalysis()
    }

    func change(_ parameters: JSONValue) {
        guard let uri = parameters["textDocument"]?["uri"]?.string, var document = documents[Self.key(uri)] else {
            return
        }
        for change in parameters["contentChanges"]?.array ?? [] {
            guard let text = change["text"]?.string else { continue }
            document.replace(TextRange(change["range"]), with: text, snapshot.encoding)
        }
        document.version = parameters["textDocument"]?["version"]?.int ?? document.version + 1
        documents[Self.key(uri)] = document
        snapshot.documents[Self.key(uri)] = document.lines
        scheduleAnalysis()
    }

    func close(_ parameters: JSONValue) {
        guard let uri = parameters["textDocument"]?["uri"]?.string else { return }
        let key = Self.key(uri)
        documents[key] = nil
        snapshot.documents[key] = nil
        snapshot.pipelineDocuments.remove(key)
        // Its file may differ from what was open.
        scheduleAnalysis(readsFolders: true)
    }

    func changeFolders(_ parameters: JSONValue) {
        let paths: (String) -> [String] = { key in
            parameters["event"]?[key]?.array?.compactMap { $0["uri"]?.string.flatMap(FileURI.path) } ?? []
        }
        let removed = paths("removed")
        snapshot.folders.removeAll { removed.contains($0) }
        for folder in paths("added") where !snapshot.folders.contains(folder) { snapshot.folders.append(folder) }
        scheduleAnalysis(readsFolders: true)
    }
}
