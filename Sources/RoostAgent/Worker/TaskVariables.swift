import FoundationEssentials
import RoostModel
import Synchronization

/// What `task.settaskvariable` set, by step: its parts before and after the job and its later tries see it.
final class TaskVariables: Sendable {
    private let values = Mutex<[UUID: [String: OutputVariable]]>([:])

    func of(_ step: UUID) -> [String: OutputVariable] { values.withLock { $0[step] ?? [:] } }

    func merge(_ new: [String: OutputVariable], of step: UUID) {
        guard !new.isEmpty else { return }
        values.withLock { $0[step, default: [:]].merge(new) { $1 } }
    }
}
