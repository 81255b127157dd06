import RoostLanguage
import RoostModel

/// Turns a job of the plan whose turn has come into drafts of its copies.
struct JobDrafting {
    /// Copies of one job; a stage may have no more jobs than that.
    static let copyLimit = 256

    let stage: PlannedStage
    let job: PlannedJob
    let scope: ProgressScope

    /// The copies in order of position; those beyond `maxParallel` are held back.
    func drafts() throws(ProgressFault) -> [JobDraft] {
        let copies = try copies()
        let limit = try maxParallel()
        var drafts: [JobDraft] = []
        for (place, copy) in copies.enumerated() {
            var draft = try draft(copy, position: place + 1, copies: copies.count)
            if limit > 0, place >= limit { draft.readiness = .heldBack(maxParallel: limit) }
            drafts.append(draft)
        }
        return drafts
    }

    // MARK: Copies

    private func copies() throws(ProgressFault) -> [MatrixLeg?] {
        let legs: [MatrixLeg]
        switch job.strategy {
        case .single: return [nil]
        case .matrix(let planned, _): legs = planned
        case .computedMatrix(let text, _): legs = try computedLegs(text)
        case .parallel(let planned, _):
            let count = try number(planned, "parallel", least: 1)
            try checkCount(count)
            legs = (0..<max(1, count)).map { MatrixLeg(name: String($0 + 1), variables: []) }
        }
        try checkCount(legs.count)
        // A matrix without legs leaves the job as it is.
        return legs.isEmpty ? [nil] : legs
    }

    func checkCount(_ count: Int) throws(ProgressFault) {
        guard count <= Self.copyLimit else {
            throw ProgressFault(
                "job.too-many-copies",
                "The job '\(job.name)' would have \(count) copies; at most \(Self.copyLimit) are allowed."
            )
        }
    }

    /// Legs out of `{ "leg": { "variable": value } }`.
    private func computedLegs(_ text: PlannedText) throws(ProgressFault) -> [MatrixLeg] {
        let value = try scope.value(text)
        guard case .object(let matrix) = try Self.object(value, text.place) else {
            throw Self.badMatrix("it is \(value.displayText)", text.place)
        }
        var legs: [MatrixLeg] = []
        for (name, value) in matrix {
            guard case .object(let variables) = value else {
                throw Self.badMatrix("the leg '\(name)' is no object of variables", text.place)
            }
            var planned: [PlannedVariable] = []
            for (variable, value) in variables {
                guard let content = value.text else {
                    throw Self.badMatrix("the variable '\(variable)' of the leg '\(name)' is no text", text.place)
                }
                planned.append(PlannedVariable(name: variable, value: PlannedText(content, place: text.place)))
            }
            legs.append(MatrixLeg(name: name, variables: planned))
        }
        return legs
    }

    private static func object(_ value: Value, _ place: String) throws(ProgressFault) -> Value {
        guard case .string(let text) = value else { return value }
        do throws(InvalidJSON) {
            return try Value(json: text)
        } catch {
            throw badMatrix("it is \(value.displayText). \(error)", place)
        }
    }

    private static func badMatrix(_ problem: String, _ place: String) -> ProgressFault {
        ProgressFault(
            "matrix.invalid",
            "The matrix must be a JSON object of legs; \(problem).",
            place: place,
            advice: "An output such as {'linux': {'os': 'linux'}} will do."
        )
    }

    // MARK: One copy

    func draft(
        _ leg: MatrixLeg?,
        position: Int,
        copies: Int,
        hook: HookCopy? = nil
    ) throws(ProgressFault) -> JobDraft {
        let scope = scope.inner()
        let variables = scope.variables
        let identifier = "\(stage.name).\(job.name).\(leg?.name ?? "__default")"
        variables.predefine("System.JobName", leg?.name ?? "__default")
        variables.predefine("System.JobIdentifier", identifier)
        variables.predefine("System.JobPositionInPhase", String(position))
        variables.predefine("System.TotalJobsInPhase", String(copies))
        for (name, value) in hook?.variables ?? [:] { variables.predefine(name, value) }
        scope.define(leg?.variables ?? [])
        if let fault = variables.fault { throw fault }
        let name = variables.expand(job.displayName)
        let pool = try pool(hook?.pool ?? job.pool, scope)
        let chosen = try containers(scope)
        var draft = JobDraft(
            stage: stage.name,
            name: job.name,
            leg: leg?.name,
            position: position,
            copies: copies,
            displayName: hook?.title(name) ?? leg.map { "\(name) \($0.name)" } ?? name,
            pool: pool,
            demands: try demands(pool),
            timeoutInMinutes: try minutes(job.timeoutInMinutes, "timeoutInMinutes", scope) ?? 60,
            cancelTimeoutInMinutes: max(
                1,
                try minutes(job.cancelTimeoutInMinutes, "cancelTimeoutInMinutes", scope) ?? 5
            ),
            continueOnError: try flag(job.continueOnError, "continueOnError", scope),
            variables: hook.map { hook in
                variables.declared.merging(hook.variables.mapValues { OutputVariable(value: $0) }) { $1 }
            }.map { $0.merging(chosen) { $1 } } ?? variables.declared.merging(chosen) { $1 },
            hook: hook?.run
        )
        draft.server = try serverWork(scope)
        return draft
    }

    /// Containers whose names are known only now, as variables of the job.
    private func containers(_ scope: ProgressScope) throws(ProgressFault) -> [String: OutputVariable] {
        guard let planned = job.containers else { return [:] }
        var texts = planned.services.map { (PlannedContainers.serviceVariable($0.name), $0.container) }
        if let container = planned.job { texts.append((PlannedContainers.jobVariable, container)) }
        var chosen: [String: OutputVariable] = [:]
        for (variable, text) in texts where text.text.contains("$[") || text.text.contains("$(") {
            chosen[variable] = OutputVariable(value: try resolved(text, "container", scope).text.trimmingBlanks())
        }
        return chosen
    }

    private func pool(_ planned: PlannedPool?, _ scope: ProgressScope) throws(ProgressFault) -> PlannedPool? {
        guard let pool = planned else { return nil }
        var demands: [PlannedText] = []
        for demand in pool.demands { demands.append(try self.resolved(demand, "demand", scope)) }
        var resolved = PlannedPool(
            name: try pool.name.map { text throws(ProgressFault) in try self.resolved(text, "name of the pool", scope)
            },
            vmImage: try pool.vmImage.map { text throws(ProgressFault) in try self.resolved(text, "vmImage", scope) },
            demands: demands
        )
        resolved.isServer = pool.isServer
        if resolved.name.map({ HostedPool.isName($0.text) }) ?? true, let image = resolved.vmImage,
            let system = ForeignSystem(image: image.text)
        {
            resolved.demands.append(PlannedText(system.demand.description, place: image.place))
        }
        return resolved
    }

    /// A text in which no macro may be left, because nobody expands it later.
    private func resolved(
        _ text: PlannedText,
        _ what: String,
        _ scope: ProgressScope
    ) throws(ProgressFault) -> PlannedText {
        let value = try scope.text(text)
        guard let unknown = macroNames(in: value).first else { return PlannedText(value, place: text.place) }
        let near = nearName(unknown, among: scope.variables.names)
        throw ProgressFault(
            "variable.unknown",
            "The \(what) '\(text.text)' uses the variable '\(unknown)', which is not defined when the job is queued.",
            place: text.place,
            advice: near.map { "Did you mean '\($0)'?" }
        )
    }

    private func demands(_ pool: PlannedPool?) throws(ProgressFault) -> [Demand] {
        var demands: [Demand] = []
        for text in pool?.demands ?? [] where !text.text.trimmingBlanks().isEmpty {
            do throws(InvalidDemand) {
                demands.append(try Demand(parsing: text.text))
            } catch {
                throw ProgressFault(error.code, error.summary, place: text.place, advice: error.advice)
            }
        }
        return demands
    }

    func minutes(_ text: PlannedText?, _ key: String, _ scope: ProgressScope) throws(ProgressFault) -> Int? {
        guard let text, case let value = try scope.text(text), !value.trimmingBlanks().isEmpty else { return nil }
        guard let number = parseNumber(value), number >= 0, number <= Double(Int32.max) else {
            throw ProgressFault(
                "job.invalid-minutes",
                "\(key) must be a number of minutes, not '\(value)'.",
                place: text.place
            )
        }
        return Int(number.rounded(.up))
    }

    func flag(_ text: PlannedText?, _ key: String, _ scope: ProgressScope) throws(ProgressFault) -> Bool {
        guard let text else { return false }
        let value = try scope.text(text)
        switch foldedName(value.trimmingBlanks()) {
        case "true", "y", "yes", "on": return true
        case "false", "n", "no", "off", "": return false
        default:
            throw ProgressFault("job.invalid-flag", "\(key) must be true or false, not '\(value)'.", place: text.place)
        }
    }
}
