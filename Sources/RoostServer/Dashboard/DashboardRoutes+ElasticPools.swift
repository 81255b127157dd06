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
            var job: String
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
    }

    /// Nil for a pool whose agents people set up.
    func elasticPart(of pool: PoolID, _ t: Phrases) -> ElasticPart? {
        guard let (elastic, report) = try? plane.elasticReport(of: pool),
            let instances = try? plane.elasticInstances(of: pool)
        else { return nil }
        let now = Date()
        return ElasticPart(
            provider: elastic.provider,
            state: Self.mark(report.health),
            stateText: t["elastic.\(report.state == .active ? report.health.rawValue : report.state.rawValue)"],
            observed: report.observed,
            desired: report.desired,
            max: report.max,
            standby: report.standby,
            machines: instances.map { machineRow($0, now, t) },
            differences: report.differences.map { difference in
                ElasticPart.DifferenceRow(
                    sentence: difference.sentence,
                    age: difference.age.map { Self.span($0) },
                    next: difference.nextIn.map { Self.span($0) }
                )
            },
            images: imageRows(of: pool),
            hasImages: !elastic.settings.images.isEmpty
        )
    }

    private func machineRow(_ instance: ElasticInstance, _ now: Date, _ t: Phrases) -> ElasticPart.MachineRow {
        ElasticPart.MachineRow(
            number: instance.number,
            state: Self.mark(instance.phase),
            stateText: t["phase.\(instance.phase.rawValue)"],
            since: instance.since.ISO8601Format(),
            age: Self.span(.seconds(max(0, now.timeIntervalSince(instance.since)))),
            reason: instance.reason,
            image: instance.image.version,
            job: instance.jobs.map(\.description).joined(separator: ", ")
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
