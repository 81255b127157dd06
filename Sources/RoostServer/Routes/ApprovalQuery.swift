import FoundationEssentials
import RoostModel

/// Which approvals a client asks for.
struct ApprovalQuery: Sendable {
    var project: ProjectID?
    /// Nil is all.
    var ids: Set<CheckRunID>?
    /// Nil is all.
    var states: Set<ApprovalStatus>?
    var run: RunID?
    /// Names of approvers, in small letters; nil is those of everybody.
    var approvers: Set<String>?
    var limit: Int

    /// Most that are answered.
    private static let limit = 1000

    /// Reads `approvalIds`, `state`, `runId`, `userIds`, `assignedTo` and `top`; `$expand` changes nothing, for all of it is answered.
    init(_ query: QueryValues, project: ProjectID?) throws {
        self.project = project
        ids = try query.list("approvalIds").map { try Set($0.map(Call.approvalID)) }
        run = try query.number("runId").map { RunID($0) }
        states = try query.list("state").flatMap(Self.states)
        let names = (query.list("userIds") ?? query.list("assignedTo"))?.map { name in
            name.lowercased().trimmingPrefix("user:")
        }
        approvers = names.map { Set($0.map(String.init)) }
        limit = min(max(try query.number("top") ?? query.number("$top") ?? Self.limit, 0), Self.limit)
    }

    /// Words, or the number that clients make of them; nil is all.
    private static func states(_ words: [String]) throws -> Set<ApprovalStatus>? {
        var states: Set<ApprovalStatus> = []
        for word in words {
            let text = word.lowercased()
            if ["all", "undefined", "0", "-1"].contains(text) { return nil }
            if text == "completed" {
                states.formUnion(ApprovalStatus.allCases.filter { $0 != .pending })
            } else if let number = Int(text) {
                states.formUnion(ApprovalStatus.allCases.filter { number & $0.flag != 0 })
            } else if let state = ApprovalStatus.allCases.first(where: { $0.rawValue.lowercased() == text }) {
                states.insert(state)
            } else {
                let known = (ApprovalStatus.allCases.map(\.rawValue) + ["completed", "all"]).joined(separator: ", ")
                throw RequestProblem.badParameter(name: "state", value: word, expected: "one of \(known)")
            }
        }
        return states
    }
}

/// What became of an approval, as the API says it.
enum ApprovalStatus: String, Hashable, Sendable, CaseIterable {
    case pending, approved, rejected, canceled, timedOut

    /// The bit by which clients name it.
    var flag: Int {
        switch self {
        case .pending: 2
        case .approved: 4
        case .rejected: 8
        case .canceled: 32
        case .timedOut: 64
        }
    }
}

extension CheckRun {
    var approvalStatus: ApprovalStatus {
        switch outcome {
        case nil: .pending
        case .passed: .approved
        case .failed: .rejected
        case .timedOut: .timedOut
        case .dropped: .canceled
        }
    }
}
