public import RoostLanguage

/// Writes templates of JSON as templates of HCL2.
public enum PackerUpgrade {
    /// A template of HCL2 that does the same, laid out.
    ///
    /// What cannot be said in HCL2 is an error, and what should be looked at a warning, with its place; nothing is left out silently.
    ///
    /// - Parameters:
    ///   - bytes: the template of JSON.
    ///   - name: of its file.
    ///   - isAnnotated: whether comments explain the parts.
    /// - Returns: the text, which is as complete as errors allow, and all problems.
    public static func upgraded(
        _ bytes: [UInt8],
        name: String,
        isAnnotated: Bool = false
    ) -> (text: String, diagnostics: [Diagnostic], source: SourceText) {
        let document = HCLJSONReader.read(bytes, name: name)
        let (syntax, problems) = PackerJSONReader.read(document)
        var writer = PackerUpgradeWriter(syntax, isAnnotated: isAnnotated)
        writer.write()
        let text = String(decoding: HCLFormatter.format(Array(writer.text.utf8)), as: UTF8.self)
        let diagnostics = (problems + writer.diagnostics).withoutRepetitions.ordered(by: [document.source])
        return (text, diagnostics, document.source)
    }
}
