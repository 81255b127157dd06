import RoostModel

extension ScalingAction {
    /// As the table of worked examples has it; the job of machine 1 is called a.
    var text: String {
        switch self {
        case .create(let number, _, let reason): "create \(number) (\(reason.text))"
        case .cancel(let number, let reason): "cancel \(number) (\(reason.text))"
        case .adopt(let number, let machine): "adopt \(number) (\(machine))"
        case .destroy(let machine, let reason): "destroy \(machine) (\(reason.text))"
        case .forget(let number, let reason): "forget \(number) (\(reason.text))"
        case .fence(let number, let reason): "fence \(number) (\(reason.text))"
        case .loseJob(let job, _, let reason):
            "loseJob \(job.rawValue < 27 ? String("abcdefghijklmnopqrstuvwxyz".dropFirst(job.rawValue - 1).prefix(1)) : "\(job)") (\(reason.text))"
        case .save(let number, let reason): "save \(number) (\(reason.text))"
        case .reimage(let number, let reason): "reimage \(number) (\(reason.text))"
        case .delete(let number, let reason): "delete \(number) (\(reason.text))"
        case .retry(let number, let phase): "retry \(number) (\(phase.rawValue))"
        case .explain(let shortage):
            "explain \(shortage.count) (\(shortage.jobs.isEmpty ? "standby" : "jobs"): \(shortage.obstacle.text))"
        }
    }
}

extension [ScalingAction] {
    var text: String { isEmpty ? "none" : map(\.text).joined(separator: " · ") }
}
