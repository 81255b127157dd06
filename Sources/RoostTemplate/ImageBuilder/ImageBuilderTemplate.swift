import RoostLanguage

/// Templates of Azure Image Builder: JSON with a source, steps and places where the image goes.
public enum ImageBuilderTemplate {
    /// Whether a file looks like a template of Image Builder, a deployment, or a trigger; files with errors are recognised, too.
    public static func recognises(_ bytes: [UInt8]) -> Bool {
        let keys = JSONRootKeys.of(bytes)
        guard !keys.contains("builders"), !keys.contains("provisioners") else { return false }
        return keys.contains("properties") || keys.contains("apiVersion")
            || (keys.contains("resources") && (keys.contains("$schema") || keys.contains("contentVersion")))
    }

    /// Reads a template with the values of its placeholders and parameters.
    ///
    /// - Parameters:
    ///   - bytes: of the file.
    ///   - name: of the file, as messages give it.
    ///   - input: values, and which templates of a deployment are wanted.
    /// - Returns: the plan with everything that is wrong.
    public static func read(_ bytes: [UInt8], name: String, _ input: ImageTemplateInput) -> ImageTemplateReading {
        read(bytes, name: name, input, keepsPlaceholders: false)
    }

    /// Reads a template; placeholders without a value may be left as they are.
    static func read(
        _ bytes: [UInt8],
        name: String,
        _ input: ImageTemplateInput,
        keepsPlaceholders: Bool
    ) -> ImageTemplateReading {
        let file = ImageBuilderDocument.file(bytes, name: name)
        guard !file.diagnostics.contains(where: \.isError), let root = file.jsonRoot else {
            return ImageTemplateReading(
                plan: ImagePlan(language: .imageBuilder),
                diagnostics: file.diagnostics,
                syntaxProblems: file.diagnostics,
                sources: [file.source]
            )
        }
        var reader = ImageBuilderReader(
            root,
            name: name,
            input,
            keepsPlaceholders: keepsPlaceholders
        )
        reader.read()
        return ImageTemplateReading(
            plan: reader.plan,
            diagnostics: file.diagnostics + reader.diagnostics,
            sources: [file.source] + reader.sources
        )
    }
}
