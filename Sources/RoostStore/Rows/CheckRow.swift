import FoundationEssentials
import RoostModel

/// A stored check of an environment.
struct CheckRow: StoredRow {
    struct Body: Codable {
        var kind: CheckKindBody
        var timeoutInMinutes: Int
        var createdAt: Double
        var createdBy: String
        var modifiedAt: Double
        var modifiedBy: String
        var version: Int
    }

    static let table = SQLTable("checks", columns: ["id", "environment_id", "body"])

    var id: Int
    var environment: Int
    var body: String

    var values: [SQLValue] { [.integer(id), .integer(environment), .text(body)] }

    init(_ check: Check, _ coding: BodyCoding) throws {
        id = check.id.rawValue
        environment = check.environment.rawValue
        body = try coding.encode(
            Body(
                kind: CheckKindBody(check.kind),
                timeoutInMinutes: check.timeoutInMinutes,
                createdAt: check.createdAt.timeIntervalSinceReferenceDate,
                createdBy: check.createdBy,
                modifiedAt: check.modifiedAt.timeIntervalSinceReferenceDate,
                modifiedBy: check.modifiedBy,
                version: check.version
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        environment = try columns.integer()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> Check {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        return Check(
            id: CheckID(id),
            environment: EnvironmentID(environment),
            kind: body.kind.noun,
            timeoutInMinutes: body.timeoutInMinutes,
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            createdBy: body.createdBy,
            modifiedAt: Date(timeIntervalSinceReferenceDate: body.modifiedAt),
            modifiedBy: body.modifiedBy,
            version: body.version
        )
    }
}

/// The stored shape of what a check asks for: exactly one part is there.
struct CheckKindBody: Codable {
    struct Approval: Codable {
        var approvers: [String]
        var minimumCount: Int?
        var inOrder: Bool?
        var instructions: String?
        var requesterMayNotApprove: Bool?
    }

    struct Hours: Codable {
        var days: [BusinessHours.Weekday]
        var opensAt: Int
        var closesAt: Int
        var minutesAheadOfUTC: Int?
    }

    struct Template: Codable {
        var repository: String?
        var ref: String?
        var path: String
    }

    var approval: Approval?
    var lock: Bool?
    var branches: [String]?
    var hours: Hours?
    var templates: [Template]?
    var permission: ProtectedResource?

    init(_ kind: CheckKind) {
        switch kind {
        case .approval(let policy):
            approval = Approval(
                approvers: policy.approvers,
                minimumCount: policy.minimumCount == 0 ? nil : policy.minimumCount,
                inOrder: policy.isInOrder ? true : nil,
                instructions: policy.instructions.isEmpty ? nil : policy.instructions,
                requesterMayNotApprove: policy.requesterMayApprove ? nil : true
            )
        case .exclusiveLock: lock = true
        case .permission(let resource): permission = resource
        case .branchControl(let control): branches = control.allowedBranches
        case .businessHours(let times):
            hours = Hours(
                days: BusinessHours.Weekday.allCases.filter(times.days.contains),
                opensAt: times.opensAt,
                closesAt: times.closesAt,
                minutesAheadOfUTC: times.minutesAheadOfUTC == 0 ? nil : times.minutesAheadOfUTC
            )
        case .requiredTemplate(let required):
            templates = required.map { template in
                Template(
                    repository: template.repository.isEmpty ? nil : template.repository,
                    ref: template.ref.isEmpty ? nil : template.ref,
                    path: template.path
                )
            }
        }
    }

    var noun: CheckKind {
        if let approval {
            return .approval(
                ApprovalPolicy(
                    approvers: approval.approvers,
                    minimumCount: approval.minimumCount ?? 0,
                    isInOrder: approval.inOrder ?? false,
                    instructions: approval.instructions ?? "",
                    requesterMayApprove: approval.requesterMayNotApprove != true
                )
            )
        }
        if let branches { return .branchControl(BranchControl(allowedBranches: branches)) }
        if let hours {
            return .businessHours(
                BusinessHours(
                    days: Set(hours.days),
                    opensAt: hours.opensAt,
                    closesAt: hours.closesAt,
                    minutesAheadOfUTC: hours.minutesAheadOfUTC ?? 0
                )
            )
        }
        if let permission { return .permission(permission) }
        guard let templates else { return .exclusiveLock }
        return .requiredTemplate(
            templates.map { RequiredTemplate(repository: $0.repository ?? "", ref: $0.ref ?? "", path: $0.path) }
        )
    }
}
