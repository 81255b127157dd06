import RoostLanguage
import RoostWire

/// Which steps' logs are wanted.
struct StepFilter: Sendable {
    /// Name of a job, as shown or as the file has it.
    var job: String?
    /// Name of a step, as shown or as the file has it.
    var step: String?

    func wants(_ step: TimelineTree.Step) -> Bool {
        Self.matches(job, step.job) && Self.matches(self.step, step.record)
    }

    private static func matches(_ wanted: String?, _ record: TimelineRecordWire?) -> Bool {
        guard let wanted = wanted?.lowercased() else { return true }
        guard let record else { return false }
        if record.name?.lowercased() == wanted || record.refName?.lowercased() == wanted { return true }
        guard let identifier = record.identifier?.lowercased() else { return false }
        // `Stage.Job.Leg`: by the whole, by the job, or by job and leg.
        let parts = identifier.split(separator: ".").map(String.init)
        return identifier == wanted || parts.dropFirst().first == wanted
            || parts.dropFirst().joined(separator: ".") == wanted
    }

    /// What to say when no step is wanted; nil when there is one, or nothing was asked for.
    func failure(among steps: [TimelineTree.Step], run: Int) -> CommandFailure? {
        guard job != nil || step != nil, !steps.contains(where: wants) else { return nil }
        let list = "roost run show \(run)"
        if let job, !steps.contains(where: { Self.matches(job, $0.job) }) {
            let names = steps.compactMap(\.job?.name)
            return .notFound(kind: "job", name: job, near: nearName(job, among: names), list: list)
        }
        let names = steps.filter { Self.matches(job, $0.job) }.compactMap(\.record.name)
        return .notFound(kind: "step", name: step ?? "", near: nearName(step ?? "", among: names), list: list)
    }
}
