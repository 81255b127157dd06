/// Tells people of a pool, from the very values that decide about it.
///
/// - Parameters:
///   - snapshot: what is known.
///   - plan: made of it, whether it was carried out yet or not.
/// - Returns: the report.
public func reportElasticPool(_ snapshot: ScalingSnapshot, _ plan: ScalingPlan) -> ElasticPoolReport {
    ReportDraft(snapshot: snapshot, plan: plan).report
}

/// A report that is being made.
struct ReportDraft {
    let snapshot: ScalingSnapshot
    let plan: ScalingPlan
    /// For its questions about images only.
    private let draft: ScalingDraft

    init(snapshot: ScalingSnapshot, plan: ScalingPlan) {
        self.snapshot = snapshot
        self.plan = plan
        draft = ScalingDraft(snapshot)
    }

    var rows: [InstanceFacts] { draft.rows }
    var policy: ScalingPolicy { snapshot.policy }

    var report: ElasticPoolReport {
        ElasticPoolReport(
            state: snapshot.state,
            health: health,
            max: policy.max,
            ceiling: policy.ceiling,
            standby: standby,
            desired: desired,
            observed: rows.count { $0.phase.isSupply || $0.phase == .busy },
            counts: counts,
            versions: versions,
            differences: poolDifferences + rows.compactMap(difference),
            jobs: waiting
        )
    }

    private var standby: Int { snapshot.images.reduce(0) { $0 + $1.standby } }
    private var busy: Int { rows.count { $0.phase == .busy } }

    private var desired: Int {
        guard snapshot.state == .active else {
            return snapshot.state == .paused ? rows.count { $0.phase.isSupply || $0.phase == .busy } : busy
        }
        return max(busy, min(policy.max, busy + (snapshot.waiting.count + standby).dividedUp(by: policy.slots)))
    }

    private var health: ElasticPoolReport.Health {
        if shortages.contains(where: \.obstacle.isTrouble) { return .unhealthy }
        if snapshot.state != .active { return .offline }
        return rows.isEmpty && snapshot.nextNumber == 1 ? .new : .online
    }

    var shortages: [ScalingShortage] {
        plan.actions.compactMap { if case .explain(let shortage) = $0 { shortage } else { nil } }
    }

    private var counts: [ElasticPoolReport.Count] {
        ElasticPhase.allCases.compactMap { phase in
            let machines = rows.count { $0.phase == phase }
            return machines == 0 ? nil : ElasticPoolReport.Count(phase: phase, machines: machines)
        }
    }

    private var versions: [ElasticPoolReport.Version] {
        let grouped = Dictionary(grouping: rows, by: \.image)
        let versions = grouped.map { image, rows in
            ElasticPoolReport.Version(image: image, standing: standing(of: rows[0]), machines: rows.count)
        }
        return versions.sorted { left, right in
            (left.image.name, left.image.version, left.image.digest)
                < (right.image.name, right.image.version, right.image.digest)
        }
    }

    private func standing(of row: InstanceFacts) -> ElasticPoolReport.Version.Standing {
        if draft.isWithdrawn(row) { return .withdrawn }
        if draft.isCandidate(row) { return .candidate }
        return draft.isCurrent(row) ? .wanted : .old
    }

    private var waiting: [ElasticPoolReport.Waiting] {
        snapshot.waiting.sorted { $0.request < $1.request }.map { job in
            let prospect = plan.prospects[job.request]
            let sentence = prospect?.sentence ?? "The pool has not looked at it yet."
            return ElasticPoolReport.Waiting(request: job.request, sentence: sentence)
        }
    }

    func isTooOld(_ row: InstanceFacts) -> Bool { draft.isTooOld(row) }
    func isStale(_ row: InstanceFacts) -> Bool { draft.isStale(row) }
    func isAwaited(_ row: InstanceFacts) -> Bool { draft.isAwaited(row) }
    func isCurrent(_ row: InstanceFacts) -> Bool { draft.isCurrent(row) }
}
