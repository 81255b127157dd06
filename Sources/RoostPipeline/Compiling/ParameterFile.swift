public import RoostLanguage

/// A file with values of parameters: a mapping of their names, in YAML or JSON.
public enum ParameterFile {
    /// Reads the values as texts; lists and objects as YAML.
    ///
    /// - Parameters:
    ///   - name: of the file, for diagnostics.
    ///   - text: its content.
    /// - Returns: the values by name, and what is wrong with the file.
    public static func read(name: String, text: String) -> (values: [String: String], diagnostics: [Diagnostic]) {
        let document = YAMLDocument(name: name, text: text)
        guard let root = document.root, !root.isNull else { return ([:], document.diagnostics) }
        guard case .mapping(let mapping) = root else {
            let problem = Diagnostic.error(
                "parameters.kind",
                "A mapping was expected",
                at: root.place.span,
                advice: "Write one 'NAME: value' for each parameter."
            )
            return ([:], document.diagnostics + [problem])
        }
        var values: [String: String] = [:]
        for pair in mapping.pairs { values[pair.key.text] = pair.value.scalar?.string ?? YAMLWriter.write(pair.value) }
        return (values, document.diagnostics)
    }
}
