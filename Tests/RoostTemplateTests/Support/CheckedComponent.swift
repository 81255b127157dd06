import RoostLanguage

@testable import RoostTemplate

/// Settings of a component that were written as the body of a block and checked.
struct CheckedComponent {
    let settings: ImageSettings
    let diagnostics: [Diagnostic]

    /// `component` is such as `builder azure-arm`.
    init(
        _ component: String,
        _ text: String,
        in language: ImagePlan.Language = .packerHCL,
        catalog: ComponentCatalog = .standard
    ) {
        let name = Self.name(component)
        let file = HCLFile(native: Array(text.utf8), name: "x")
        var reader = HCLSettingsReader(scope: testScope)
        let settings = reader.settings(file.body, catalog.schema(of: name))
        let (result, problems) = catalog.checked(settings, of: name, in: language)
        self.settings = result
        diagnostics = file.diagnostics + reader.diagnostics + problems
    }

    init(settings: ImageSettings, diagnostics: [Diagnostic]) {
        self.settings = settings
        self.diagnostics = diagnostics
    }

    static func name(_ component: String) -> ComponentName {
        let parts = component.split(separator: " ", maxSplits: 1).map(String.init)
        let kind = ComponentKind.allCases.first { component.hasPrefix($0.rawValue) } ?? .builder
        let type = kind == .dataSource ? String(component.dropFirst(kind.rawValue.count + 1)) : parts[1]
        return ComponentName(kind, type)
    }

    /// `line:column summary`, in the order of the checks; warnings begin with `~`.
    var problems: [String] { problems(linesBefore: 0) }

    /// The same for a text that begins after some lines.
    func problems(linesBefore count: Int) -> [String] {
        diagnostics.map { problem in
            let place = problem.span.map { "\($0.start.line - count):\($0.start.column) " } ?? ""
            return (problem.isError ? "" : "~") + place + problem.summary
        }
    }

    /// Settings as one line each.
    var shown: [String] { settings.entries.map { "\($0.name) = \(Self.shown($0.value))" } }

    private static func shown(_ value: SettingValue) -> String {
        if value.isSensitive { return "<sensitive>" }
        return switch value.form {
        case .null: "null"
        case .text(let text): "\"\(text)\""
        case .template(let text): "template \"\(text)\""
        case .number(let number): number.description
        case .truth(let truth): "\(truth)"
        case .list(let elements): "[\(elements.map(shown).joined(separator: ", "))]"
        case .object(let settings):
            "{\(settings.entries.map { "\($0.name) = \(shown($0.value))" }.joined(separator: ", "))}"
        case .later: "later"
        }
    }
}
