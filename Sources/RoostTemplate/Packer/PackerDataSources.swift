import RoostLanguage

/// The data sources of a template: what they give, or what kind of value that will be.
///
/// Those that are evaluated are `null`, which gives its input, and `http`, which asks through ``TemplateLookups``.
struct PackerDataSources {
    private let catalog: ComponentCatalog
    private let isEvaluating: Bool
    private let lookups: TemplateLookups
    private(set) var blocks: [PackerName: HCLBlock] = [:]
    private(set) var diagnostics: [Diagnostic] = []

    init(_ configuration: PackerConfiguration, plugins: Set<String>, evaluating: Bool, lookups: TemplateLookups) {
        var catalog = ComponentCatalog.standard
        catalog.declaredPlugins = plugins
        self.catalog = catalog
        self.lookups = lookups
        isEvaluating = evaluating
        for block in configuration.dataSources { add(block) }
    }

    private mutating func add(_ block: HCLBlock) {
        let name = PackerName.data(type: block.labels[0], name: block.labels[1])
        guard let first = blocks[name] else {
            blocks[name] = block
            return
        }
        diagnostics.append(
            .hcl(
                "packer.duplicate",
                "Duplicate data block",
                "The data source \(name) is defined already at \(first.headerRange).",
                block.headerRange
            )
        )
    }

    /// The value of a data source whose settings speak of names that the scope has.
    mutating func value(of name: PackerName, in scope: HCLScope) -> HCLValue {
        guard let block = blocks[name] else { return .unknown() }
        let component = ComponentName(.dataSource, block.labels[0], range: block.labelRanges[0])
        var reader = HCLSettingsReader(scope: scope)
        let read = reader.settings(block.body, catalog.schema(of: component))
        let (settings, problems) = catalog.checked(read, of: component, in: .packerHCL)
        diagnostics += reader.diagnostics + problems
        let later = Self.shape(block.labels[0])
        guard isEvaluating, !(reader.diagnostics + problems).hasErrors, !settings.hasLaterPart else { return later }
        switch block.labels[0] {
        case "null": return .object(["output": settings["input"]?.hclValue ?? .null(.string)])
        case "http": return page(settings, block) ?? later
        default: return later
        }
    }

    /// What is known of a value that is not known yet.
    private static func shape(_ type: String) -> HCLValue {
        switch type {
        case "null": .object(["output": .unknown(.string)])
        case "http":
            .object([
                "url": .unknown(.string), "body": .unknown(.string), "request_headers": .unknown(.map(.string)),
            ])
        default: .unknown()
        }
    }

    // MARK: Pages

    private mutating func page(_ settings: ImageSettings, _ block: HCLBlock) -> HCLValue? {
        let headers = settings["request_headers"]?.settings?.entries.compactMap { entry in
            entry.value.text.map { (entry.name, $0) }
        }
        let request = TemplateRequest(
            url: settings["url"]?.text ?? "",
            method: settings["method"]?.text ?? "GET",
            headers: Dictionary(headers ?? []) { _, last in last },
            body: settings["request_body"]?.text ?? ""
        )
        switch lookups.answer(.http(request)) {
        case .found(let value): return value
        case .failed(let reason):
            let isSecret = settings["url"]?.hasSensitivePart == true
            report(isSecret ? reason.replacing(request.url, with: "•••") : reason, block)
            return nil
        case nil: return nil
        }
    }

    private mutating func report(_ reason: String, _ block: HCLBlock) {
        let place = block.body.attributes().attributes.first { $0.name == "url" }?.expression.range
        diagnostics.append(
            .hcl("packer.data", "Data source without a value", reason, place ?? block.headerRange)
        )
    }
}

extension ImageSettings {
    /// Whether something in them is known only when a build runs.
    fileprivate var hasLaterPart: Bool { entries.contains { $0.value.hasLaterPart } }
}

extension SettingValue {
    fileprivate var hasLaterPart: Bool {
        switch form {
        case .later: true
        case .list(let elements): elements.contains(where: \.hasLaterPart)
        case .object(let settings): settings.hasLaterPart
        case .null, .text, .template, .number, .truth: false
        }
    }

    /// A text as a value of the language.
    fileprivate var hclValue: HCLValue? { text.map { HCLValue.string($0).marked(isSensitive) } }
}
