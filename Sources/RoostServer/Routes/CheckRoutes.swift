import FoundationEssentials
import RoostModel
import RoostWire

/// Checks of environments.
func addCheckRoutes(to table: RouteTable) {
    let base = "pipelines/checks/configurations"
    let read = RouteAccess.scope(.build, .project)
    let manage = RouteAccess.scope(.projectManage)
    table.get(base, .service(.required), access: read) { call in
        let environment = try call.checkedEnvironment(type: call.query["resourceType"], id: call.query["resourceId"])
        return try call.list(call.plane.checks(of: environment.id).map { call.view($0, of: environment) })
    }
    table.post("pipelines/checks/queryconfigurations", .service(.required), access: read) { call in
        var found: [CheckConfigurationWire] = []
        for resource in try await call.decodeList(CheckConfigurationWire.Resource.self) {
            let environment = try call.checkedEnvironment(type: resource.type, id: resource.id ?? resource.name)
            found += call.plane.checks(of: environment.id).map { call.view($0, of: environment) }
        }
        return try call.list(found)
    }
    table.post(base, .service(.required), access: manage) { call in
        let draft = try await call.decode(CheckConfigurationWire.self)
        let environment = try call.checkedEnvironment(
            type: draft.resource?.type,
            id: draft.resource?.id ?? draft.resource?.name
        )
        let check = try await call.plane.createCheck(
            call.kind(draft),
            on: environment.id,
            timeoutInMinutes: draft.timeout ?? Check.defaultTimeout,
            by: call.caller
        )
        return try call.answer(call.view(check, of: environment))
    }
    table.get("\(base)/{checkId}", .service(.required), access: read) { call in
        let (check, environment) = try call.check()
        return try call.answer(call.view(check, of: environment))
    }
    table.patch("\(base)/{checkId}", .service(.required), access: manage) { call in
        let (check, environment) = try call.check()
        var draft = try await call.decode(CheckConfigurationWire.self)
        if draft.type == nil { draft.type = check.kind.wireKind }
        let changed = try await call.plane.updateCheck(
            check.id,
            kind: draft.settings == nil ? nil : call.kind(draft),
            timeoutInMinutes: draft.timeout,
            by: call.caller
        )
        return try call.answer(call.view(changed, of: environment))
    }
    table.delete("\(base)/{checkId}", .service(.required), access: manage) { call in
        try await call.plane.deleteCheck(call.check().0.id, by: call.caller)
        return call.nothing
    }
}

extension Call {
    /// The environment a check protects; other kinds of resources have no checks.
    fileprivate func checkedEnvironment(type: String?, id: String?) throws -> DeploymentEnvironment {
        guard let type, type.lowercased() == "environment" else {
            throw RequestProblem.malformed(
                place: "resource.type",
                problem: "only resources of the type 'environment' have checks, and it is '\(type ?? "")'"
            )
        }
        guard let id, !id.isEmpty else {
            throw RequestProblem.malformed(place: "resource.id", problem: "the number of an environment was expected")
        }
        return try plane.environment(id, in: requiredProject().id)
    }

    /// The check that the path names, and the environment it protects, which must be the project's.
    fileprivate func check() throws -> (Check, DeploymentEnvironment) {
        let check = try plane.check(CheckID(number("checkId")))
        guard let environment = try? plane.environment(check.environment.description, in: requiredProject().id) else {
            throw ControlError.checkNotFound(check.id.description)
        }
        return (check, environment)
    }

    fileprivate func view(_ check: Check, of environment: DeploymentEnvironment) -> CheckConfigurationWire {
        CheckConfigurationWire(
            id: check.id.rawValue,
            version: check.version,
            type: check.kind.wireKind,
            settings: settings(check.kind),
            resource: .init(type: "environment", id: environment.id.description, name: environment.name),
            timeout: check.timeoutInMinutes,
            createdBy: identity(check.createdBy),
            createdOn: check.createdAt,
            modifiedBy: identity(check.modifiedBy),
            modifiedOn: check.modifiedAt,
            url: "\(services.address)_apis/pipelines/checks/configurations/\(check.id)"
        )
    }

    private func settings(_ kind: CheckKind) -> CheckSettingsWire? {
        switch kind {
        case .approval(let policy):
            CheckSettingsWire(
                approvers: policy.approvers.map { identity("user:\($0)") },
                executionOrder: policy.isInOrder ? .inSequence : .anyOrder,
                minRequiredApprovers: policy.minimumCount,
                instructions: policy.instructions,
                requesterCannotBeApprover: !policy.requesterMayApprove
            )
        case .exclusiveLock, .permission: nil
        case .branchControl(let control):
            CheckSettingsWire(
                displayName: kind.title,
                definitionRef: CheckTask.branchControl.reference,
                inputs: [
                    "allowedBranches": control.allowedBranches.joined(separator: ","),
                    "ensureProtectionOfBranch": "false", "allowUnknownStatusBranch": "true",
                ]
            )
        case .businessHours(let hours):
            CheckSettingsWire(
                displayName: kind.title,
                definitionRef: CheckTask.businessHours.reference,
                inputs: [
                    "businessDays": BusinessHours.Weekday.allCases.filter(hours.days.contains)
                        .map { $0.rawValue.prefix(1).uppercased() + $0.rawValue.dropFirst() }.joined(separator: ", "),
                    "startTime": BusinessHours.time(hours.opensAt),
                    "endTime": BusinessHours.time(hours.closesAt),
                    "timeZone": hours.zone,
                ]
            )
        case .requiredTemplate(let templates):
            CheckSettingsWire(
                extendsChecks: templates.map { template in
                    .init(
                        repositoryType: "git",
                        repositoryName: template.repository,
                        repositoryRef: template.ref,
                        templatePath: template.path
                    )
                }
            )
        }
    }

    /// What a client asks for.
    fileprivate func kind(_ draft: CheckConfigurationWire) throws -> CheckKind {
        let settings = draft.settings ?? CheckSettingsWire()
        switch try CheckTypeWire(draft.type) {
        case .exclusiveLock: return .exclusiveLock
        case .approval:
            return .approval(
                ApprovalPolicy(
                    approvers: try (settings.approvers ?? []).map(userName),
                    minimumCount: settings.minRequiredApprovers ?? 0,
                    isInOrder: settings.executionOrder == .inSequence,
                    instructions: settings.instructions ?? "",
                    requesterMayApprove: settings.requesterCannotBeApprover != true
                )
            )
        case .extends:
            return .requiredTemplate(
                (settings.extendsChecks ?? []).map { template in
                    RequiredTemplate(
                        repository: template.repositoryName ?? "",
                        ref: template.repositoryRef ?? "",
                        path: template.templatePath ?? ""
                    )
                }
            )
        case .task: return try CheckTask.kind(settings)
        }
    }

    /// The user an identity means: by its name, or by an id that the server gave out.
    private func userName(_ identity: IdentityWire) throws -> String {
        if let name = identity.uniqueName ?? identity.displayName, !name.isEmpty { return name }
        let users = Set(plane.tokens(of: nil).map(\.user))
        if let id = identity.id?.lowercased(), let user = users.first(where: { self.identity("user:\($0)").id == id }) {
            return user
        }
        throw RequestProblem.malformed(
            place: "settings.approvers",
            problem: "there is no user with the id '\(identity.id ?? "")'; give 'displayName' with the user's name"
        )
    }
}

/// The kinds of checks by the ids clients know.
private enum CheckTypeWire: String, CaseIterable {
    case approval = "8c6f20a7-a545-4486-9777-f762fafe0d4d"
    case exclusiveLock = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563"
    case extends = "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3"
    case task = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7"

    var name: String {
        switch self {
        case .approval: "Approval"
        case .exclusiveLock: "ExclusiveLock"
        case .extends: "ExtendsCheck"
        case .task: "Task Check"
        }
    }

    init(_ kind: CheckConfigurationWire.Kind?) throws {
        let id = kind?.id?.uuidString.lowercased()
        let name = kind?.name?.lowercased().replacing(" ", with: "")
        let found = Self.allCases.first { type in
            type.rawValue == id || name == type.name.lowercased().replacing(" ", with: "")
        }
        guard let found else {
            let known = Self.allCases.map { "'\($0.name)'" }.joined(separator: ", ")
            throw RequestProblem.malformed(
                place: "type",
                problem: "there is no check of the kind '\(kind?.name ?? id ?? "")'; known are \(known)"
            )
        }
        self = found
    }
}

extension CheckKind {
    fileprivate var wireKind: CheckConfigurationWire.Kind {
        let type: CheckTypeWire =
            switch self {
            case .approval: .approval
            case .exclusiveLock: .exclusiveLock
            case .requiredTemplate: .extends
            // Permissions are never configured as checks.
            case .branchControl, .businessHours, .permission: .task
            }
        return .init(id: UUID(uuidString: type.rawValue), name: type.name)
    }
}

/// Checks that Azure DevOps has a task judge.
private enum CheckTask: String, CaseIterable {
    case branchControl = "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b"
    case businessHours = "445fde2f-6c39-441c-807f-8a59ff2e075f"

    var name: String {
        switch self {
        case .branchControl: "evaluatebranchProtection"
        case .businessHours: "evaluateBusinessHours"
        }
    }

    var reference: CheckSettingsWire.Definition {
        .init(id: UUID(uuidString: rawValue), name: name, version: "0.0.1")
    }

    static func kind(_ settings: CheckSettingsWire) throws -> CheckKind {
        let id = settings.definitionRef?.id?.uuidString.lowercased()
        let name = settings.definitionRef?.name?.lowercased()
        let inputs = settings.inputs ?? [:]
        switch allCases.first(where: { $0.rawValue == id || $0.name.lowercased() == name }) {
        case .branchControl:
            let branches = (inputs["allowedBranches"] ?? "").split { $0 == "," || $0 == " " }.map(String.init)
            return .branchControl(BranchControl(allowedBranches: branches))
        case .businessHours: return .businessHours(try hours(inputs))
        case nil:
            throw RequestProblem.malformed(
                place: "settings.definitionRef",
                problem: "the task '\(settings.definitionRef?.name ?? id ?? "")' is not one of "
                    + allCases.map { "'\($0.name)'" }.joined(separator: ", ")
            )
        }
    }

    private static func hours(_ inputs: [String: String]) throws -> BusinessHours {
        func input(_ name: String) -> String { inputs[name] ?? "" }
        func problem(_ name: String, _ expected: String) -> RequestProblem {
            .malformed(place: "settings.inputs.\(name)", problem: "'\(input(name))' is not \(expected)")
        }
        let words = input("businessDays").split { $0 == "," || $0 == " " }.map { $0.lowercased() }
        let days = words.compactMap(BusinessHours.Weekday.init(rawValue:))
        guard days.count == words.count else { throw problem("businessDays", "a list of days such as Monday, Friday") }
        guard let start = BusinessHours.minutes(input("startTime")) else {
            throw problem("startTime", "a time like 09:00")
        }
        guard let end = BusinessHours.minutes(input("endTime")) else { throw problem("endTime", "a time like 17:00") }
        let zone = inputs["timeZone"] ?? "UTC"
        guard let offset = BusinessHours.offset(zone) else {
            throw problem("timeZone", "UTC or a distance like UTC+08:00")
        }
        return BusinessHours(days: Set(days), opensAt: start, closesAt: end, minutesAheadOfUTC: offset)
    }
}
