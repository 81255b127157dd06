import RoostLanguage

/// Compares settings with a schema, and converts their values to what the options take.
struct SettingsCheck {
    let component: ComponentName
    let language: ImagePlan.Language
    private(set) var diagnostics: [Diagnostic] = []
    /// Options that are there by an earlier name, with what they are nested in.
    private var renamed: Set<String> = []

    init(_ component: ComponentName, _ language: ImagePlan.Language) {
        self.component = component
        self.language = language
    }

    /// The settings by their right names and with converted values; what cannot be converted stays as it is.
    ///
    /// `path` is what the settings are nested in, such as `spot.`.
    mutating func checked(
        _ settings: ImageSettings,
        by schema: ComponentSchema,
        at path: String = ""
    ) -> ImageSettings {
        var result = ImageSettings(missingRange: settings.missingRange)
        // What was misspelt counts as given, so that one mistake is not told as two.
        var meant = result
        for entry in settings.entries {
            if let option = option(entry.name, in: schema) {
                add(entry, option, path, to: &result)
            } else {
                result.entries.append(entry)
                if let near = unknown(entry, schema, path) { meant.entries.append(.init(near, entry.value)) }
            }
        }
        meant.missingRange = settings.missingRange
        meant.entries += result.entries
        reportMissing(schema, meant, path)
        for rule in schema.rules { diagnostics += rule.check(meant, component) }
        return result
    }

    // MARK: Names

    /// The option that a setting is for: the exact one, or in JSON one that differs in case only.
    private func option(_ name: String, in schema: ComponentSchema) -> ComponentOption? {
        if let option = schema.option(name) { return option }
        guard language == .packerJSON else { return nil }
        let lower = name.lowercased()
        return schema.options.first { $0.name.lowercased() == lower }
    }

    private mutating func add(
        _ entry: ImageSettings.Entry,
        _ option: ComponentOption,
        _ path: String,
        to result: inout ImageSettings
    ) {
        var value = converted(entry, option, path)
        if option.isSensitive { value.isSensitive = true }
        let name = option.newName ?? option.name
        // By an earlier name nothing takes the place of something.
        if option.newName != nil, !value.isGiven, result.entry(name) != nil { return }
        if let replacement = option.replacement, value.isGiven {
            reportAge(entry, option, replacement, path)
        }
        if let other = result.entry(name), option.newName != nil || renamed.contains(path + name) {
            if other.value != value { reportTwice(entry, name, path) }
            guard option.newName != nil else { return }
        }
        if option.newName != nil { renamed.insert(path + name) }
        result.set(name, value, nameRange: entry.nameRange)
    }

    private mutating func reportAge(
        _ entry: ImageSettings.Entry,
        _ option: ComponentOption,
        _ replacement: String,
        _ path: String
    ) {
        diagnostics.append(
            .warning(
                "component.deprecated",
                "\"\(path)\(option.name)\" of \(component) should no longer be used",
                at: (entry.nameRange ?? entry.value.range ?? component.range)?.span,
                advice: replacement
            )
        )
    }

    /// An option that has two names is given by both; as in Packer, the earlier name is the stronger one.
    private mutating func reportTwice(
        _ entry: ImageSettings.Entry,
        _ name: String,
        _ path: String
    ) {
        diagnostics.append(
            .warning(
                "component.conflict",
                "\"\(path)\(name)\" of \(component) is given twice, and the value by its earlier name is used",
                at: (entry.nameRange ?? entry.value.range ?? component.range)?.span,
                advice: "Leave out the earlier name."
            )
        )
    }

    /// Reports a setting that no option is for, and returns the name that may be meant.
    private mutating func unknown(
        _ entry: ImageSettings.Entry,
        _ schema: ComponentSchema,
        _ path: String
    ) -> String? {
        let names = schema.options.filter { $0.replacement == nil }.map(\.name)
        let near = schema.mistakes[entry.name] ?? nearName(entry.name, among: names)
        diagnostics.append(
            .error(
                "component.unknown-option",
                "\(component) has no option \"\(path)\(entry.name)\"",
                at: (entry.nameRange ?? entry.value.range ?? component.range)?.span,
                advice: near.map { "Did you mean \"\($0)\"?" }
            )
        )
        return near
    }

    private mutating func reportMissing(_ schema: ComponentSchema, _ settings: ImageSettings, _ path: String) {
        for option in schema.options where option.isRequired && !settings.isGiven(option.name) {
            diagnostics.append(
                .error(
                    "component.missing-option",
                    "\(component) needs \"\(path)\(option.name)\"",
                    at: (settings.missingRange ?? component.range)?.span
                )
            )
        }
    }

    // MARK: Values

    private mutating func converted(
        _ entry: ImageSettings.Entry,
        _ option: ComponentOption,
        _ path: String
    ) -> SettingValue {
        let place = path + option.name
        var conversion = SettingConversion(language: language, isSecret: option.isSensitive)
        let value = conversion.converted(entry.value, to: option.kind)
        for fault in conversion.faults {
            let range = fault.range ?? entry.value.range ?? entry.nameRange ?? component.range
            diagnostics.append(
                Diagnostic(
                    fault.severity,
                    code: fault.code,
                    "\"\(place)\(fault.part)\" of \(component) \(fault.text)",
                    at: range?.span,
                    advice: fault.advice
                )
            )
        }
        guard case .block(let schema, let isRepeated) = option.kind else { return value }
        return checkedBlocks(value, schema, isRepeated, place)
    }

    private mutating func checkedBlocks(
        _ value: SettingValue,
        _ schema: ComponentSchema,
        _ isRepeated: Bool,
        _ place: String
    ) -> SettingValue {
        var result = value
        switch value.form {
        case .object(let settings): result.form = .object(checked(settings, by: schema, at: place + "."))
        case .list(let elements) where isRepeated:
            var blocks: [SettingValue] = []
            for element in elements { blocks.append(checkedBlocks(element, schema, false, place)) }
            result.form = .list(blocks)
        default: break
        }
        return result
    }
}
