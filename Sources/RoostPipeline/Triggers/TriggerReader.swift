import RoostLanguage

/// Reads `trigger`, `pr`, `schedules` and the triggers of resources of a root file, where every value is literal.
struct TriggerReader {
    let log: DiagnosticLog

    func read(_ root: SyntaxMapping) -> PipelineTriggers {
        PipelineTriggers(
            push: push(root),
            pullRequest: pullRequest(root),
            schedules: schedules(root),
            pipelines: pipelines(root),
            repositories: repositories(root),
            containers: containers(root),
            packages: packages(root),
            webhooks: webhooks(root)
        )
    }

    // MARK: Push and pull request

    private func push(_ root: SyntaxMapping) -> PushTrigger {
        switch root["trigger"] {
        case .scalar(let scalar):
            if scalar.string.isEmpty { return .implied }
            if isNone(scalar) { return .none }
            return .on(PushFilter(branches: NameFilter(include: [scalar.text])))
        case .sequence(let sequence): return .on(PushFilter(branches: NameFilter(include: names(sequence))))
        case .mapping(let mapping):
            let fields = Fields(mapping, ["batch", "branches", "paths", "tags"], noun: "A trigger", log)
            return .on(
                PushFilter(
                    batch: fields.bool("batch") ?? false,
                    branches: filter("branches", fields),
                    paths: filter("paths", fields),
                    tags: filter("tags", fields)
                )
            )
        case .unknown, nil: return .implied
        }
    }

    private func pullRequest(_ root: SyntaxMapping) -> PullRequestTrigger {
        switch root["pr"] {
        case .scalar(let scalar):
            if scalar.string.isEmpty { return .implied }
            if isNone(scalar) { return .none }
            return .on(PullRequestFilter(branches: NameFilter(include: [scalar.text])))
        case .sequence(let sequence): return .on(PullRequestFilter(branches: NameFilter(include: names(sequence))))
        case .mapping(let mapping):
            let fields = Fields(
                mapping,
                ["autoCancel", "branches", "paths", "drafts"],
                noun: "A pull request trigger",
                log
            )
            return .on(
                PullRequestFilter(
                    autoCancel: fields.bool("autoCancel") ?? true,
                    drafts: fields.bool("drafts") ?? true,
                    branches: filter("branches", fields),
                    paths: filter("paths", fields)
                )
            )
        case .unknown, nil: return .implied
        }
    }

    private func isNone(_ scalar: SyntaxScalar) -> Bool { equalIgnoringCase(scalar.text, "none") }

    func names(_ sequence: SyntaxSequence) -> [String] {
        sequence.items.compactMap { item in
            if case .scalar(let scalar) = item { return scalar.string.isEmpty ? nil : scalar.text }
            if !item.isUnknown {
                log.error(
                    "trigger.name",
                    "A text was expected",
                    at: item.place,
                    advice: "Items are names of branches or patterns such as 'releases/*'."
                )
            }
            return nil
        }
    }

    /// `{ include, exclude }`, or a list of names to include.
    func filter(_ key: String, _ fields: Fields) -> NameFilter? {
        switch fields.node(key) {
        case .mapping(let mapping):
            let filter = Fields(mapping, ["include", "exclude"], noun: "'\(key)'", log)
            let include = filter.texts("include").map(\.text)
            let exclude = filter.texts("exclude").map(\.text)
            return include.isEmpty && exclude.isEmpty ? nil : NameFilter(include: include, exclude: exclude)
        case .sequence(let sequence): return NameFilter(include: names(sequence))
        case .scalar(let scalar): return scalar.string.isEmpty ? nil : NameFilter(include: [scalar.text])
        case .unknown, nil: return nil
        }
    }

    // MARK: Schedules

    private func schedules(_ root: SyntaxMapping) -> [ScheduleTrigger] {
        switch root["schedules"] {
        case .sequence(let sequence): return sequence.items.compactMap(schedule)
        case .scalar(let scalar) where scalar.string.isEmpty || isNone(scalar): return []
        case .unknown, nil: return []
        case .scalar(let scalar): expectedList(scalar.place)
        case .mapping(let mapping): expectedList(mapping.place)
        }
        return []
    }

    private func expectedList(_ place: SyntaxPlace) {
        log.error(
            "pipeline.kind",
            "Expected a sequence",
            at: place.firstLine,
            advice: "Begin each schedule with '- cron:'."
        )
    }

    private func schedule(_ item: SyntaxNode) -> ScheduleTrigger? {
        guard case .mapping(let mapping) = item else {
            if !item.isNull, !item.isUnknown {
                log.error("pipeline.kind", "A mapping was expected", at: item.place, advice: "Write '- cron: …'.")
            }
            return nil
        }
        let fields = Fields(mapping, ["cron", "displayName", "branches", "batch", "always"], noun: "A schedule", log)
        guard let text = fields.scalar("cron"), let cron = cron(text) else {
            if !fields.has("cron") {
                log.error(
                    "schedule.cron",
                    "A schedule needs 'cron'",
                    at: mapping.place.firstLine,
                    advice: "Write '- cron: \"0 3 * * *\"' first."
                )
            }
            return nil
        }
        return ScheduleTrigger(
            cron: cron,
            displayName: fields.text("displayName") ?? "",
            branches: filter("branches", fields),
            batch: fields.bool("batch") ?? false,
            always: fields.bool("always") ?? false
        )
    }

    private func cron(_ scalar: SyntaxScalar) -> CronExpression? {
        do throws(CronExpression.Invalid) {
            return try CronExpression(scalar.text)
        } catch {
            log.error(
                "schedule.cron",
                error.summary,
                at: scalar.place,
                advice:
                    "Write minute, hour, day of the month, month and day of the week, such as '0 3 * * Mon-Fri'; times are UTC."
            )
            return nil
        }
    }
}
