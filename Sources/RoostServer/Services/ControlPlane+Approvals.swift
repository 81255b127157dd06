import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    /// Approvals of all runs, also of those that ended long ago: the newest, oldest first.
    func approvals(_ query: ApprovalQuery) async throws(ControlError) -> [ApprovalView] {
        var views = approvals(in: query.project, run: query.run)
        // Only a run in memory can still wait.
        if query.states != [.pending] {
            let known = Set(views.map(\.check.id))
            views += try await storedApprovals(query).filter { !known.contains($0.check.id) }
        }
        let found = views.filter(query.isMet(by:)).sorted {
            ($0.run, $0.check.beganAt, $0.check.id) > ($1.run, $1.check.beganAt, $1.check.id)
        }
        return found.prefix(query.limit).reversed()
    }

    /// An approval, also of a run that has ended.
    func approval(_ id: CheckRunID) async throws(ControlError) -> ApprovalView {
        let inMemory = read { state in
            state.environments.checkpoint(withCheck: id).flatMap { state.approvalView($0.check, $0.checkpoint) }
        }
        if let inMemory { return inMemory }
        let stop = try await stored { store throws(StoreError) in try await store.checkpoint(withCheck: id) }
        guard let stop, let found = try await views([stop]).first(where: { $0.check.id == id }) else {
            throw .approvalNotFound(id.description)
        }
        return found
    }

    /// Stops of runs that are looked through for a list; somebody who wants an older one names it.
    private static let stopLimit = 5000

    private func storedApprovals(_ query: ApprovalQuery) async throws(ControlError) -> [ApprovalView] {
        if let ids = query.ids {
            var stops: [CheckpointID: Checkpoint] = [:]
            for id in ids {
                let stop = try await stored { store throws(StoreError) in try await store.checkpoint(withCheck: id) }
                if let stop { stops[stop.id] = stop }
            }
            return try await views(Array(stops.values))
        }
        let stops = try await stored { store throws(StoreError) in
            if let run = query.run { return try await store.checkpoints(of: run) }
            return try await store.checkpoints(limit: Self.stopLimit)
        }
        return try await views(stops)
    }

    /// The approvals of stops whose runs are still known.
    private func views(_ stops: [Checkpoint]) async throws(ControlError) -> [ApprovalView] {
        let stops = stops.filter { stop in stop.checks.contains { $0.approval != nil } }
        let ids = Array(Set(stops.map(\.run)))
        var runs: [RunID: Run] = [:]
        for start in stride(from: 0, to: ids.count, by: 1000) {
            let part = Array(ids[start..<min(start + 1000, ids.count)])
            let found = try await stored { store throws(StoreError) in
                try await store.runs(RunQuery(ids: part, limit: 1000))
            }
            for run in found { runs[run.id] = run }
        }
        return stops.flatMap { stop in
            stop.checks.compactMap { check in runs[stop.run].flatMap { ApprovalView(check, stop, of: $0) } }
        }
    }

    private func stored<Value>(
        _ body: (any Store) async throws(StoreError) -> Value
    ) async throws(ControlError) -> Value {
        do { return try await body(store) } catch { throw .storeUnavailable(error) }
    }
}

extension ApprovalQuery {
    func isMet(by view: ApprovalView) -> Bool {
        let approvers = view.check.approval?.approvers.map { $0.lowercased() } ?? []
        return (project == nil || project == view.project) && ids?.contains(view.check.id) ?? true
            && states?.contains(view.check.approvalStatus) ?? true && (run == nil || run == view.run)
            && self.approvers.map { !$0.isDisjoint(with: approvers) } ?? true
    }
}
