import RoostLanguage
import RoostModel

/// The resources a file declares, as far as its steps and jobs name them.
struct ResourceBook {
    /// Names by kind, such as `pipelines`, in the spelling of the file.
    fileprivate(set) var names: [String: [String]] = [:]
    fileprivate(set) var containers: [PlannedContainer] = []
    /// Some resources could not be evaluated, so a name that is not here means nothing.
    fileprivate(set) var isPartial = false
    /// Options for checkouts of the pipeline's own repository, which the old form of resources may give.
    fileprivate(set) var ownCheckout: [String: String] = [:]

    func has(_ name: String, _ kind: String) -> Bool {
        isPartial || names[kind]?.contains { equalIgnoringCase($0, name) } == true
    }
}

/// Checks the `resources` of a file.
struct ResourceReader {
    let log: DiagnosticLog
    /// What is understood and cannot be carried out.
    let limitations: DiagnosticLog
    let check: RuntimeExpressionCheck

    func read(_ fields: Fields) -> ResourceBook {
        var book = ResourceBook()
        switch fields.node("resources") {
        case .mapping(let mapping): read(mapping, into: &book)
        case .sequence(let sequence): book.ownCheckout = oldForm(sequence)
        case .scalar(let scalar):
            log.error(
                "pipeline.kind",
                "Expected a mapping",
                at: scalar.place,
                advice: "Write 'repositories:' or another kind of resource below it."
            )
        case .unknown: book.isPartial = true
        case nil: book.isPartial = fields.mapping.isPartial || fields.mapping["resources"]?.isUnknown == true
        }
        return book
    }

    private func read(_ mapping: SyntaxMapping, into book: inout ResourceBook) {
        let fields = Fields(mapping, PipelineKeys.resources, noun: "'resources'", log)
        book.isPartial = mapping.isPartial
        for kind in Kind.all {
            guard let list = fields.list(kind.key) else { continue }
            book.isPartial = book.isPartial || list.isPartial
            book.names[kind.key] = read(list, kind, &book)
        }
    }

    // MARK: Kinds

    /// A kind of resource: a list whose items have a name under their first key.
    private struct Kind {
        let key: String
        let nameKey: String
        let keys: [String]
        /// Keys without which the resource says nothing.
        var required: [String] = []

        static let all = [
            Kind(
                key: "repositories",
                nameKey: "repository",
                keys: PipelineKeys.repository,
                required: ["name"]
            ),
            Kind(key: "pipelines", nameKey: "pipeline", keys: PipelineKeys.pipelineResource),
            Kind(key: "containers", nameKey: "container", keys: PipelineKeys.container),
            Kind(
                key: "packages",
                nameKey: "package",
                keys: PipelineKeys.package,
                required: ["type", "connection", "name"]
            ),
            Kind(key: "webhooks", nameKey: "webhook", keys: PipelineKeys.webhook, required: ["connection"]),
            Kind(
                key: "builds",
                nameKey: "build",
                keys: PipelineKeys.build,
                required: ["type", "connection", "source"]
            ),
        ]
    }

    private func read(_ list: SyntaxSequence, _ kind: Kind, _ book: inout ResourceBook) -> [String] {
        var known: [String: SyntaxPlace] = [:]
        var names: [String] = []
        for item in list.items {
            guard case .mapping(let mapping) = item else {
                if !item.isNull, !item.isUnknown { itemIsNoMapping(item, kind) }
                continue
            }
            let fields = Fields(mapping, kind.keys, noun: "A resource of kind '\(kind.nameKey)'", log)
            guard let name = fields.scalar(kind.nameKey), !name.string.isEmpty else {
                if !mapping.isPartial { nameMissing(kind.nameKey, mapping) }
                continue
            }
            names.append(name.text)
            // Repositories are compared when they are declared to templates.
            if kind.key != "repositories", let first = known.updateValue(name.place, forKey: foldedName(name.text)) {
                log.duplicate(name.text, at: name.place, first: first)
            }
            check(fields, kind, name, &book)
        }
        return names
    }

    private func check(_ fields: Fields, _ kind: Kind, _ name: SyntaxScalar, _ book: inout ResourceBook) {
        for key in kind.required where fields.isMissing(key) { missing(key, of: kind, name) }
        switch kind.key {
        case "repositories":
            _ = fields.word("type", ["git", "github", "githubenterprise", "bitbucket"])
            trigger(fields, ["branches", "paths", "tags", "enabled", "batch"])
            if let options = fields.fields("checkoutOptions") {
                _ = Fields(options, PipelineKeys.checkoutOptions, noun: "'checkoutOptions'", log)
            }
        case "pipelines":
            _ = fields.texts("tags")
            trigger(fields, ["enabled", "branches", "stages", "tags"])
        case "containers":
            let reader = ContainerReader(log: log, limitations: limitations, check: check)
            book.containers.append(reader.contents(fields, alias: name.text))
            trigger(fields, ["enabled", "tags"])
        case "packages":
            _ = fields.word("type", ["npm", "nuget"])
            trigger(fields, [])
        case "builds":
            trigger(fields, [])
            buildTrigger(fields)
        default:
            _ = fields.word("type", ["WebHook"])
            filters(fields)
        }
    }

    /// `none`, `true`, a list of branches where there are such, or a mapping.
    private func trigger(_ fields: Fields, _ keys: [String]) {
        switch fields.node("trigger") {
        case .scalar(let scalar):
            let isWord = equalIgnoringCase(scalar.text, "none") || CoreSchema.fieldBool(scalar.text) != nil
            if !isWord, !scalar.string.isEmpty { fields.wrongValue(scalar, "'trigger' is none, true or a mapping.") }
        case .mapping(let mapping):
            let trigger = Fields(mapping, keys, noun: "The trigger of a resource", log)
            _ = trigger.bool("enabled")
            for key in ["branches", "paths", "tags"] { filter(key, trigger) }
            _ = trigger.texts("stages")
        case .sequence(let sequence):
            guard keys.contains("branches") || keys.contains("tags") else {
                log.error(
                    "pipeline.kind",
                    "A sequence was not expected",
                    at: sequence.place,
                    advice: "The trigger of this resource is none or true."
                )
                return
            }
            _ = fields.texts("trigger")
        case .unknown, nil: break
        }
    }

    /// Builds of other systems are not heard of.
    private func buildTrigger(_ fields: Fields) {
        guard let scalar = fields.node("trigger")?.scalar, CoreSchema.fieldBool(scalar.text) == true else { return }
        limitations.warning(
            "resource.trigger-unsupported",
            "Builds of another system begin no runs here",
            at: scalar.place,
            advice: "Let the other system send a message at its end, and declare it under 'webhooks'."
        )
    }

    /// A list of names, or `include` and `exclude`.
    private func filter(_ key: String, _ fields: Fields) {
        guard case .mapping(let mapping)? = fields.node(key) else {
            _ = fields.texts(key)
            return
        }
        let filter = Fields(mapping, ["include", "exclude"], noun: "'\(key)'", log)
        _ = filter.texts("include")
        _ = filter.texts("exclude")
    }

    /// Of a webhook: paths into its payload, and what must stand there.
    private func filters(_ fields: Fields) {
        guard let list = fields.list("filters") else { return }
        for item in list.items {
            guard case .mapping(let mapping) = item else { continue }
            let filter = Fields(mapping, ["path", "value"], noun: "A filter", log)
            if filter.isMissing("path") {
                log.error(
                    "resource.filter",
                    "The filter has no 'path'",
                    at: mapping.pairs.first?.key.place ?? mapping.place,
                    advice: "Write 'path:' with a place in the payload, and 'value:' with what must stand there."
                )
            }
        }
    }

    // MARK: Problems

    private func itemIsNoMapping(_ item: SyntaxNode, _ kind: Kind) {
        log.error(
            "pipeline.kind",
            "A mapping was expected",
            at: item.place,
            advice: "Write '- \(kind.nameKey): name'."
        )
    }

    private func nameMissing(_ key: String, _ mapping: SyntaxMapping) {
        log.error(
            "pipeline.unclear",
            "There's not enough info to determine what you meant. Add one of these properties: \(key)",
            at: mapping.pairs.first?.key.place ?? mapping.place,
            advice: "The name by which the pipeline speaks of the resource stands under '\(key)'."
        )
    }

    private func missing(_ key: String, of kind: Kind, _ name: SyntaxScalar) {
        log.error(
            "resource.missing-key",
            "The \(kind.nameKey) '\(name.text)' has no '\(key)'",
            at: name.place,
            advice: "Write '\(key):' below it, with a value."
        )
    }

    /// `- repo: self` with options.
    private func oldForm(_ sequence: SyntaxSequence) -> [String: String] {
        var inputs: [String: String] = [:]
        for case .mapping(let mapping) in sequence.items {
            let fields = Fields(
                mapping,
                ["repo", "clean", "fetchDepth", "lfs"],
                noun: "A repository of the old form",
                log
            )
            guard fields.text("repo").map({ equalIgnoringCase($0, "self") }) ?? false else { continue }
            if let clean = fields.boolText("clean") { inputs["clean"] = clean.text }
            if let lfs = fields.boolText("lfs") { inputs["lfs"] = lfs.text }
            if let depth = fields.count("fetchDepth") { inputs["fetchDepth"] = String(depth) }
        }
        return inputs
    }
}

extension Fields {
    /// Whether a key is not there or has no value; false when nobody knows.
    func isMissing(_ key: String) -> Bool {
        guard let node = mapping[key] else { return !mapping.isPartial && !isMisspelt(key) }
        return node.isNull || node.scalar?.text.isEmpty == true
    }

    /// Whether a key is there that is nearly this one, which is reported already.
    func isMisspelt(_ key: String) -> Bool {
        mapping.pairs.contains { pair in nearName(pair.key.text, among: [key]) != nil }
    }
}
