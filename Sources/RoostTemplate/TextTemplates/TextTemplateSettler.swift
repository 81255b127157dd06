import RoostLanguage

/// Renders the texts of settings.
struct TextTemplateSettler {
    let functions: [String: TextTemplateFunction]
    let component: ComponentName
    private(set) var diagnostics: [Diagnostic] = []

    init(functions: [String: TextTemplateFunction], component: ComponentName) {
        self.functions = functions
        self.component = component
    }

    mutating func settled(_ settings: ImageSettings) -> ImageSettings {
        var result = settings
        for place in settings.entries.indices {
            let entry = settings.entries[place]
            result.entries[place].value = settled(
                entry.value,
                known: TextTemplateRunData.names(entry.name, of: component)
            )
        }
        return result
    }

    /// Renders a value; the names are what a running build puts into this option, when that is known.
    mutating func settled(_ value: SettingValue, known names: Set<String>? = nil) -> SettingValue {
        var result = value
        switch value.form {
        case .text(let text):
            let outcome = TextTemplateOutcome.settling(text, functions)
            note(outcome, value, names)
            // What is wrong is reported already; as a template it is not judged any further.
            let isTemplate = outcome.isTemplate || !outcome.faults.isEmpty
            result.form = isTemplate ? .template(outcome.text) : .text(outcome.text)
            result.isSensitive = value.isSensitive || outcome.isSensitive
        case .list(let elements): result.form = .list(elements.map { settled($0, known: names) })
        case .object(var settings):
            for place in settings.entries.indices {
                settings.entries[place].value = settled(settings.entries[place].value, known: names)
            }
            result.form = .object(settings)
        case .null, .template, .number, .truth, .later: break
        }
        return result
    }

    private mutating func note(_ outcome: TextTemplateOutcome, _ value: SettingValue, _ names: Set<String>?) {
        diagnostics += outcome.faults.map { $0.diagnostic(in: value) }
        guard let names else { return }
        for field in outcome.laterFields where !names.contains(field.name) {
            let fault = TextTemplateFault(
                "unknown-data",
                "Unknown data",
                "A running build knows no \".\(field.name)\" in this option of \(component).",
                at: field.range,
                advice: suggestion(field.name, among: names)
                    ?? "To write braces that are no template, write them in quotes: {{ \"{{\" }}."
            )
            diagnostics.append(fault.diagnostic(in: value))
        }
    }
}

extension TextTemplateFault {
    /// With its place in the file, as exactly as it is known.
    func diagnostic(in value: SettingValue) -> Diagnostic {
        let place = value.range.map { TextTemplatePlace.range(range, of: value.text ?? "", in: $0) }
        return .error("text-template.\(code)", summary, at: place?.span, advice: advice, detail: detail)
    }
}
