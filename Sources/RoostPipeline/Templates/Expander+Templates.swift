import RoostLanguage
import RoostModel

extension Expander {
    /// Appends what a template gives: the list it holds under a key.
    func include(_ reference: SyntaxMapping, _ key: String, _ shape: Shape, _ scope: Scope, into list: inout ItemList) {
        guard let use = open(reference, scope) else {
            list.isPartial = true
            return
        }
        let pairs = use.root.pairs.filter { pair in
            let text = pair.key.text
            if text == key || text == "parameters" || pair.key.mayHoldExpression { return true }
            if key == "jobs", text == "phases" { return true }
            log.error(
                "template.kind",
                "Unexpected value '\(text)'",
                at: pair.key.place.reached(by: use.scope.site),
                advice: "A template that is named in a list of \(key) holds '\(key)' and 'parameters'."
            )
            return false
        }
        if pairs.count < use.root.pairs.count { list.isPartial = true }
        guard case .mapping(let root) = expand(.mapping(SyntaxMapping(pairs, place: use.root.place)), .root, use.scope)
        else {
            return
        }
        guard let content = root[key] ?? (key == "jobs" ? root["phases"] : nil) else {
            if !root.isPartial, pairs.count == use.root.pairs.count { missing(key, use) }
            list.isPartial = list.isPartial || root.isPartial
            return
        }
        append(content, key, to: &list)
    }

    private func append(_ content: SyntaxNode, _ key: String, to list: inout ItemList) {
        switch content {
        case .sequence(let sequence):
            list.items += sequence.items
            list.isPartial = list.isPartial || sequence.isPartial
        case .mapping(let mapping) where key == "variables":
            list.items += mapping.pairs.map(Self.variableItem)
            list.isPartial = list.isPartial || mapping.isPartial
        case .mapping(let mapping):
            // An empty mapping is what branches that were not taken leave behind.
            if !mapping.pairs.isEmpty { expectedSequence(mapping.place) }
        case .scalar(let scalar): if !scalar.string.isEmpty { expectedSequence(scalar.place) }
        case .unknown: list.isPartial = true
        }
    }

    /// A variable of the mapping form in the list form, which variables of templates are merged into.
    private static func variableItem(_ pair: SyntaxPair) -> SyntaxNode {
        let key: (String) -> SyntaxScalar = { SyntaxScalar($0, place: pair.key.place, isEvaluated: true) }
        let pairs = [SyntaxPair(key("name"), .scalar(pair.key)), SyntaxPair(key("value"), pair.value)]
        return .mapping(SyntaxMapping(pairs, place: pair.key.place))
    }

    private func expectedSequence(_ place: SyntaxPlace) {
        log.error(
            "pipeline.sequence-expected",
            "A sequence was expected",
            at: place,
            advice: "Begin each item with '- '."
        )
    }

    private func missing(_ key: String, _ use: TemplateUse) {
        log.error(
            "template.kind",
            "The template \(use.scope.file.name) has no '\(key)'",
            at: use.root.place.reached(by: use.scope.site),
            advice: "A template that is named in a list of \(key) holds '\(key)'."
        )
    }

    // MARK: Extends

    /// The root after it was joined with the templates it extends.
    func extend(_ root: SyntaxMapping, _ scope: Scope) -> SyntaxMapping {
        guard let pair = root.pair("extends") else { return root }
        var result = root
        result.pairs.removeAll { $0.key.text == "extends" }
        guard let reference = pair.value.mapping, reference["template"] != nil else {
            if !pair.value.isUnknown {
                log.error(
                    "pipeline.extends",
                    "'extends' needs a template",
                    at: pair.value.place,
                    advice: "Write 'extends:', and below it 'template: path' and, if need be, 'parameters:'."
                )
            }
            result.isPartial = true
            return result
        }
        guard let use = open(reference, scope) else {
            result.isPartial = true
            return result
        }
        guard case .mapping(let body) = expand(.mapping(use.root), .root, use.scope) else { return result }
        merge(extend(body, use.scope), into: &result)
        return result
    }

    /// Joins what a template gives with what the file that extends it says.
    private func merge(_ body: SyntaxMapping, into root: inout SyntaxMapping) {
        root.isPartial = root.isPartial || body.isPartial
        for pair in body.pairs where pair.key.text != "parameters" {
            guard let place = root.pairs.firstIndex(where: { $0.key.text == pair.key.text }) else {
                root.pairs.append(pair)
                continue
            }
            switch pair.key.text {
            case "resources": root.pairs[place].value = Self.joined(root.pairs[place].value, pair.value)
            case "name", "trigger", "pr", "schedules", "pool", "lockBehavior", "appendCommitMessageToRunName": continue
            default: log.duplicate(pair.key.text, at: root.pairs[place].key.place, first: pair.key.place)
            }
        }
    }

    /// Resources of both files: lists of the same kind are put behind each other.
    private static func joined(_ own: SyntaxNode, _ other: SyntaxNode) -> SyntaxNode {
        guard case .mapping(var mapping) = own, case .mapping(let more) = other else { return own }
        for pair in more.pairs {
            guard let place = mapping.pairs.firstIndex(where: { $0.key.text == pair.key.text }) else {
                mapping.pairs.append(pair)
                continue
            }
            guard case .sequence(var list) = mapping.pairs[place].value, case .sequence(let added) = pair.value else {
                continue
            }
            list.items += added.items
            mapping.pairs[place].value = .sequence(list)
        }
        return .mapping(mapping)
    }

    // MARK: Opening

    private struct TemplateUse {
        let root: SyntaxMapping
        let scope: Scope
    }

    /// Loads the template a mapping names and binds its parameters; nil when that failed, which is reported.
    private func open(_ reference: SyntaxMapping, _ scope: Scope) -> TemplateUse? {
        for pair in reference.pairs where pair.key.text != "template" && pair.key.text != "parameters" {
            log.error(
                "template.reference",
                "Unexpected value '\(pair.key.text)'",
                at: pair.key.place,
                advice: "Beside 'template' only 'parameters' is allowed; hand the value over as a parameter."
            )
        }
        guard case .scalar(let name)? = reference["template"] else {
            if reference["template"]?.isUnknown == false {
                log.error("template.reference", "The name of a template must be a text", at: reference.place)
            }
            return nil
        }
        // A name inside a parameter is relative to the file it was written in; only if there is no such file, to the one that uses it.
        let bases = [files.file(of: name.place.source), scope.file].compactMap { $0 }
        guard let template = files.template(named: name, from: bases) else { return nil }
        let site = IncludeSite(place: name.place)
        guard site.depth <= limits.templateDepth else {
            exhaust(
                "template.too-deep",
                "Maximum template depth exceeded: \(limits.templateDepth) templates",
                at: name.place
            )
            return nil
        }
        guard let root = mapping(of: template.document, site) else { return nil }
        let binder = ParameterBinder(log: log, site: site)
        let parameters = binder.bind(root["parameters"], to: reference["parameters"], at: name.place)
        let inner = scope.entering(template.file, at: site, parameters: parameters)
        return TemplateUse(root: root.without("parameters"), scope: inner)
    }

    private func mapping(of document: YAMLDocument, _ site: IncludeSite) -> SyntaxMapping? {
        switch document.root {
        case .mapping(let mapping): return mapping
        case .scalar(let scalar) where !scalar.isNull: break
        case .sequence: break
        case .scalar, .unknown, nil:
            if document.diagnostics.isEmpty {
                log.error(
                    "template.empty",
                    "The template is empty",
                    at: site.place,
                    advice: "A template holds steps, jobs, stages or variables."
                )
            }
            return nil
        }
        if let place = document.root?.place.reached(by: site) {
            log.error("pipeline.mapping-expected", "A mapping was expected", at: place)
        }
        return nil
    }

    // MARK: Repositories

    /// Makes the repositories of a resources block known to templates.
    func declareRepositories(in resources: SyntaxNode) {
        guard case .sequence(let list)? = resources.mapping?["repositories"] else { return }
        declareRepositories(list)
    }

    /// Makes the repositories of a list known to templates.
    func declareRepositories(_ list: SyntaxSequence) {
        for item in list.items {
            guard let mapping = item.mapping, let alias = mapping["repository"]?.scalar, !alias.string.isEmpty else {
                continue
            }
            let text: (String) -> String = { mapping[$0]?.scalar?.string ?? "" }
            let repository = PlannedRepository(
                alias: alias.string,
                type: text("type"),
                name: text("name"),
                ref: text("ref"),
                endpoint: mapping["endpoint"]?.scalar?.string
            )
            if files.declare(repository) {
                repositories.append(repository)
            } else {
                log.error(
                    "pipeline.duplicate",
                    "'\(alias.string)' is already defined",
                    at: alias.place,
                    advice: "Every repository needs a name of its own; 'self' is the pipeline's."
                )
            }
        }
    }
}

extension SyntaxMapping {
    /// The mapping without a key.
    func without(_ key: String) -> SyntaxMapping {
        var mapping = self
        mapping.pairs.removeAll { $0.key.text == key }
        return mapping
    }
}
