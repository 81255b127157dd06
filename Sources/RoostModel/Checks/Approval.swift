/// Why a person may not decide about an approval.
public enum ApprovalRefusal: Hashable, Sendable {
    case notAnApprover(among: [String])
    case askedForTheRun
    case decidedAlready
    /// Another comes first.
    case notYet(first: String)
    /// It has an outcome.
    case ended

    /// For people.
    public var sentence: String {
        switch self {
        case .notAnApprover(let approvers): "Only \(approvers.joined(separator: ", ")) may decide about it."
        case .askedForTheRun: "Who asked for the run may not approve it."
        case .decidedAlready: "You have decided about it already."
        case .notYet(let first): "The approvers are asked in order; \(first) comes first."
        case .ended: "It has been decided."
        }
    }
}

extension CheckRun {
    /// Its policy, when it is an approval.
    public var approval: ApprovalPolicy? {
        if case .approval(let policy) = kind { policy } else { nil }
    }

    /// Approvers who have not spoken, in order.
    public var openApprovers: [String] {
        guard let approval, outcome == nil else { return [] }
        return approval.approvers.filter { name in !decisions.contains { Self.isSame($0.by, name) } }
    }

    /// Why a user may not decide about it; nil when they may.
    ///
    /// - Parameters:
    ///   - user: name of the user.
    ///   - requester: who asked for the run.
    /// - Returns: the reason.
    public func refusal(of user: String, requester: String) -> ApprovalRefusal? {
        guard let approval, outcome == nil else { return .ended }
        guard approval.approvers.contains(where: { Self.isSame($0, user) }) else {
            return .notAnApprover(among: approval.approvers)
        }
        if !approval.requesterMayApprove, Self.isSame(user, requester) { return .askedForTheRun }
        if decisions.contains(where: { Self.isSame($0.by, user) }) { return .decidedAlready }
        if approval.isInOrder, let first = openApprovers.first, !Self.isSame(first, user) {
            return .notYet(first: first)
        }
        return nil
    }

    static func isSame(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }
}
