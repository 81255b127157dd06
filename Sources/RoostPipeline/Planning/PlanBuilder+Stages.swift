import RoostLanguage
import RoostModel

extension PlanBuilder {
    /// The stages of a list, with what each waits for.
    func stages(_ list: SyntaxSequence, _ pool: DraftPool?) -> [PlannedStage] {
        let drafts = named(list, "stage", ["stage"], PipelineKeys.stage)
        if list.items.isEmpty, !list.isPartial {
            log.error(
                "pipeline.no-stages",
                "'stages' has no items",
                at: list.place.firstLine,
                advice: "Write at least one stage, after '- '."
            )
        }
        var nodes = drafts.map { DependencyCheck.Node(name: $0.name, place: $0.place, dependsOn: dependsOn($0.fields)) }
        DependencyCheck(noun: "stage", log: log, isPartial: list.isPartial).resolve(&nodes, followsPrevious: true)
        return zip(drafts, nodes).map { stage($0, $1.resolved, pool, isPartial: list.isPartial) }
    }

    private func stage(
        _ draft: Draft,
        _ dependsOn: [String],
        _ pool: DraftPool?,
        isPartial: Bool
    ) -> PlannedStage {
        let fields = draft.fields
        let known = isPartial ? nil : dependsOn
        check.surroundings = .init(owner: "The stage \(draft.name)", dependencies: known, stages: known)
        let condition = condition(fields, of: .stage)
        let variables = variables(fields)
        let trigger = fields.word("trigger", StageTrigger.allCases.map(\.rawValue)).flatMap(
            StageTrigger.init(rawValue:)
        )
        let pool = self.pool(fields) ?? pool
        let jobs: [PlannedJob]
        if let list = fields.list("jobs") {
            jobs = self.jobs(list, pool, in: draft.name, at: draft.place)
        } else {
            jobs = []
            let isKnown = !fields.mapping.isPartial && fields.mapping["jobs"]?.isUnknown != true
            if isKnown, fields.has("jobs") || !fields.isMisspelt("jobs") { noJobs(draft) }
        }
        return PlannedStage(
            name: draft.name,
            displayName: fields.text("displayName") ?? draft.name,
            dependsOn: dependsOn,
            condition: condition,
            variables: variables,
            jobs: jobs,
            lockBehavior: lockBehavior(fields),
            trigger: trigger,
            isSkippable: fields.bool("isSkippable")
        )
    }

    /// What becomes of runs that wait for the same lock.
    func lockBehavior(_ fields: Fields) -> LockBehavior? {
        fields.word("lockBehavior", LockBehavior.allCases.map(\.rawValue)).flatMap(LockBehavior.init(rawValue:))
    }

    private func noJobs(_ draft: Draft) {
        log.error(
            "pipeline.no-jobs",
            "The stage \(draft.name) has no jobs",
            at: draft.place,
            advice: "Write 'jobs:' below it, with at least one job."
        )
    }

    // MARK: Lists of named things

    /// An item of a list of stages or jobs, with the name it has or was given.
    struct Draft {
        let name: String
        /// Where its name stands.
        let place: SyntaxPlace
        /// The key that says what it is, such as `deployment`.
        let kind: String
        let fields: Fields
        let isNamed: Bool
    }

    /// The items of a list that are mappings of one of the kinds; names are checked, and made up where there are none.
    func named(
        _ list: SyntaxSequence,
        _ what: String,
        _ kinds: [String],
        _ keys: [String]...
    ) -> [Draft] {
        var names = NameBook(what, log)
        var drafts: [Draft] = []
        for item in list.items {
            guard let (kind, mapping, index) = kindOf(item, kinds) else { continue }
            checkOrder(mapping, kind: kind)
            let fields = Fields(mapping, keys[min(index, keys.count - 1)], noun: "A \(kind)", log)
            let scalar = fields.scalar(kind)
            let given = scalar.flatMap { $0.string.isEmpty ? nil : $0 }
            if let given { _ = names.claim(given) }
            let place = given?.place ?? mapping.pair(kind)?.key.place ?? mapping.place
            drafts.append(
                Draft(name: given?.text ?? "", place: place, kind: kind, fields: fields, isNamed: given != nil)
            )
        }
        let unnamed = drafts.count { !$0.isNamed }
        return drafts.enumerated().map { place, draft in
            guard !draft.isNamed else { return draft }
            let base = what == "stage" ? "Stage" : "Job"
            let name = names.generate(base, from: unnamed == 1 && what == "job" ? nil : place + 1)
            return Draft(name: name, place: draft.place, kind: draft.kind, fields: draft.fields, isNamed: false)
        }
    }

    /// Which of the kinds an item is; nil when it is none, which is reported.
    private func kindOf(_ item: SyntaxNode, _ kinds: [String]) -> (String, SyntaxMapping, Int)? {
        switch item {
        case .mapping(let mapping):
            for (index, kind) in kinds.enumerated() where mapping[kind] != nil { return (kind, mapping, index) }
            if !mapping.isPartial { unclear(mapping, kinds + ["template"]) }
        case .scalar(let scalar):
            if !scalar.string.isEmpty {
                log.error(
                    "pipeline.kind",
                    "A mapping was expected",
                    at: item.place,
                    advice: "Write '- \(kinds[0]): name'."
                )
            }
        case .sequence:
            log.error(
                "pipeline.kind",
                "A sequence was not expected",
                at: item.place,
                advice: "Remove one of the two '- '."
            )
        case .unknown: break
        }
        return nil
    }

    /// Reports a mapping that says nowhere what it is.
    func unclear(_ mapping: SyntaxMapping, _ kinds: [String]) {
        if let first = mapping.pairs.first(where: { nearName($0.key.text, among: kinds) != nil }),
            let near = nearName(first.key.text, among: kinds)
        {
            log.error(
                "pipeline.unexpected",
                "Unexpected value '\(first.key.text)'",
                at: first.key.place,
                advice: "Did you mean '\(near)'?"
            )
            return
        }
        log.error(
            "pipeline.unclear",
            "There's not enough info to determine what you meant. Add one of these properties: \(kinds.joined(separator: ", "))",
            at: mapping.pairs.first?.key.place ?? mapping.place,
            advice: "The first key of the item says what it is."
        )
    }

    // MARK: Shared fields

    /// Nil when the file says nothing; an empty list when it says that there is nothing to wait for.
    func dependsOn(_ fields: Fields) -> [SyntaxScalar]? {
        guard let node = fields.mapping["dependsOn"], !node.isUnknown else { return nil }
        return fields.texts("dependsOn")
    }

    /// A condition; nil when there is none or it is empty.
    func condition(_ fields: Fields, of owner: RuntimeExpressionCheck.Owner) -> PlannedText? {
        guard let scalar = fields.scalar("condition"), !scalar.text.trimmingBlanks().isEmpty else { return nil }
        check.condition(scalar, of: owner)
        return PlannedText(scalar.text.trimmingBlanks(), place: scalar.place.text)
    }

    /// Notes something that is understood and will not be carried out.
    func limitation(_ summary: String, _ mapping: SyntaxMapping, _ key: String) {
        guard let pair = mapping.pair(key), !pair.value.isNull else { return }
        limitations.warning("pipeline.not-carried-out", summary, at: pair.key.place)
    }
}
