import RoostLanguage

/// Writes settings of components as arguments and blocks.
struct PackerUpgradeSettings {
    private var translation: TextTemplateTranslation
    private let component: ComponentName
    private let variables: [PackerUpgradeNames.Variable]
    private(set) var diagnostics: [Diagnostic] = []

    init(_ translation: TextTemplateTranslation, _ component: ComponentName) {
        self.translation = translation
        self.component = component
        variables = Array(translation.names.variables.values)
    }

    private static let catalog = ComponentCatalog.standard

    mutating func write(_ settings: ImageSettings, to writer: inout HCLSourceWriter) {
        write(settings, Self.catalog.schema(of: component), to: &writer)
    }

    private mutating func write(_ settings: ImageSettings, _ schema: ComponentSchema?, to writer: inout HCLSourceWriter)
    {
        for entry in settings.entries {
            let option = schema?.meant(by: entry.name)
            let name = option?.name ?? entry.name
            if !HCLObjectKey.isIdentifier(name) { refuseName(entry) }
            if name == "override", entry.value.settings?.isPlain == false { doubtOverride(entry) }
            switch blocks(entry, option?.kind) {
            case nil: writer.argument(name, source(entry.value, option?.kind))
            case let (blocks, inner)?:
                for block in blocks {
                    var nested = self
                    writer.block(name) { nested.write(block, inner, to: &$0) }
                    self = nested
                }
            }
        }
    }

    private mutating func doubtOverride(_ entry: ImageSettings.Entry) {
        diagnostics.append(
            .warning(
                "upgrade.override",
                "Packer takes no objects in \"override\" of \(component) in HCL2",
                at: (entry.nameRange ?? component.range)?.span,
                advice: "For Packer, write a post-processor for each provider, with \"only\"."
            )
        )
    }

    private mutating func refuseName(_ entry: ImageSettings.Entry) {
        diagnostics.append(
            .error(
                "upgrade.option-name",
                "\"\(entry.name)\" cannot be the name of an argument",
                at: (entry.nameRange ?? component.range)?.span,
                detail: "HCL2 knows letters, digits, underscores and hyphens in names, with a letter first."
            )
        )
    }

    /// The objects of a value that is written as blocks; nil when it is an argument.
    ///
    /// Of components that are not known, lists of objects and objects with more than plain values in them are blocks, as most of
    /// them have it.
    private func blocks(
        _ entry: ImageSettings.Entry,
        _ kind: ComponentOption.Kind?
    ) -> ([ImageSettings], ComponentSchema?)? {
        var inner: ComponentSchema?
        switch kind {
        case .block(let schema, _)?: inner = schema
        // What is overridden for providers is a map, whatever stands in it.
        case .anything?, nil: if entry.name == "override" { return nil }
        default: return nil
        }
        switch entry.value.form {
        case .object(let settings):
            return kind.isBlock || !settings.isPlain ? ([settings], inner) : nil
        case .list(let elements):
            let objects = elements.compactMap(\.settings)
            return !elements.isEmpty && objects.count == elements.count ? (objects, inner) : nil
        case .null: return kind.isBlock ? ([], inner) : nil
        default: return nil
        }
    }

    // MARK: Expressions

    /// The settings as an object, as `override` has them.
    mutating func object(_ settings: ImageSettings) -> String { object(settings, Self.catalog.schema(of: component)) }

    private mutating func object(_ settings: ImageSettings, _ schema: ComponentSchema?) -> String {
        var items: [String] = []
        for entry in settings.entries {
            let option = schema?.meant(by: entry.name)
            let key = HCLObjectKey.source(option?.name ?? entry.name)
            items.append("\(key) = \(source(entry.value, option?.kind))")
        }
        return items.isEmpty ? "{}" : "{\n" + items.joined(separator: "\n") + "\n}"
    }

    private mutating func source(_ value: SettingValue, _ kind: ComponentOption.Kind?) -> String {
        if let kind, !value.hasTemplates {
            var conversion = SettingConversion(language: .packerJSON, isSecret: true)
            let converted = conversion.converted(value, to: kind)
            return plain(conversion.faults.isEmpty ? converted : value, kind)
        }
        return plain(value, kind)
    }

    private mutating func plain(_ value: SettingValue, _ kind: ComponentOption.Kind?) -> String {
        switch value.form {
        case .null, .later: return "null"
        case .truth(let truth): return truth ? "true" : "false"
        case .number(let number): return number.description
        case .text(let text), .template(let text): return textSource(text, value, kind)
        case .list(let elements): return list(elements, kind?.element)
        case .object(let settings):
            if case .block(let schema, _)? = kind { return object(settings, schema) }
            if case .map(let element)? = kind { return map(settings, element) }
            return map(settings, nil)
        }
    }

    private mutating func list(_ elements: [SettingValue], _ kind: ComponentOption.Kind?) -> String {
        guard !elements.isEmpty else { return "[]" }
        var items: [String] = []
        for element in elements { items.append(source(element, kind)) }
        let isShort = items.count == 1 && !items[0].contains("\n")
        return isShort ? "[\(items[0])]" : "[\n" + items.map { $0 + ",\n" }.joined() + "]"
    }

    private mutating func map(_ settings: ImageSettings, _ kind: ComponentOption.Kind?) -> String {
        guard !settings.entries.isEmpty else { return "{}" }
        var items: [String] = []
        for entry in settings.entries {
            items.append("\(HCLObjectKey.source(entry.name)) = \(source(entry.value, kind))")
        }
        return "{\n" + items.joined(separator: "\n") + "\n}"
    }

    // MARK: Texts

    private mutating func textSource(_ text: String, _ value: SettingValue, _ kind: ComponentOption.Kind?) -> String {
        let before = (translation.faults.count, translation.doubts.count)
        let pieces = translation.pieces(text)
        for fault in translation.faults[before.0...] { diagnostics.append(fault.upgradeProblem(in: value)) }
        for doubt in translation.doubts[before.1...] { diagnostics.append(doubt.upgradeProblem(in: value).asWarning) }
        guard text.contains("{{"), let kind else { return pieces.source }
        return converted(pieces, to: kind)
    }

    /// Templates of JSON are read more leniently than HCL2: empty texts are no numbers and no truths, and lists are texts with commas.
    private func converted(_ pieces: [HCLPiece], to kind: ComponentOption.Kind) -> String {
        let source = pieces.source
        switch kind {
        case .number, .whole: return mayBeEmpty(pieces) ? "\(source) == \"\" ? null : \(source)" : source
        case .truth:
            if hasOddTruth(pieces) { return "contains([\"1\", \"t\", \"T\", \"true\", \"True\", \"TRUE\"], \(source))" }
            return mayBeEmpty(pieces) ? "\(source) == \"\" ? false : \(source)" : source
        case .list:
            if !pieces.hasExpressions, pieces.plainText?.contains(",") == false { return "[\(source)]" }
            return mayBeEmpty(pieces) ? "\(source) == \"\" ? [] : split(\",\", \(source))" : "split(\",\", \(source))"
        default: return source
        }
    }

    /// The variables that a text consists of.
    private func variables(_ pieces: [HCLPiece]) -> [PackerUpgradeNames.Variable] {
        variables.filter { variable in pieces.contains(.expression(variable.reference)) }
    }

    private func mayBeEmpty(_ pieces: [HCLPiece]) -> Bool {
        let hasCharacters = pieces.contains { if case .text = $0 { true } else { false } }
        return !hasCharacters && variables(pieces).allSatisfy(\.mayBeEmpty)
    }

    /// Whether a default is a truth as only JSON knows it, such as `T`.
    private func hasOddTruth(_ pieces: [HCLPiece]) -> Bool {
        variables(pieces).contains { ["t", "T", "True", "TRUE", "f", "F", "False", "FALSE"].contains($0.defaultText) }
    }
}

/// Names in objects.
enum HCLObjectKey {
    static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first.isASCIILetter || first == "_" else { return false }
        return name.unicodeScalars.allSatisfy {
            $0.isASCIILetter || ("0"..."9").contains($0) || $0 == "_" || $0 == "-"
        }
    }

    /// Bare where that means the name itself.
    static func source(_ name: String) -> String {
        isIdentifier(name) && name != "for" ? name : [HCLPiece].quoted(name)
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}

extension ComponentSchema {
    /// The option of that name, or the one whose name differs in case only.
    fileprivate func meant(by name: String) -> ComponentOption? {
        option(name) ?? options.first { $0.name.lowercased() == name.lowercased() }
    }
}

extension ComponentOption.Kind? {
    fileprivate var isBlock: Bool { if case .block? = self { true } else { false } }
}

extension ComponentOption.Kind {
    /// Of the elements of a list.
    fileprivate var element: ComponentOption.Kind? {
        switch self {
        case .list(let element): element
        case .block: self
        default: nil
        }
    }
}

extension ImageSettings {
    /// Whether it holds nothing but texts, numbers and truths.
    fileprivate var isPlain: Bool {
        entries.allSatisfy { $0.value.list == nil && $0.value.settings == nil }
    }
}

extension SettingValue {
    /// Whether a text in it is a template.
    fileprivate var hasTemplates: Bool {
        switch form {
        case .text(let text), .template(let text): text.contains("{{")
        case .list(let elements): elements.contains(where: \.hasTemplates)
        case .object(let settings): settings.entries.contains { $0.value.hasTemplates }
        default: false
        }
    }
}

extension TextTemplateFault {
    func upgradeProblem(in value: SettingValue) -> Diagnostic {
        var problem = diagnostic(in: value)
        if ["untranslatable", "quotes", "rendered-later"].contains(code) { problem.code = "upgrade.\(code)" }
        return problem
    }
}
