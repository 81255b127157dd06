import ArgumentParser
import RoostModel
import RoostServer
import RoostWire

/// How many machines an elastic pool makes, of what, and for how long.
struct MachineOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Most machines at once.", valueName: "count"))
    var max: Int?

    @Option(help: ArgumentHelp("Agents that wait for a job that may come.", valueName: "count"))
    var standby: Int?

    @Option(
        help: ArgumentHelp(
            "What machines are made of: gallery/definition, or gallery/definition/1.4; may be repeated.",
            valueName: "image"
        )
    )
    var image: [PoolImageArgument] = []

    @Option(help: ArgumentHelp("What becomes of a machine after a job.", valueName: "reimage|delete|reuse"))
    var recycle: RecycleChoice?

    @Option(
        help: ArgumentHelp(
            "How long a machine too many stays idle, such as 30m; 0s lets it go at once.",
            valueName: "time"
        )
    )
    var idleDelay: SpanArgument?

    @Option(
        help: ArgumentHelp(
            "How long a machine may take until its agent is online; 0s lets it be learnt.",
            valueName: "time"
        )
    )
    var bootDeadline: SpanArgument?

    @Option(
        help: ArgumentHelp(
            "A machine older than this takes no further job; 0s takes the limit away.",
            valueName: "time"
        )
    )
    var timeToLive: SpanArgument?

    @Option(help: ArgumentHelp("Most machines kept for study because their agent never came.", valueName: "count"))
    var maxSaved: Int?

    @Option(help: ArgumentHelp("Most machines that are being made at once.", valueName: "count"))
    var burst: Int?

    @Option(help: ArgumentHelp("Jobs that a machine runs at once, each by an agent of its own.", valueName: "count"))
    var slots: Int?

    @Option(
        help: ArgumentHelp(
            "What machines reach: the server and nothing else, or what their host reaches.",
            valueName: "server|host"
        )
    )
    var network: NetworkChoice?

    @Option(help: ArgumentHelp("Processors of a machine, such as 1.5; 0 is no limit.", valueName: "count"))
    var processors: Double?

    @Option(help: ArgumentHelp("Memory of a machine, such as 2GiB; 0 is no limit.", valueName: "size"))
    var memory: SizeArgument?

    @Option(help: ArgumentHelp("Processes of a machine; 0 is no limit.", valueName: "count"))
    var processes: Int?

    @Option(
        help: ArgumentHelp(
            "Of 100 jobs, how many try a new version of an image before all get it; 0 takes it at once.",
            valueName: "percent"
        )
    )
    var canary: Int?

    @Option(help: ArgumentHelp("Machine-hours that a day may have; 0 is no limit.", valueName: "hours"))
    var hoursPerDay: Int?

    @Option(help: ArgumentHelp("Machine-hours that a month may have; 0 is no limit.", valueName: "hours"))
    var hoursPerMonth: Int?

    @Option(
        help: ArgumentHelp(
            "Another size at some times, such as 'night mon-fri 20:00-24:00 UTC+08:00 max=2 standby=0'; may be repeated.",
            valueName: "schedule"
        )
    )
    var schedule: [ScheduleArgument] = []

    /// Whether nothing is given.
    var isEmpty: Bool { wire == ElasticSettingsWire() }

    /// What the server is asked for.
    var wire: ElasticSettingsWire {
        var wire = ElasticSettingsWire()
        wire.max = max
        wire.standby = standby
        wire.images = image.isEmpty ? nil : image.map(\.wire)
        wire.recycle = recycle?.rawValue
        wire.idleDelaySeconds = idleDelay?.seconds
        wire.bootDeadlineSeconds = bootDeadline?.seconds
        wire.timeToLiveSeconds = timeToLive?.seconds
        wire.maxSaved = maxSaved
        wire.burst = burst
        wire.slots = slots
        wire.network = network?.rawValue
        wire.milliProcessors = processors.map { Int(($0 * 1000).rounded()) }
        wire.memory = memory?.bytes
        wire.processes = processes
        wire.machineHoursPerDay = hoursPerDay
        wire.machineHoursPerMonth = hoursPerMonth
        wire.schedules = schedule.isEmpty ? nil : schedule.map(\.wire)
        if let canary {
            wire.canary = ElasticSettingsWire.Canary()
            wire.canary?.enabled = canary > 0
            wire.canary?.share = canary > 0 ? canary : nil
        }
        return wire
    }

    func validate() throws {
        if let processors, !(0...1024).contains(processors) {
            throw ValidationError("--processors takes a number from 0 to 1024.")
        }
    }
}

/// `ElasticPoolSettings.Recycle` on the command line.
enum RecycleChoice: String, ExpressibleByArgument, CaseIterable {
    case reimage, delete, reuse
}

/// `MachineNetwork` on the command line.
enum NetworkChoice: String, ExpressibleByArgument, CaseIterable {
    case server, host
}

/// `30s`, `5m`, `2h` or a number of seconds; also none at all.
struct SpanArgument: ExpressibleByArgument, Equatable {
    let seconds: Int

    init?(argument: String) {
        if ["0", "0s", "0m", "0h", "0d"].contains(argument) {
            seconds = 0
        } else if let limit = TimeLimit(argument: argument) {
            seconds = Int(limit.duration.components.seconds)
        } else {
            return nil
        }
    }
}

/// `2GiB`, `512m`.
struct SizeArgument: ExpressibleByArgument, Equatable {
    let bytes: Int

    init?(argument: String) {
        guard let count = ByteCount(parsing: argument) else { return nil }
        bytes = count.bytes
    }
}

/// `gallery/definition`, `gallery/definition/1.4`, with a name of its own before it: `build=gallery/definition`.
struct PoolImageArgument: ExpressibleByArgument, Equatable {
    let wire: ElasticSettingsWire.Image

    init?(argument: String) {
        let named = argument.split(separator: "=", maxSplits: 1).map(String.init)
        let path = named.last ?? ""
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), !parts.contains("") else { return nil }
        wire = ElasticSettingsWire.Image(
            name: named.count == 2 ? named[0] : parts[1],
            gallery: parts[0],
            definition: parts[1],
            selector: parts.count == 3 ? parts[2] : "latest"
        )
    }
}

/// `NAME DAYS HH:MM-HH:MM [UTC+HH:MM] [max=N] [standby=N]`; days are `mon-fri`, `sat,sun` or `daily`.
struct ScheduleArgument: ExpressibleByArgument, Equatable {
    let wire: ElasticSettingsWire.Schedule

    init?(argument: String) {
        var words = argument.split(separator: " ").map(String.init)
        guard words.count >= 4 else { return nil }
        var wire = ElasticSettingsWire.Schedule()
        wire.name = words.removeFirst()
        guard let days = Self.days(words.removeFirst()) else { return nil }
        wire.days = days
        let times = words.removeFirst().split(separator: "-").map(String.init)
        guard times.count == 2 else { return nil }
        (wire.startTime, wire.endTime) = (times[0], times[1])
        for word in words {
            let pair = word.split(separator: "=").map(String.init)
            switch pair.first?.lowercased() {
            case "max" where pair.count == 2: wire.max = Int(pair[1])
            case "standby" where pair.count == 2: wire.standby = Int(pair[1])
            case _ where word.uppercased().hasPrefix("UTC"): wire.timeZone = word
            default: return nil
            }
        }
        guard wire.max != nil || wire.standby != nil else { return nil }
        self.wire = wire
    }

    private static func days(_ text: String) -> [String]? {
        let all = BusinessHours.Weekday.allCases
        if text.lowercased() == "daily" { return all.map(\.rawValue) }
        func day(_ word: Substring) -> Int? {
            word.count >= 3 ? all.firstIndex { $0.rawValue.hasPrefix(word.lowercased()) } : nil
        }
        var found: Set<Int> = []
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-")
            guard let first = ends.first.flatMap(day), let last = ends.last.flatMap(day), ends.count <= 2 else {
                return nil
            }
            var place = first
            found.insert(place)
            while place != last {
                place = (place + 1) % all.count
                found.insert(place)
            }
        }
        return found.isEmpty ? nil : found.sorted().map { all[$0].rawValue }
    }
}
