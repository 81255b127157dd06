import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

/// Maintenance of pools: when, rounds of it, and what agents of Roost ask for and report.
///
/// A pool has one definition at most, number 1.
func addMaintenanceRoutes(to table: RouteTable) {
    let pool = "distributedtask/pools/{poolId}"
    addMaintenanceDefinitions(to: table, "\(pool)/maintenancedefinitions")
    addMaintenanceJobs(to: table, "\(pool)/maintenancejobs")
    let agent = "roost/pools/{poolId}/agents/{agentId}/maintenance"
    table.get(agent, access: .listener(.ownAgent)) { call in
        guard let found = try await call.plane.nextMaintenance(for: call.agentID(), in: call.poolID()) else {
            return call.nothing
        }
        return try call.answer(
            MaintenanceOrderWire(
                jobId: found.job.id,
                workingDirectoryExpirationInDays: found.settings.workspaceDays
            )
        )
    }
    table.put("\(agent)/{jobId}", access: .listener(.ownAgent)) { call in
        let told = try await call.decode(MaintenanceReportWire.self)
        try await call.plane.reportMaintenance(
            call.number("jobId"),
            by: call.agentID(),
            in: call.poolID(),
            freed: max(0, told.freedBytes),
            removed: max(0, told.removed),
            result: told.result.lowercased() == "succeeded" ? .succeeded : .failed,
            message: String(told.message.prefix(2000))
        )
        return call.nothing
    }
}

private func addMaintenanceDefinitions(to table: RouteTable, _ list: String) {
    table.get(list, access: .scope(.agentPools)) { call in
        let known = try call.plane.maintenance(of: call.poolID())
        return try call.list(known.map { [try call.view($0.settings)] } ?? [])
    }
    table.post(list, access: .scope(.agentPoolsManage)) { call in try await call.setMaintenance() }
    table.get("\(list)/{definitionId}", access: .scope(.agentPools)) { call in
        try call.answer(call.view(call.maintenance().settings))
    }
    table.put("\(list)/{definitionId}", access: .scope(.agentPoolsManage)) { call in
        _ = try call.maintenance()
        return try await call.setMaintenance()
    }
    table.delete("\(list)/{definitionId}", access: .scope(.agentPoolsManage)) { call in
        _ = try call.maintenance()
        try await call.plane.deleteMaintenance(of: call.poolID(), by: call.caller)
        return call.nothing
    }
}

private func addMaintenanceJobs(to table: RouteTable, _ list: String) {
    table.get(list, access: .scope(.agentPools)) { call in
        let jobs = try call.plane.maintenance(of: call.poolID())?.jobs ?? []
        return try call.list(jobs.reversed().map { try call.view($0) })
    }
    table.post(list, access: .scope(.agentPoolsManage)) { call in
        let job = try await call.plane.runMaintenance(of: call.poolID(), by: call.caller)
        return try call.answer(call.view(job))
    }
    table.get("\(list)/{jobId}", access: .scope(.agentPools)) { call in
        let id = try call.number("jobId")
        guard let job = try call.plane.maintenance(of: call.poolID())?.jobs.first(where: { $0.id == id }) else {
            throw ControlError.maintenanceNotFound(id)
        }
        return try call.answer(call.view(job))
    }
    table.patch("\(list)/{jobId}", access: .scope(.agentPoolsManage)) { call in
        let wanted = try await call.decode(PoolMaintenanceJobWire.self)
        guard wanted.status?.lowercased() == "cancelling" else {
            throw ControlError.invalid(
                what: "The change",
                problem: "only 'status' 'cancelling' can be given",
                advice: nil
            )
        }
        let job = try await call.plane.cancelMaintenance(call.number("jobId"), of: call.poolID(), by: call.caller)
        return try call.answer(call.view(job))
    }
}

extension Call {
    fileprivate func maintenance() throws -> MaintenanceState {
        guard let known = try plane.maintenance(of: poolID()), try number("definitionId") == 1 else {
            throw ControlError.maintenanceNotFound(nil)
        }
        return known
    }

    fileprivate func setMaintenance() async throws -> Response {
        let draft = try await decode(PoolMaintenanceDefinitionWire.self)
        let set = try await plane.setMaintenance(of: poolID(), by: caller) { settings throws(ControlError) in
            try settings.take(draft)
        }
        return try answer(view(set.settings))
    }

    fileprivate func view(_ settings: PoolMaintenance) throws -> PoolMaintenanceDefinitionWire {
        PoolMaintenanceDefinitionWire(
            id: 1,
            pool: try maintenancePool(),
            enabled: settings.isEnabled,
            jobTimeoutInMinutes: settings.timeoutMinutes,
            maxConcurrentAgentsPercentage: settings.agentsPercent,
            options: .init(workingDirectoryExpirationInDays: settings.workspaceDays),
            retentionPolicy: .init(numberOfHistoryRecordsToKeep: settings.history),
            scheduleSetting: .init(
                daysToBuild: settings.daysText,
                startHours: settings.startsAt / 60,
                startMinutes: settings.startsAt % 60,
                timeZoneId: BusinessHours(
                    days: [],
                    opensAt: 0,
                    closesAt: 0,
                    minutesAheadOfUTC: settings.minutesAheadOfUTC
                ).zone
            ),
            nextStart: settings.next(after: Date())
        )
    }

    private func maintenancePool() throws -> TaskAgentPoolReferenceWire {
        let pool = try plane.pool(poolID())
        return TaskAgentPoolReferenceWire(id: pool.id.rawValue, name: pool.name)
    }

    fileprivate func view(_ job: MaintenanceJob) throws -> PoolMaintenanceJobWire {
        PoolMaintenanceJobWire(
            jobId: job.id,
            definitionId: 1,
            pool: try maintenancePool(),
            status: job.status.rawValue,
            result: job.result?.rawValue,
            queueTime: job.queuedAt,
            startTime: job.targets.compactMap(\.startedAt).min(),
            finishTime: job.finishedAt,
            requestedBy: identity(job.requestedBy),
            errorCount: job.targets.count { $0.result == .failed },
            warningCount: job.targets.count { $0.result == .canceled },
            targetAgents: job.targets.map { target in
                PoolMaintenanceJobWire.Target(
                    jobId: job.id,
                    agent: TaskAgentReferenceWire(id: target.agent.rawValue, name: target.name),
                    status: target.status.rawValue,
                    result: target.result?.rawValue,
                    freedBytes: target.freed,
                    message: target.message.isEmpty ? nil : target.message
                )
            },
            freedBytes: job.freed
        )
    }
}

extension PoolMaintenance {
    /// `all`, `none`, or names of days with commas, from Monday on.
    var daysText: String {
        if days.count == 7 { return "all" }
        let week: [BusinessHours.Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday, .saturday, .sunday]
        return days.isEmpty ? "none" : week.filter(days.contains).map(\.rawValue).joined(separator: ", ")
    }

    /// Takes over what a definition gives.
    ///
    /// - Throws: ``ControlError/invalid(what:problem:advice:)``.
    mutating func take(_ draft: PoolMaintenanceDefinitionWire) throws(ControlError) {
        isEnabled = draft.enabled ?? isEnabled
        timeoutMinutes = try Self.number(draft.jobTimeoutInMinutes, 1...10_080, "jobTimeoutInMinutes") ?? timeoutMinutes
        agentsPercent =
            try Self.number(draft.maxConcurrentAgentsPercentage, 1...100, "maxConcurrentAgentsPercentage")
            ?? agentsPercent
        workspaceDays =
            try Self.number(
                draft.options?.workingDirectoryExpirationInDays,
                0...36_500,
                "workingDirectoryExpirationInDays"
            ) ?? workspaceDays
        history =
            try Self.number(
                draft.retentionPolicy?.numberOfHistoryRecordsToKeep,
                1...1000,
                "numberOfHistoryRecordsToKeep"
            )
            ?? history
        guard let schedule = draft.scheduleSetting else { return }
        if let text = schedule.daysToBuild { days = try Self.days(text) }
        let hours = try Self.number(schedule.startHours, 0...23, "startHours") ?? startsAt / 60
        let minutes = try Self.number(schedule.startMinutes, 0...59, "startMinutes") ?? startsAt % 60
        startsAt = hours * 60 + minutes
        guard let zone = schedule.timeZoneId else { return }
        guard let offset = BusinessHours.offset(zone) else {
            throw .invalid(
                what: "'timeZoneId'",
                problem: "'\(zone.prefix(60))' is not known",
                advice: "Give 'UTC' or a distance from it such as 'UTC+08:00'."
            )
        }
        minutesAheadOfUTC = offset
    }

    private static func number(
        _ value: Int?,
        _ range: ClosedRange<Int>,
        _ name: String
    ) throws(ControlError) -> Int? {
        guard let value else { return nil }
        guard range.contains(value) else {
            throw .invalid(
                what: "'\(name)'",
                problem: "\(value) is not possible",
                advice: "Give a number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return value
    }

    private static func days(_ text: String) throws(ControlError) -> Set<BusinessHours.Weekday> {
        let words = text.lowercased().split { $0 == "," || $0 == " " }.map(String.init)
        if words == ["all"] { return Set(BusinessHours.Weekday.allCases) }
        if words == ["none"] || words.isEmpty { return [] }
        // As numbers they are flags, from Monday on.
        if words.count == 1, let flags = Int(words[0]) {
            let week: [BusinessHours.Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday, .saturday, .sunday]
            return Set(week.enumerated().filter { flags & (1 << $0.offset) != 0 }.map(\.element))
        }
        var days: Set<BusinessHours.Weekday> = []
        for word in words {
            guard let day = BusinessHours.Weekday(rawValue: word) else {
                throw .invalid(
                    what: "'daysToBuild'",
                    problem: "'\(word.prefix(60))' is no day",
                    advice: "Give names such as 'monday, friday', 'all' or 'none'."
                )
            }
            days.insert(day)
        }
        return days
    }
}
