import RoostModel
import Synchronization

/// Plans that were read lately, by their text: the runs of a list mostly share a few.
final class DecodedPlans: Sendable {
    private let plans = Mutex<[String: RunPlan]>([:])
    /// Enough for the pipelines of one page of runs.
    private let limit = 64

    /// The plan of a text.
    func plan(_ text: String, decode: (String) throws -> RunPlan) rethrows -> RunPlan {
        if let plan = plans.withLock({ $0[text] }) { return plan }
        let plan = try decode(text)
        plans.withLock { plans in
            if plans.count >= limit { plans.removeAll(keepingCapacity: true) }
            plans[text] = plan
        }
        return plan
    }
}
