/// What the client can do with answers.
struct ClientCapabilities: Hashable, Sendable {
    var hasSnippets = false
    var hasMarkdown = false
    var hasHoverMarkdown = false
    var hasRelatedInformation = false
    var hasHierarchicalSymbols = false
    var hasDeprecatedTag = false
    var hasInsertTextMode = false
    var hasCodeActionLiterals = false
    var canWatchFiles = false
    var offersUTF8 = false

    init() {}

    /// Reads the `capabilities` of an `initialize` request.
    init(_ json: JSONValue?) {
        let document = json?["textDocument"]
        let completion = document?["completion"]?["completionItem"]
        hasSnippets = completion?["snippetSupport"]?.bool ?? false
        hasMarkdown = Self.list(completion?["documentationFormat"]).contains("markdown")
        hasDeprecatedTag = completion?["tagSupport"] != nil
        hasInsertTextMode = completion?["insertTextModeSupport"] != nil
        hasHoverMarkdown = Self.list(document?["hover"]?["contentFormat"]).contains("markdown")
        hasRelatedInformation = document?["publishDiagnostics"]?["relatedInformation"]?.bool ?? false
        hasHierarchicalSymbols = document?["documentSymbol"]?["hierarchicalDocumentSymbolSupport"]?.bool ?? false
        hasCodeActionLiterals = document?["codeAction"]?["codeActionLiteralSupport"] != nil
        canWatchFiles = json?["workspace"]?["didChangeWatchedFiles"]?["dynamicRegistration"]?.bool ?? false
        offersUTF8 = Self.list(json?["general"]?["positionEncodings"]).contains("utf-8")
    }

    private static func list(_ json: JSONValue?) -> [String] { json?.array?.compactMap(\.string) ?? [] }
}
