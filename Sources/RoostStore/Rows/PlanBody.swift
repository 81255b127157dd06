import RoostModel

/// The stored shape of a run's plan.
///
/// What is usual is left out, so that the body of a plan of a hundred jobs stays small.
struct PlanBody: Codable {
    struct Text: Codable {
        var text: String
        var place: String?
    }

    struct Variable: Codable {
        var name: String
        var value: Text
        var readOnly: Bool?
        var group: Bool?
    }

    struct Repository: Codable {
        var alias: String
        var type: String
        var name: String
        var ref: String?
        var endpoint: String?
    }

    struct Pool: Codable {
        var name: Text?
        var vmImage: Text?
        var demands: [Text]?
        var server: Bool?
    }

    var numberFormat: Text?
    var appendsCommitMessage: Bool?
    var variables: [Variable]?
    var stages: [PlanStageBody]
    var repositories: [Repository]?
    var finalYAML: String?
    var lockBehavior: LockBehavior?
    var extendedTemplate: String?

    init(_ plan: RunPlan) {
        numberFormat = plan.numberFormat.map { Text($0) }
        appendsCommitMessage = plan.appendsCommitMessage
        variables = [Variable](plan.variables)
        stages = plan.stages.map { PlanStageBody($0) }
        repositories = plan.repositories.isEmpty ? nil : plan.repositories.map { Repository($0) }
        finalYAML = plan.finalYAML.isEmpty ? nil : plan.finalYAML
        lockBehavior = plan.lockBehavior
        extendedTemplate = plan.extendedTemplate
    }

    var noun: RunPlan {
        var plan = RunPlan(
            numberFormat: numberFormat?.noun,
            variables: variables.nouns,
            stages: stages.map(\.noun),
            repositories: (repositories ?? []).map(\.noun),
            finalYAML: finalYAML ?? "",
            lockBehavior: lockBehavior,
            extendedTemplate: extendedTemplate
        )
        plan.appendsCommitMessage = appendsCommitMessage
        return plan
    }
}

extension PlanBody.Text {
    init(_ text: PlannedText) {
        self.init(text: text.text, place: text.place.isEmpty ? nil : text.place)
    }

    var noun: PlannedText { PlannedText(text, place: place ?? "") }
}

extension [PlanBody.Variable] {
    /// Nil when there are none.
    init?(_ variables: [PlannedVariable]) {
        guard !variables.isEmpty else { return nil }
        self = variables.map {
            PlanBody.Variable(
                name: $0.name,
                value: PlanBody.Text($0.value),
                readOnly: $0.isReadOnly ? true : nil,
                group: $0.isGroup ? true : nil
            )
        }
    }
}

extension [PlanBody.Variable]? {
    var nouns: [PlannedVariable] {
        (self ?? []).map { variable in
            var noun = PlannedVariable(
                name: variable.name,
                value: variable.value.noun,
                isReadOnly: variable.readOnly ?? false
            )
            noun.isGroup = variable.group ?? false
            return noun
        }
    }
}

extension PlanBody.Repository {
    init(_ repository: PlannedRepository) {
        self.init(
            alias: repository.alias,
            type: repository.type,
            name: repository.name,
            ref: repository.ref.isEmpty ? nil : repository.ref,
            endpoint: repository.endpoint
        )
    }

    var noun: PlannedRepository {
        PlannedRepository(alias: alias, type: type, name: name, ref: ref ?? "", endpoint: endpoint)
    }
}

extension PlanBody.Pool {
    init(_ pool: PlannedPool) {
        self.init(
            name: pool.name.map { PlanBody.Text($0) },
            vmImage: pool.vmImage.map { PlanBody.Text($0) },
            demands: pool.demands.isEmpty ? nil : pool.demands.map { PlanBody.Text($0) },
            server: pool.isServer
        )
    }

    var noun: PlannedPool {
        var pool = PlannedPool(name: name?.noun, vmImage: vmImage?.noun, demands: (demands ?? []).map(\.noun))
        pool.isServer = server
        return pool
    }
}
