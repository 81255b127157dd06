import FoundationEssentials
import RoostModel
import RoostPipeline
import Synchronization

/// Compiled pipelines by what went into them: a run of a commit that ran before is not compiled again.
final class PlanCache: Sendable {
    struct Key: Hashable, Sendable {
        var repository: String
        var commit: String
        var path: String
        var text: String?
        var variables: [String: String]
        var parameters: [String: String]
        /// Of the library of tasks, to whose versions a plan is pinned.
        var tasks: UUID
    }

    /// A plan and the files it was made of.
    struct Entry: Sendable {
        var plan: RunPlan
        var files: [String]
        var triggers: PipelineTriggers
    }

    /// Enough for the pipelines that run all day; each holds one plan.
    private static let capacity = 256
    private struct State {
        var plans: [Key: Entry] = [:]
        var order: [Key] = []
    }
    private let state = Mutex(State())

    func plan(_ key: Key) -> Entry? { state.withLock { $0.plans[key] } }

    func store(_ plan: Entry, for key: Key) {
        state.withLock { state in
            guard state.plans.updateValue(plan, forKey: key) == nil else { return }
            state.order.append(key)
            if state.order.count > Self.capacity { state.plans[state.order.removeFirst()] = nil }
        }
    }
}
