import Foundation
import RoostLanguage

/// Reads a document of Image Builder into a plan.
struct ImageBuilderReader {
    static let type = "Microsoft.VirtualMachineImages/imageTemplates"

    private let root: HCLJSONNode
    private let name: String
    private let input: ImageTemplateInput
    private let keepsPlaceholders: Bool
    private let given: GivenValues
    private var resolver: ImageBuilderResolver
    private(set) var plan = ImagePlan(language: .imageBuilder)
    private(set) var diagnostics: [Diagnostic]

    init(_ root: HCLJSONNode, name: String, _ input: ImageTemplateInput, keepsPlaceholders: Bool) {
        self.root = root
        self.name = name
        self.input = input
        self.keepsPlaceholders = keepsPlaceholders
        given = GivenValues(input)
        diagnostics = given.diagnostics
        var isDeployment = false
        if case .deployment = ImageBuilderDocument(root) { isDeployment = true }
        resolver = ImageBuilderResolver(
            root,
            isDeployment: isDeployment,
            given: given,
            now: input.now,
            keepsPlaceholders: keepsPlaceholders
        )
    }

    /// Files of values.
    var sources: [SourceText] { given.sources }

    mutating func read() {
        guard case .object = root.form else {
            report("root", "No template", "The file holds a JSON object.", root.startRange, nil)
            return
        }
        switch ImageBuilderDocument(root) {
        case .trigger(let node): return readTrigger(resolver.value(node))
        case .template(let node): readTemplate(resolver.value(node), isDeployed: false)
        case .deployment(let node): readDeployment(node)
        }
        diagnostics += resolver.diagnostics
        plan.variables = variables
        reportUnresolved()
        reportUndeclared()
        choose()
        sortDiagnostics()
    }

    /// As a person reads the file; what has no place comes last.
    private mutating func sortDiagnostics() {
        let places = diagnostics.enumerated().map { (order: $0.offset, problem: $0.element) }
        diagnostics = places.sorted { left, right in
            guard let first = left.problem.span, let second = right.problem.span else {
                return (left.problem.span == nil ? 1 : 0, left.order) < (right.problem.span == nil ? 1 : 0, right.order)
            }
            return (first.file, first.start.offset, left.order) < (second.file, second.start.offset, right.order)
        }.map(\.problem)
    }

    // MARK: Kinds of documents

    private mutating func readTrigger(_ value: SettingValue) {
        guard let settings = value.settings else { return }
        diagnostics += ImageBuilderTrigger.check(settings)
    }

    private mutating func readDeployment(_ node: HCLJSONNode) {
        diagnostics += ImageBuilderDeployment.check(node)
        plan.description = node.property("metadata")?.text("description")
        let resources: [HCLJSONNode] =
            switch node.property("resources")?.form {
            case .array(let elements): elements
            case .object(let properties): properties.map(\.value)
            default: []
            }
        var count = 0
        for resource in resources where readResource(resource) { count += 1 }
        guard count == 0 else { return }
        report(
            "no-template",
            "The deployment holds no image template",
            "None of its resources is of type \(Self.type).",
            node.property("resources")?.startRange ?? node.startRange,
            nil
        )
    }

    /// Reads a resource of a deployment; false when it is none of ours.
    private mutating func readResource(_ node: HCLJSONNode) -> Bool {
        guard let typeNode = node.property("type") else {
            report("missing-property", "Property \"type\" is missing", "A resource needs it.", node.startRange, nil)
            return false
        }
        let type = resolver.value(typeNode).text ?? ""
        guard Self.isTemplate(type) else {
            diagnostics.append(
                .warning(
                    "image-builder.other-resource",
                    "Resource of type \(type) is passed over",
                    at: typeNode.range.span,
                    advice: nil,
                    detail:
                        "Of a deployment only the image templates are read; other resources have to be there already."
                )
            )
            return false
        }
        if let copy = node.property("copy") {
            report(
                "copy",
                "Copies are not known",
                "\"copy\" makes several resources of one.",
                copy.startRange,
                "Write them out."
            )
        }
        if let condition = node.property("condition"), resolver.value(condition).isFalse { return true }
        readTemplate(resolver.value(node), isDeployed: true)
        return true
    }

    static func isTemplate(_ type: String) -> Bool {
        let type = type.lowercased()
        return type == Self.type.lowercased() || type == "microsoft.virtualmachineimages"
    }

    private mutating func readTemplate(_ value: SettingValue, isDeployed: Bool) {
        guard let settings = value.settings else { return }
        checkType(settings)
        let version = version(settings, isDeployed: isDeployed)
        var checker = ImageBuilderChecker(version: version)
        let shape = isDeployed ? ImageBuilderSchema.deployed : ImageBuilderSchema.template
        let checked = checker.check(settings, shape, of: "an image template")
        diagnostics += checker.diagnostics
        diagnostics += ImageBuilderRules(checked, version: version).diagnostics
        if isDeployed, settings["name"] == nil {
            report(
                "missing-property",
                "Property \"name\" is missing",
                "A resource needs it.",
                settings.missingRange,
                nil
            )
        }
        let file = ((name as NSString).lastPathComponent as NSString).deletingPathExtension
        // Standard input has no name that could be one of a template.
        let stem = name.hasPrefix("<") || file.isEmpty ? "image" : file
        plan.targets.append(ImageTarget(imageBuilder: checked, fileName: stem, range: value.range))
    }

    private mutating func checkType(_ settings: ImageSettings) {
        guard let type = settings["type"], case .text(let text) = type.form, !Self.isTemplate(text) else { return }
        report(
            "unknown-type",
            "This is no image template",
            "Its type is \"\(text)\".",
            type.range,
            suggestion(text, among: [Self.type]) ?? "Image templates are of type \(Self.type)."
        )
    }

    private mutating func version(_ settings: ImageSettings, isDeployed: Bool) -> ImageBuilderVersion {
        guard let value = settings["apiVersion"] else {
            if isDeployed {
                report(
                    "missing-property",
                    "Property \"apiVersion\" is missing",
                    "A resource needs it.",
                    settings.missingRange,
                    nil
                )
            }
            return .newest
        }
        guard case .text(let text) = value.form else { return .newest }
        guard let version = ImageBuilderVersion(rawValue: text) else {
            let known = ImageBuilderVersion.allCases.map(\.rawValue)
            report(
                "unknown-version",
                "Unknown API version \"\(text)\"",
                "Known are: \(known.joined(separator: ", ")).",
                value.range,
                suggestion(text, among: known)
            )
            return .newest
        }
        if version.isPreview {
            diagnostics.append(
                .warning(
                    "image-builder.preview-version",
                    "API version \(text) was a preview",
                    at: value.range?.span,
                    advice: "Use \(ImageBuilderVersion.february2024.rawValue) or newer.",
                    detail: "The service does not take it any longer."
                )
            )
        }
        return version
    }

    // MARK: Values

    private var usedNames: [String] {
        var seen: Set<String> = []
        return resolver.uses.map(\.name).filter { seen.insert($0).inserted }
    }

    private var variables: [ImageVariable] {
        var resolver = resolver
        let parameters = resolver.parameters.values
        let others = usedNames.filter { name in !parameters.contains { $0.name == name } }
        let plain = others.map { ImageVariable(name: $0, value: given.values[$0].flatMap { HCLValue($0.value) }) }
        let declared = parameters.map { parameter in
            let initial = parameter.defaultNode == nil ? nil : resolver.parameter(of: parameter.name)
            let isKept = keepsPlaceholders && parameter.isSecret
            let value = given.values[parameter.name].flatMap { parameter.converted($0.value) } ?? initial
            return ImageVariable(
                name: parameter.name,
                description: parameter.description,
                defaultValue: initial.flatMap { HCLValue($0) },
                value: isKept ? nil : value.flatMap { HCLValue($0) }.map { $0.marked(parameter.isSecret) },
                isSensitive: parameter.isSecret
            )
        }
        return (plain + declared).sorted { $0.name < $1.name }
    }

    /// One error for every place in which a value is missing.
    private mutating func reportUnresolved() {
        guard !keepsPlaceholders else { return }
        var seen: Set<HCLRange> = []
        for use in resolver.uses where given.values[use.name] == nil && seen.insert(use.range).inserted {
            if let parameter = resolver.parameters[use.name.lowercased()], parameter.name == use.name {
                guard parameter.defaultNode == nil, !isGiven(parameter.name) else { continue }
                report(
                    "unset",
                    "Parameter \"\(use.name)\" has no value",
                    "The deployment declares no default for it.",
                    use.range,
                    "Give the value with -var \(use.name)=… or in a file with -var-file."
                )
            } else {
                let isAsked = use.name.contains(".") && !use.range.text.contains("<")
                report(
                    "unset",
                    isAsked ? "\(use.name) is not known" : "Placeholder <\(use.name)> has no value",
                    isAsked ? "It is that of a deployment." : "A value has to be given for it.",
                    use.range,
                    "Give the value with -var \"\(use.name)=…\" or in a file with -var-file."
                )
            }
        }
    }

    private func isGiven(_ parameter: String) -> Bool {
        given.values.keys.contains { $0.lowercased() == parameter.lowercased() }
    }

    /// Values for what does not exist: an error on the command line, a warning in files, which may be for several templates.
    private mutating func reportUndeclared() {
        let known = Set(usedNames).union(resolver.parameters.values.map(\.name))
        let lower = Set(resolver.parameters.keys)
        for (name, value) in given.values.sorted(by: { $0.key < $1.key }) {
            guard !known.contains(name), !lower.contains(name.lowercased()) else { continue }
            let near = suggestion(name, among: known.filter { given.values[$0] == nil }.sorted())
            let summary = "No placeholder or parameter \"\(name)\""
            let names = known.sorted().joined(separator: ", ")
            let detail =
                "A value is given for it. " + (known.isEmpty ? "The template has none." : "The template has: \(names).")
            if let range = value.nameRange {
                guard input.warnsOfUndeclared else { continue }
                diagnostics.append(
                    .warning("image-builder.undeclared", summary, at: range.span, advice: near, detail: detail)
                )
            } else {
                diagnostics.append(.error("image-builder.undeclared", summary, advice: near, detail: detail))
            }
        }
    }

    // MARK: Choice

    /// Leaves the targets that are wanted.
    private mutating func choose() {
        let names = plan.targets.map(\.name)
        for name in input.only + input.except where !names.contains(name) && !plan.targets.isEmpty {
            diagnostics.append(
                .error(
                    "image-builder.unknown-target",
                    "No image template \"\(name)\"",
                    advice: suggestion(name, among: names),
                    detail: "There are: \(names.joined(separator: ", "))."
                )
            )
        }
        plan.targets = plan.targets.filter {
            (input.only.isEmpty || input.only.contains($0.name)) && !input.except.contains($0.name)
        }
    }

    private mutating func report(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ range: HCLRange?,
        _ advice: String?
    ) {
        diagnostics.append(.error("image-builder.\(code)", summary, at: range?.span, advice: advice, detail: detail))
    }
}

extension SettingValue {
    fileprivate var isFalse: Bool { truth == false }
}

extension HCLValue {
    /// A setting that is known; nil when it is not.
    init?(_ setting: SettingValue) {
        switch setting.form {
        case .null: self = .null()
        case .text(let text): self = .string(text)
        case .number(let number): self = .number(number)
        case .truth(let truth): self = .bool(truth)
        case .list(let elements):
            let values = elements.compactMap { HCLValue($0) }
            guard values.count == elements.count else { return nil }
            self = .tuple(values)
        case .object(let settings):
            var values: [String: HCLValue] = [:]
            for entry in settings.entries {
                guard let value = HCLValue(entry.value) else { return nil }
                values[entry.name] = value
            }
            self = .object(values)
        case .template, .later: return nil
        }
        if setting.isSensitive { isSensitive = true }
    }
}
