import RoostLanguage

/// Reads what a template of JSON is made of, and finds everything that does not belong there.
struct PackerJSONReader {
    static let rootNames = [
        "min_packer_version", "description", "variables", "sensitive-variables", "builders", "provisioners",
        "error-cleanup-provisioner", "post-processors", "comments", "push",
    ]

    private(set) var syntax = PackerJSONSyntax()
    /// Whether the file has no errors of the syntax; if it has, there is no telling what is missing.
    private let isWhole: Bool
    private(set) var diagnostics: [Diagnostic] = []

    private init(isWhole: Bool) { self.isWhole = isWhole }

    /// The parts of a document, and what is wrong with them.
    static func read(_ document: HCLJSONDocument) -> (syntax: PackerJSONSyntax, diagnostics: [Diagnostic]) {
        var reader = PackerJSONReader(isWhole: document.diagnostics.isEmpty)
        reader.diagnostics = document.diagnostics + document.duplicates
        if case .object(let properties) = document.root.form {
            reader.readRoot(properties, document.root)
        } else if reader.isWhole {
            reader.fail("type", "Invalid template", "A template is one JSON object.", document.root.startRange)
        }
        return (reader.syntax, reader.diagnostics)
    }

    mutating func fail(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ range: HCLRange,
        advice: String? = nil
    ) {
        diagnostics.append(
            .error("packer-json.\(code)", summary, at: range.span, advice: advice, detail: detail)
        )
    }

    // MARK: The root

    private mutating func readRoot(_ properties: [HCLJSONNode.Property], _ root: HCLJSONNode) {
        var seen: Set<String> = []
        for property in properties {
            if property.name.hasPrefix("_") {
                readComment(property)
            } else if let name = rootName(property) {
                // What stands twice is reported already.
                guard seen.insert(name).inserted else { continue }
                if ["comments", "push"].contains(name) { syntax.ignored.append(property) }
                read(property.value, as: name)
            }
        }
        if isWhole, syntax.builders.isEmpty, !seen.contains("builders") {
            fail(
                "no-builders",
                "No builders",
                "A template needs at least one builder.",
                root.startRange,
                advice: "Add \"builders\": [{\"type\": \"…\"}]."
            )
        }
    }

    /// The key that is meant; letters may be of either case, as in Packer.
    private mutating func rootName(_ property: HCLJSONNode.Property) -> String? {
        let lower = property.name.lowercased()
        if let name = Self.rootNames.first(where: { $0 == lower }) { return name }
        fail(
            "unknown-key",
            "Unknown root level key",
            "A template has no \"\(property.name)\".",
            property.nameRange,
            advice: suggestion(property.name, among: Self.rootNames)
                ?? "Keys that begin with an underscore are comments."
        )
        return nil
    }

    private mutating func readComment(_ property: HCLJSONNode.Property) {
        guard let text = text(property.value, "A comment") else { return }
        syntax.comments.append(.init(name: property.name, text: text.text, range: property.nameRange))
    }

    private mutating func read(_ node: HCLJSONNode, as name: String) {
        switch name {
        case "description": syntax.description = text(node, "The description")
        case "min_packer_version": syntax.minimumVersion = text(node, "The version")
        case "variables": for property in object(node, "variables") { readVariable(property) }
        case "sensitive-variables":
            for element in array(node, "sensitive-variables") {
                if let name = text(element, "The name of a variable") { syntax.sensitiveVariables.append(name) }
            }
        case "builders":
            let elements = array(node, "builders")
            for element in elements { readBuilder(element) }
            if elements.isEmpty, case .array = node.form {
                fail("no-builders", "No builders", "A template needs at least one builder.", node.range)
            }
        case "provisioners":
            for element in array(node, "provisioners") {
                if let step = step(element, "provisioner") { syntax.provisioners.append(step) }
            }
        case "error-cleanup-provisioner": readErrorCleanup(node)
        case "post-processors": for element in array(node, "post-processors") { readChain(element) }
        default: break
        }
    }

    private mutating func readVariable(_ property: HCLJSONNode.Property) {
        var variable = PackerJSONSyntax.Variable(name: property.name, nameRange: property.nameRange)
        if case .null = property.value.form {
            syntax.variables.append(variable)
            return
        }
        variable.defaultValue =
            text(property.value, "The default of a variable", advice: "Put it into quotes.")
            ?? .init(text: "", range: property.value.range)
        syntax.variables.append(variable)
    }

    // MARK: Components

    private mutating func readBuilder(_ node: HCLJSONNode) {
        var parts = PackerJSONParts(object(node, "a builder"))
        guard case .object = node.form else { return }
        let type = type(parts.take("type"), "builder", node)
        let name = parts.take("name").flatMap { text($0, "The name of a builder") }
        guard let type else { return }
        syntax.builders.append(.init(type: type, name: name, settings: parts.rest, range: node.range))
    }

    private mutating func type(_ node: HCLJSONNode?, _ kind: String, _ component: HCLJSONNode) -> PackerJSONSyntax.Text?
    {
        guard let node else {
            fail("missing-type", "Missing type", "This \(kind) does not say its \"type\".", component.startRange)
            return nil
        }
        return text(node, "The type")
    }

    private mutating func step(_ node: HCLJSONNode, _ kind: String) -> PackerJSONSyntax.Step? {
        var parts = PackerJSONParts(object(node, "a \(kind)"))
        guard case .object = node.form else { return nil }
        let type = type(parts.take("type"), kind, node)
        var step = PackerJSONSyntax.Step(
            type: type ?? .init(text: "", range: node.startRange),
            settings: [],
            range: node.range
        )
        step.only = parts.take("only").map { names($0, "only") } ?? []
        step.except = parts.take("except").map { names($0, "except") } ?? []
        if !step.only.isEmpty, let first = step.except.first {
            fail(
                "only-except",
                "Both only and except",
                "One of \"only\" and \"except\" can be given, not both.",
                first.range
            )
        }
        if kind == "provisioner" {
            readRun(&parts, &step)
        } else {
            step.name = parts.take("name").flatMap { text($0, "The name") }
            step.keepsInputArtifact = parts.take("keep_input_artifact").flatMap { truth($0, "keep_input_artifact") }
        }
        step.settings = parts.rest
        return type == nil ? nil : step
    }

    /// How a provisioner is run.
    private mutating func readRun(_ parts: inout PackerJSONParts, _ step: inout PackerJSONSyntax.Step) {
        if let node = parts.take("pause_before") { (step.pauseBefore, step.pauseText) = duration(node, "pause_before") }
        if let node = parts.take("timeout") { (step.timeout, step.timeoutText) = duration(node, "timeout") }
        if let node = parts.take("max_retries") { step.retries = count(node, "max_retries") }
        if let node = parts.take("override") {
            for property in object(node, "override") {
                step.overrides.append(
                    .init(
                        build: .init(text: property.name, range: property.nameRange),
                        settings: object(property.value, "what is overridden for a build"),
                        range: property.value.range
                    )
                )
            }
        }
    }

    private mutating func readErrorCleanup(_ node: HCLJSONNode) {
        guard let step = step(node, "provisioner") else { return }
        syntax.errorCleanup = step
        for name in step.only + step.except {
            diagnostics.append(
                .warning(
                    "packer-json.cleanup-filter",
                    "The error-cleanup-provisioner runs for every build",
                    at: name.range.span,
                    detail: "\"only\" and \"except\" have no effect on it."
                )
            )
        }
    }

    /// A name, an object, or a list of those.
    private mutating func readChain(_ node: HCLJSONNode) {
        guard case .array(let elements) = node.form else {
            if let step = postProcessor(node) { syntax.postProcessors.append([step]) }
            return
        }
        var chain: [PackerJSONSyntax.Step] = []
        for element in elements {
            if case .array = element.form {
                fail(
                    "nested-chain",
                    "Chain within a chain",
                    "Post-processors of a chain stand in it directly.",
                    element.startRange
                )
            } else if let step = postProcessor(element) {
                chain.append(step)
            }
        }
        if !chain.isEmpty { syntax.postProcessors.append(chain) }
    }

    private mutating func postProcessor(_ node: HCLJSONNode) -> PackerJSONSyntax.Step? {
        if case .string(let type, _) = node.form {
            return .init(type: .init(text: type, range: node.range), settings: [], range: node.range)
        }
        return step(node, "post-processor")
    }

    // MARK: Values

    /// After errors of the syntax, null is what could not be read, and reported already.
    private mutating func mismatch(_ node: HCLJSONNode, _ what: String, _ wanted: String, advice: String? = nil) {
        if case .null = node.form, !isWhole { return }
        fail(
            "type",
            "Wrong type of value",
            "\(what) has to be \(wanted), not \(node.kindName).",
            node.startRange,
            advice: advice
        )
    }

    private mutating func text(_ node: HCLJSONNode, _ what: String, advice: String? = nil) -> PackerJSONSyntax.Text? {
        if case .string(let text, _) = node.form { return .init(text: text, range: node.range) }
        mismatch(node, what, "a text", advice: advice)
        return nil
    }

    private mutating func object(_ node: HCLJSONNode, _ what: String) -> [HCLJSONNode.Property] {
        if case .object(let properties) = node.form { return properties }
        mismatch(node, what.capitalizedFirst, "an object")
        return []
    }

    private mutating func array(_ node: HCLJSONNode, _ what: String) -> [HCLJSONNode] {
        if case .array(let elements) = node.form { return elements }
        mismatch(node, "\"\(what)\"", "a list", advice: "Put it into brackets: [ … ].")
        return []
    }

    /// A list of names, or one name alone.
    private mutating func names(_ node: HCLJSONNode, _ what: String) -> [PackerJSONSyntax.Text] {
        if case .string(let text, _) = node.form { return [.init(text: text, range: node.range)] }
        return array(node, what).compactMap { text($0, "The name of a build") }
    }

    private mutating func truth(_ node: HCLJSONNode, _ what: String) -> Bool? {
        switch node.form {
        case .bool(let truth): return truth
        case .null: return nil
        default:
            mismatch(node, "\"\(what)\"", "true or false")
            return nil
        }
    }

    private mutating func duration(_ node: HCLJSONNode, _ what: String) -> (Duration, String?) {
        switch node.form {
        case .string(let text, _):
            if let duration = GoDuration(text), duration.nanoseconds >= 0 {
                return (.nanoseconds(duration.nanoseconds), text)
            }
            let advice =
                Int(text) == nil
                ? "Write it like \"30s\", \"5m\" or \"1h30m\"." : "Write the unit, too, such as \"\(text)s\"."
            fail(
                "duration",
                "Invalid duration",
                "\"\(what)\" has to be a duration, not \"\(text)\".",
                node.range,
                advice: advice
            )
        case .number(let number) where number.int.map { $0 >= 0 } == true:
            let count = number.int ?? 0
            diagnostics.append(
                .warning(
                    "packer-json.nanoseconds",
                    "\"\(what)\" is \(count) nanoseconds",
                    at: node.range.span,
                    advice: "Write a unit, such as \"\(count)s\" for seconds."
                )
            )
            return (.nanoseconds(count), "\(count)ns")
        default: mismatch(node, "\"\(what)\"", "a duration", advice: "Write it like \"30s\", \"5m\" or \"1h30m\".")
        }
        return (.zero, nil)
    }

    private mutating func count(_ node: HCLJSONNode, _ what: String) -> Int {
        let number: Int? =
            switch node.form {
            case .number(let number): number.int
            case .string(let text, _): Int(text)
            default: nil
            }
        if let number, number >= 0 { return number }
        mismatch(node, "\"\(what)\"", "a whole number that is not negative")
        return 0
    }
}

/// The properties of an object, from which those that are read are taken out.
struct PackerJSONParts {
    private(set) var rest: [HCLJSONNode.Property]

    init(_ properties: [HCLJSONNode.Property]) { rest = properties }

    mutating func take(_ name: String) -> HCLJSONNode? {
        guard let place = rest.firstIndex(where: { $0.name == name }) else { return nil }
        let node = rest[place].value
        rest.removeAll { $0.name == name }
        return node
    }
}

extension HCLJSONNode {
    var kindName: String {
        switch form {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// As a setting; an object says at its end what is missing in it.
    var settingValue: SettingValue {
        let form: SettingValue.Form =
            switch form {
            case .null: .null
            case .bool(let truth): .truth(truth)
            case .number(let number): .number(number)
            case .string(let text, _): .text(text)
            case .array(let elements): .list(elements.map(\.settingValue))
            case .object(let properties): .object(ImageSettings(properties, in: range))
            }
        return SettingValue(form, range: range)
    }
}

extension ImageSettings {
    /// The settings of an object; of names that stand twice, which are reported elsewhere, the first holds.
    init(_ properties: [HCLJSONNode.Property], in range: HCLRange) {
        let end = range.bytes.upperBound
        self.init(missingRange: HCLRange(range.source, max(range.bytes.lowerBound, end - 1)..<end))
        var seen: Set<String> = []
        for property in properties where seen.insert(property.name).inserted {
            entries.append(Entry(property.name, property.value.settingValue, nameRange: property.nameRange))
        }
    }
}
