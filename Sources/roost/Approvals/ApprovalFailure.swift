import RoostModel

/// Why no approval could be chosen.
enum ApprovalFailure: UserFacingError {
    case notAnID(String)
    /// The run waits for approvals, none of which the user may decide about now.
    case mayNotDecide(run: String, reason: String)
    case several(run: String, ids: [String])

    var code: String {
        switch self {
        case .notAnID: "approval.bad-id"
        case .mayNotDecide: "approval.refused"
        case .several: "approval.ambiguous"
        }
    }

    var summary: String {
        switch self {
        case .notAnID(let text): "'\(text)' is neither the id of an approval nor the number of a run."
        case .mayNotDecide(let run, let reason): "You may not decide about the approval of run \(run): \(reason)"
        case .several(let run, let ids): "Run \(run) waits for \(ids.count) approvals that you may decide about."
        }
    }

    var location: String? { nil }

    var advice: String? {
        switch self {
        case .notAnID: "List those that wait with 'roost approval list'."
        case .mayNotDecide: "Ask one of the approvers, or see 'roost approval list'."
        case .several(_, let ids): "Name one of \(ids.joined(separator: ", "))."
        }
    }
}
