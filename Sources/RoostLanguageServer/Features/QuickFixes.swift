/// Changes that put the near name where a misspelt one stands.
struct QuickFixes {
    let uri: String
    /// Problems of the document, as they were last told to the client.
    let diagnostics: [FileDiagnostic]
    let client: ClientCapabilities

    func actions(at range: TextRange) -> JSONValue {
        guard client.hasCodeActionLiterals else { return [] }
        return .array(
            diagnostics.compactMap { diagnostic in
                guard let replacement = diagnostic.replacement, diagnostic.range.touches(range) else { return nil }
                return [
                    "title": .string("Change to '\(replacement)'"), "kind": "quickfix", "isPreferred": true,
                    "diagnostics": [diagnostic.json(hasRelatedInformation: client.hasRelatedInformation)],
                    "edit": [
                        "changes": .object([
                            uri: [["range": diagnostic.range.json, "newText": .string(replacement)]]
                        ])
                    ],
                ]
            }
        )
    }
}
