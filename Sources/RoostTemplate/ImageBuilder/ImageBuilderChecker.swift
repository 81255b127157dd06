import RoostLanguage

/// Holds values against the shapes of a version of the interface.
struct ImageBuilderChecker {
    let version: ImageBuilderVersion
    private(set) var diagnostics: [Diagnostic] = []

    init(version: ImageBuilderVersion) { self.version = version }

    /// Checks an object; what only the service sets is left out of the result.
    mutating func check(_ settings: ImageSettings, _ shape: ImageBuilderShape, of owner: String) -> ImageSettings {
        var result = settings
        result.entries = settings.entries.filter { check($0, shape, of: owner) }
        for index in result.entries.indices {
            guard let field = shape.field(result.entries[index].name) else { continue }
            result.entries[index].value = check(result.entries[index].value, field.kind, at: field.name)
        }
        for field in shape.fields where field.isRequired && field.versions.contains(version) {
            if settings[field.name] == nil { reportMissing(field, in: settings, of: owner) }
        }
        return result
    }

    /// Whether a property may be there.
    private mutating func check(
        _ entry: ImageSettings.Entry,
        _ shape: ImageBuilderShape,
        of owner: String
    ) -> Bool {
        guard let field = shape.field(entry.name) else {
            let near = suggestion(entry.name, among: shape.fields.filter { !$0.isReadOnly }.map(\.name))
            let names = shape.fields.filter { !$0.isReadOnly && $0.versions.contains(version) }.map(\.name)
            report(
                "unknown-property",
                "Unknown property \"\(entry.name)\"",
                "\(owner.capitalizedFirst) has no property of this name.",
                entry.nameRange,
                near ?? "It may have: \(names.joined(separator: ", "))."
            )
            return true
        }
        if field.isReadOnly {
            warn(
                "read-only",
                "Property \"\(field.name)\" is read-only",
                "Only the service sets it; the value is passed over.",
                entry.nameRange,
                "Remove it."
            )
            return false
        }
        checkVersion("Property \"\(field.name)\"", field.versions, entry.nameRange)
        if let replacement = field.replacement, version >= .july2022, !entry.value.isNull {
            warn(
                "deprecated",
                "Property \"\(field.name)\" is deprecated",
                "It still works.",
                entry.nameRange,
                "Use \"\(replacement)\" instead."
            )
        }
        return true
    }

    private mutating func checkVersion(_ thing: String, _ versions: ImageBuilderField.Versions, _ range: HCLRange?) {
        guard !versions.contains(version) else { return }
        if version < versions.since {
            report(
                "newer-version",
                "\(thing) needs a newer API version",
                "It exists since \(versions.since.rawValue); the template is written for \(version.rawValue).",
                range,
                "Set apiVersion to \(versions.since.rawValue) or newer."
            )
        } else if let until = versions.until {
            report(
                "older-version",
                "\(thing) exists no longer",
                "\(until.rawValue) is the last API version that has it; the template is written for "
                    + "\(version.rawValue).",
                range,
                nil
            )
        }
    }

    private mutating func reportMissing(_ field: ImageBuilderField, in settings: ImageSettings, of owner: String) {
        report(
            "missing-property",
            "Property \"\(field.name)\" is missing",
            "\(owner.capitalizedFirst) needs it.",
            settings.entry(field.name)?.value.range ?? settings.missingRange,
            field.kind.isList ? "Add \"\(field.name)\": […]." : "Add \"\(field.name)\"."
        )
    }

    // MARK: Values

    private mutating func check(
        _ value: SettingValue,
        _ kind: ImageBuilderField.Kind,
        at name: String
    ) -> SettingValue {
        switch value.form {
        case .null, .template, .later: return value
        default: break
        }
        switch kind {
        case .anything: return value
        case .text(let text): checkText(value, text, name)
        case .choice(let choices): checkChoice(value, choices, name)
        case .whole(let bounds): return checkWhole(value, bounds, name)
        case .truth: return checkTruth(value, name)
        case .list(let kind, let count): return checkList(value, kind, count, name)
        case .map(let kind): return checkMap(value, kind, name)
        case .object(let shape): return checkObject(value, name) { $0.check($1, shape, of: "\"\(name)\"") }
        case .variants(let selector, let variants):
            return checkObject(value, name) { $0.check($1, variants, by: selector, name) }
        }
        return value
    }

    private mutating func checkText(_ value: SettingValue, _ kind: ImageBuilderText, _ name: String) {
        guard let text = value.text else { return reportType(value, name, "a text") }
        guard let fault = kind.fault(text) else { return }
        report("bad-value", "Wrong value for \"\(name)\"", fault.detail, value.range, fault.advice)
    }

    private mutating func checkChoice(_ value: SettingValue, _ choices: [String], _ name: String) {
        guard let text = value.text else { return reportType(value, name, "a text") }
        guard !choices.contains(text) else { return }
        report(
            "bad-value",
            "Wrong value for \"\(name)\"",
            "\"\(text)\" is none of: \(choices.joined(separator: ", ")).",
            value.range,
            suggestion(text, among: choices)
        )
    }

    /// A text counts when all of it came out of a placeholder, as those give texts only.
    private mutating func checkWhole(_ value: SettingValue, _ bounds: ClosedRange<Int>, _ name: String) -> SettingValue
    {
        let filled = value.isFilled ? value.text.flatMap { HCLNumber($0) } : nil
        guard let number = value.number ?? filled else {
            reportType(value, name, "a whole number")
            return value
        }
        if number.int.map(bounds.contains) != true {
            let low = bounds.lowerBound
            let range =
                bounds.upperBound == Int(Int32.max)
                ? "\(low) or more" : "from \(low) to \(bounds.upperBound)"
            report("bad-value", "Wrong value for \"\(name)\"", "A whole number \(range) is needed.", value.range, nil)
        }
        return SettingValue(.number(number), range: value.range, isSensitive: value.isSensitive)
    }

    private mutating func checkTruth(_ value: SettingValue, _ name: String) -> SettingValue {
        if value.truth != nil { return value }
        if value.isFilled, let word = value.text?.lowercased(), ["true", "false"].contains(word) {
            return SettingValue(.truth(word == "true"), range: value.range, isSensitive: value.isSensitive)
        }
        reportType(value, name, "true or false")
        return value
    }

    private mutating func checkList(
        _ value: SettingValue,
        _ kind: ImageBuilderField.Kind,
        _ count: Int,
        _ name: String
    ) -> SettingValue {
        guard let elements = value.list else {
            reportType(value, name, "a list")
            return value
        }
        if elements.count < count {
            report(
                "missing-element",
                "\"\(name)\" is empty",
                "It needs at least one element.",
                value.range,
                nil
            )
        }
        for element in elements where element.isNull {
            report("bad-type", "Null in \"\(name)\"", "An element has to be something.", element.range, "Remove it.")
        }
        var result = value
        result.form = .list(elements.map { check($0, kind, at: name) })
        return result
    }

    private mutating func checkMap(
        _ value: SettingValue,
        _ kind: ImageBuilderField.Kind,
        _ name: String
    ) -> SettingValue {
        checkObject(value, name) { checker, settings in
            var settings = settings
            for index in settings.entries.indices {
                settings.entries[index].value = checker.check(settings.entries[index].value, kind, at: name)
            }
            return settings
        }
    }

    private mutating func checkObject(
        _ value: SettingValue,
        _ name: String,
        _ check: (inout ImageBuilderChecker, ImageSettings) -> ImageSettings
    ) -> SettingValue {
        guard let settings = value.settings else {
            reportType(value, name, "an object")
            return value
        }
        var result = value
        result.form = .object(check(&self, settings))
        return result
    }

    private mutating func check(
        _ settings: ImageSettings,
        _ variants: [ImageBuilderField.Variant],
        by selector: String,
        _ name: String
    ) -> ImageSettings {
        let known = variants.filter { $0.versions.contains(version) }.map(\.name)
        guard let chosen = settings[selector] else {
            report(
                "missing-property",
                "Property \"\(selector)\" is missing",
                "It says what kind of \"\(name)\" this is: \(known.joined(separator: ", ")).",
                settings.missingRange,
                "Add \"\(selector)\"."
            )
            return settings
        }
        guard case .text(let type) = chosen.form else {
            if case .template = chosen.form { return settings }
            reportType(chosen, selector, "a text")
            return settings
        }
        guard let variant = variants.first(where: { $0.name == type }) else {
            report(
                "unknown-type",
                "Unknown \(selector) \"\(type)\"",
                "\"\(name)\" knows: \(known.joined(separator: ", ")).",
                chosen.range,
                suggestion(type, among: known)
            )
            return settings
        }
        checkVersion("Type \"\(type)\"", variant.versions, chosen.range)
        let shape = variant.shape.adding([ImageBuilderField(selector)])
        return check(settings, shape, of: "\(type) of \"\(name)\"")
    }

    // MARK: Reporting

    private mutating func reportType(_ value: SettingValue, _ name: String, _ wanted: String) {
        report(
            "bad-type",
            "Wrong type for \"\(name)\"",
            "This is \(value.typeTitle); \(wanted) is needed.",
            value.range,
            nil
        )
    }

    private mutating func report(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ range: HCLRange?,
        _ advice: String?
    ) {
        diagnostics.append(
            .error("image-builder.\(code)", summary, at: range?.span, advice: advice, detail: detail)
        )
    }

    private mutating func warn(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ range: HCLRange?,
        _ advice: String?
    ) {
        diagnostics.append(
            .warning("image-builder.\(code)", summary, at: range?.span, advice: advice, detail: detail)
        )
    }
}

extension ImageBuilderField.Kind {
    fileprivate var isList: Bool {
        if case .list = self { true } else { false }
    }
}

extension SettingValue {
    /// What it is, in a sentence.
    var typeTitle: String {
        switch form {
        case .null: "null"
        case .text, .template: "a text"
        case .number: "a number"
        case .truth: "true or false"
        case .list: "a list"
        case .object: "an object"
        case .later: "known later only"
        }
    }

    /// Whether a placeholder stands where it is written.
    fileprivate var isFilled: Bool { range.map { $0.text.hasPrefix("\"<") } ?? false }
}
