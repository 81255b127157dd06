import FoundationEssentials
import RoostModel
import RoostWire

extension DashboardRoutes {
    /// What the page of an elastic pool says besides its agents.
    struct ElasticPart {
        struct MachineRow {
            var number: Int
            var state: String
            var stateText: String
            var since: String
            var age: String
            var reason: String
            var image: String
            /// Its job, and the run of it.
            var job: String?
            var run: Int?
            /// The last failure, or what a person asked for.
            var note: String?
            /// What the person may ask for.
            var actions: [Action]
        }

        /// A button.
        struct Action {
            var path: String
            var text: String
            var isDangerous = false
        }

        struct LogRow {
            var at: String
            var age: String
            /// Nil for what is as it should be.
            var level: String?
            var machine: String
            var message: String
        }

        struct DifferenceRow {
            var sentence: String
            var age: String?
            var next: String?
        }

        struct ImageRow {
            var name: String
            var wanted: String
            var candidate: String?
            var withdrawn: [String]
            var problem: String?
            var machines: String
        }

        var provider: String
        var state: String
        var stateText: String
        var observed: Int
        var desired: Int
        var max: Int
        var standby: Int
        var machines: [MachineRow]
        var differences: [DifferenceRow]
        var images: [ImageRow]
        var hasImages: Bool
        var actions: [Action]
        var logs: [LogRow]
    }

    /// Nil for a pool whose agents people set up.
    func elasticPart(of pool: PoolID, _ request: DashboardRequest) async -> ElasticPart? {
        guard let (elastic, report) = try? plane.elasticReport(of: pool),
            let instances = try? plane.elasticInstances(of: pool)
        else { return nil }
        let t = request.phrases
        let manages = manages(.pool(pool), request)
        let logs = (try? await plane.elasticLogs(of: pool, limit: Self.shownLogs)) ?? []
        let now = Date()
        return ElasticPart(
            provider: elastic.provider,
            state: Self.mark(report.health),
            stateText: t["elastic.\(report.state == .active ? report.health.rawValue : report.state.rawValue)"],
            observed: report.observed,
            desired: report.desired,
            max: report.max,
            standby: report.standby,
            machines: instances.map { machineRow($0, now, t, manages: manages) },
            differences: report.differences.map { difference in
                ElasticPart.DifferenceRow(
                    sentence: difference.sentence,
                    age: difference.age.map { Self.span($0) },
                    next: difference.nextIn.map { Self.span($0) }
                )
            },
            images: imageRows(of: pool),
            hasImages: !elastic.settings.images.isEmpty,
            actions: manages ? actions(of: elastic, t) : [],
            logs: logs.map { logRow($0, now) }
        )
    }

    /// A page tells what happened last; 'roost pool log' tells all.
    private static let shownLogs = 20

    private func actions(of pool: ElasticPool, _ t: Phrases) -> [ElasticPart.Action] {
        let words: [String] =
            switch pool.state {
            case .active: ["pause", "drain"]
            case .paused: ["resume", "drain"]
            case .draining: ["resume"]
            case .deleting: []
            }
        return words.map { .init(path: "/pools/\(pool.pool)/\($0)", text: t["elastic.do.\($0)"]) }
    }

    private func actions(of instance: ElasticInstance, _ t: Phrases) -> [ElasticPart.Action] {
        let words: [String] =
            switch instance.phase {
            case .idle, .busy: ["reimage", "delete"]
            case .planned, .creating, .booting, .used, .recycling, .saved: ["delete"]
            case .deleting, .gone: []
            }
        return words.map { word in
            .init(
                path: "/pools/\(instance.pool)/machines/\(instance.number)/\(word)",
                text: t["machine.do.\(word)"],
                isDangerous: word == "delete"
            )
        }
    }

    private func logRow(_ log: ElasticPoolLog, _ now: Date) -> ElasticPart.LogRow {
        ElasticPart.LogRow(
            at: log.at.ISO8601Format(),
            age: Self.span(.seconds(max(0, now.timeIntervalSince(log.at)))),
            level: log.level == .error ? "failed" : log.level == .warning ? "queued" : nil,
            machine: log.instance.map { "\($0)" } ?? "–",
            message: log.message
        )
    }

    /// What went wrong last, or what waits for the job's end.
    private func note(on instance: ElasticInstance, _ t: Phrases) -> String? {
        if let wish = instance.wish { return "\(t["machine.wish.\(wish.kind.rawValue)"]): \(wish.by)" }
        return instance.lastFailure
    }

    private func machineRow(
        _ instance: ElasticInstance,
        _ now: Date,
        _ t: Phrases,
        manages: Bool
    ) -> ElasticPart.MachineRow {
        let assigned = instance.agents.lazy.compactMap { try? plane.agent($0, in: instance.pool).assigned }.first
        return ElasticPart.MachineRow(
            number: instance.number,
            state: Self.mark(instance.phase),
            stateText: t["phase.\(instance.phase.rawValue)"],
            since: instance.since.ISO8601Format(),
            age: Self.span(.seconds(max(0, now.timeIntervalSince(instance.since)))),
            reason: instance.reason,
            image: instance.image.version,
            job: assigned?.displayName,
            run: assigned?.run.rawValue,
            note: note(on: instance, t),
            actions: manages && instance.wish == nil ? actions(of: instance, t) : []
        )
    }

    private func imageRows(of pool: PoolID) -> [ElasticPart.ImageRow] {
        plane.read { state in state.elastic[pool].map { state.standing(of: $0) } ?? [] }.map { image in
            ElasticPart.ImageRow(
                name: image.name,
                wanted: image.wanted ?? "–",
                candidate: image.candidate,
                withdrawn: image.withdrawn,
                problem: image.wanted == nil ? image.problem : nil,
                machines: image.machines.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                    .joined(separator: ", ")
            )
        }
    }

    /// The class that gives a phase its colour, as those of agents and runs.
    private static func mark(_ phase: ElasticPhase) -> String {
        switch phase {
        case .idle: "online"
        case .busy: "busy"
        case .saved: "disabled"
        case .planned, .creating, .booting, .recycling: "queued"
        case .used, .deleting, .gone: "offline"
        }
    }

    private static func mark(_ health: ElasticPoolReport.Health) -> String {
        switch health {
        case .online, .new: "online"
        case .offline: "disabled"
        case .unhealthy: "failed"
        }
    }

    private static func span(_ time: Duration) -> String {
        let seconds = time.components.seconds
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min"
        default: return "\(seconds / 3600) h"
        }
    }
}
