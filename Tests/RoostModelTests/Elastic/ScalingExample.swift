import Foundation
import RoostModel
import Testing

/// A row of the table of worked examples in `docs/elastic-pools.md`.
struct ScalingExample: CustomTestStringConvertible, Sendable {
    struct Unreadable: Error { var text: String }

    var number: Int
    var name: String
    var snapshot: ScalingSnapshot
    /// As the page has them.
    var actions: String

    var testDescription: String { "\(number) \(name)" }

    static let all: [ScalingExample] = {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/elastic-pools.md")
        guard let text = try? String(contentsOf: page, encoding: .utf8) else { return [] }
        let lines = text.split(separator: "\n").drop { !$0.hasPrefix("## Worked examples") }
        return lines.filter { $0.hasPrefix("|") }.dropFirst(2).compactMap { try? ScalingExample(line: String($0)) }
    }()

    /// Reads `| 7 | three idle, 30 min | 1:idle@1800 | 0 | standby=0; 1.silent=True | delete 2 (excess idle) |`.
    init(line: String) throws {
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count == 6, let number = Int(cells[0]), let waiting = Int(cells[3]) else {
            throw Unreadable(text: line)
        }
        (self.number, name, actions) = (number, cells[1], cells[5])
        snapshot = ScalingSnapshot(
            pool: PoolID(1),
            policy: ScalingPolicy(max: 4),
            images: [Self.image("v1")],
            waiting: (0..<waiting).map { WaitingJob(RequestID(100 + $0)) },
            instances: try cells[2].split(separator: " ").filter { $0 != "–" }.map { try Self.instance($0) }
        )
        for setting in cells[4].split(whereSeparator: { $0 == ";" }).map(String.init) where setting != "–" {
            try read(setting.trimmingCharacters(in: .whitespaces))
        }
    }

    static func version(_ name: String) -> ElasticInstance.Image { ElasticInstance.Image(version: name, digest: name) }

    static func image(_ name: String, standby: Int = 2) -> ScalingImage {
        ScalingImage(standby: standby, wanted: ScalingVersion(version(name)))
    }

    /// Reads `3:idle@600/v2`.
    private static func instance(_ text: Substring) throws -> InstanceFacts {
        let parts = text.split(separator: "/")
        let fields = parts[0].split { $0 == ":" || $0 == "@" }
        guard let number = Int(fields[0]), let phase = ElasticPhase(rawValue: String(fields[1])) else {
            throw Unreadable(text: String(text))
        }
        let version = parts.count > 1 ? String(parts[1]) : "v1"
        return InstanceFacts(
            number,
            phase,
            age: .seconds(fields.count > 2 ? Int(fields[2]) ?? 0 : 0),
            image: Self.version(version),
            providerID: phase == .planned || phase == .creating ? nil : "p\(number)",
            jobs: phase == .busy ? [RequestID(number)] : []
        )
    }

    /// Reads one setting, or several that stand behind each other.
    private mutating func read(_ text: String) throws {
        if text.hasPrefix("listed ") {
            snapshot.listing = try text.dropFirst(7).split(separator: ",").map(Self.machine)
            return
        }
        if text == "listing unknown" { return }
        for pair in text.split(separator: " ") {
            let sides = pair.split(separator: "=").map(String.init)
            guard sides.count == 2 else { throw Unreadable(text: text) }
            try set(sides[0], sides[1])
        }
    }

    private static func machine(_ text: Substring) throws -> ListedMachine {
        let sides = text.split(separator: "→")
        let hasEnded = text.hasSuffix("!")
        guard sides.count == 2, let number = Int(hasEnded ? sides[1].dropLast() : sides[1]) else {
            throw Unreadable(text: String(text))
        }
        let tag = MachineTag(server: UUID(), pool: PoolID(1), instance: number)
        return ListedMachine(id: String(sides[0]), tag: tag, state: hasEnded ? .stopped : .running)
    }

    private mutating func set(_ name: String, _ value: String) throws {
        let number = Int(value)
        switch name {
        case "standby": snapshot.images[0].standby = number ?? -1
        case "maxSaved": snapshot.policy.maxSaved = number ?? -1
        case "failures": snapshot.provider.failures = number ?? -1
        case "backoff": snapshot.provider.backoff = .seconds(number ?? -1)
        case "retryIn": snapshot.provider.retryIn = .seconds(number ?? -1)
        case "bootDeadline": snapshot.policy.bootDeadline = .seconds(number ?? -1)
        case "slots": snapshot.policy.slots = number ?? -1
        case "quotaRoom": snapshot.provider.quotaRoom = number
        case "certain": snapshot.provider.endsAreCertain = value == "True"
        case "settling": snapshot.settling = .seconds(30)
        case "image": snapshot.images[0].wanted = Self.image(value).wanted
        case "pool": snapshot.state = try ElasticPool.State(rawValue: value) ?? { throw Unreadable(text: value) }()
        default: try setInstance(name, value)
        }
    }

    private mutating func setInstance(_ name: String, _ value: String) throws {
        let parts = name.split(separator: ".")
        guard parts.count == 2, let index = snapshot.instances.firstIndex(where: { String($0.number) == parts[0] })
        else { throw Unreadable(text: name) }
        switch parts[1] {
        case "leaseExpired": snapshot.instances[index].leaseExpired = true
        case "free": snapshot.instances[index].freeSlots = Int(value) ?? -1
        case "silent": snapshot.instances[index].isSilent = true
        case "generation": snapshot.instances[index].generation = Int(value) ?? -1
        case "disabled": snapshot.instances[index].isDisabled = true
        case "agentFresh": snapshot.instances[index].isHeard = true
        case "unlisted": snapshot.instances[index].unlisted = Int(value) ?? -1
        default: throw Unreadable(text: name)
        }
    }
}
