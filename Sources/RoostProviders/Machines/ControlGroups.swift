import Foundation
import RoostModel

/// The control groups below which this process may make some, found by trying.
///
/// Both versions are used side by side, as the machine has them. See cgroups(7).
struct ControlGroups: Sendable {
    /// What of a machine's size one place can limit.
    enum Controller: String, Hashable, Sendable, CaseIterable { case cpu, memory, pids }

    /// A folder in which groups can be made.
    struct Place: Hashable, Sendable {
        var folder: String
        var controllers: Set<Controller>
        var isSecondVersion: Bool
    }

    let places: [Place]

    init(_ places: [Place]) { self.places = places }

    /// Those of this process.
    static func ofThisProcess() -> ControlGroups {
        let own = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        return ControlGroups(find(own, mounts).compactMap(usable))
    }

    /// Where they are, from the texts of `/proc/self/cgroup` and `/proc/self/mountinfo`.
    static func find(_ own: String, _ mounts: String) -> [Place] {
        let mounted = mounts.split(separator: "\n").compactMap(CgroupMount.init)
        var places: [Place] = []
        for line in own.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { continue }
            let names = Set(parts[1].split(separator: ",").map(String.init))
            let controllers = Set(Controller.allCases.filter { names.contains($0.rawValue) })
            let isSecond = parts[0] == "0" && names.isEmpty
            guard isSecond || !controllers.isEmpty,
                let mount = mounted.first(where: {
                    $0.isSecondVersion == isSecond && (isSecond || $0.names.isSuperset(of: names))
                }),
                let folder = mount.folder(of: parts[2])
            else { continue }
            places.append(Place(folder: folder, controllers: controllers, isSecondVersion: isSecond))
        }
        return places
    }

    /// The place when a group can be made there, with the controllers that it has.
    private static func usable(_ place: Place) -> Place? {
        let trial = "\(place.folder)/roost-trial-\(UUID().uuidString)"
        guard mkdir(trial, 0o755) == 0 else { return nil }
        defer { rmdir(trial) }
        // A group that may be made need not be one that processes may be put into.
        guard access("\(trial)/cgroup.procs", W_OK) == 0, access("\(place.folder)/cgroup.procs", W_OK) == 0 else {
            return nil
        }
        guard place.isSecondVersion else { return place }
        var place = place
        for controller in Controller.allCases {
            write("+\(controller.rawValue)", "\(place.folder)/cgroup.subtree_control")
        }
        let offered = try? String(contentsOfFile: "\(trial)/cgroup.controllers", encoding: .utf8)
        let names = Set((offered ?? "").split(whereSeparator: \.isWhitespace).map(String.init))
        place.controllers = Set(Controller.allCases.filter { names.contains($0.rawValue) })
        return place
    }

    /// What of a machine's size cannot be limited here.
    var missing: [Controller] {
        let there = places.reduce(into: Set<Controller>()) { $0.formUnion($1.controllers) }
        return Controller.allCases.filter { !there.contains($0) }
    }

    /// The same for people, one sentence each.
    var limits: [String] {
        missing.map { controller in
            switch controller {
            case .cpu: "Time of processors is not limited: the server's user may not use the control group 'cpu'."
            case .memory: "Memory is not limited: the server's user may not use the control group 'memory'."
            case .pids:
                "The number of processes is not limited: the server's user may not use the control group 'pids'."
            }
        }
    }

    // MARK: Groups of machines

    private func leaves(_ id: String) -> [(place: Place, folder: String)] {
        places.map { ($0, "\($0.folder)/roost-\(id)") }
    }

    /// Makes the groups of a machine and sets their limits.
    ///
    /// - Returns: their folders.
    /// - Throws: ``ProviderFailure/failed(_:)`` when one cannot be made.
    func make(_ id: String, _ size: MachineSize) throws(ProviderFailure) -> [String] {
        for (place, folder) in leaves(id) {
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw ProviderFailure(file: folder, errno) }
            for (name, value) in Self.settings(size, place) where !Self.write(value, "\(folder)/\(name)") {
                throw ProviderFailure(file: "\(folder)/\(name)", errno)
            }
        }
        return leaves(id).map(\.folder)
    }

    /// Names and contents of the files that limit a group.
    static func settings(_ size: MachineSize, _ place: Place) -> [(String, String)] {
        var settings: [(String, String)] = []
        if place.controllers.contains(.memory), let memory = size.memory {
            settings.append((place.isSecondVersion ? "memory.max" : "memory.limit_in_bytes", String(memory)))
        }
        if place.controllers.contains(.pids), let processes = size.processes {
            settings.append(("pids.max", String(processes)))
        }
        if place.controllers.contains(.cpu), let thousandths = size.milliProcessors {
            // Of a tenth of a second, which is a hundred microseconds for each thousandth.
            let share = max(1_000, thousandths * 100)
            settings +=
                place.isSecondVersion
                ? [("cpu.max", "\(share) 100000")]
                : [("cpu.cfs_period_us", "100000"), ("cpu.cfs_quota_us", String(share))]
        }
        return settings
    }

    /// Kills what is in the groups of a machine.
    func kill(_ id: String) {
        for (place, folder) in leaves(id) {
            if place.isSecondVersion, Self.write("1", "\(folder)/cgroup.kill") { continue }
            for process in Self.processes(in: folder) { Glibc.kill(process, SIGKILL) }
        }
    }

    /// Takes the groups of a machine away; waits for the kernel to note that they are empty.
    func remove(_ id: String) throws(ProviderFailure) {
        for (_, folder) in leaves(id) {
            var turns = 0
            while rmdir(folder) != 0 && errno != ENOENT {
                guard errno == EBUSY, turns < Self.mostTurns else { throw ProviderFailure(file: folder, errno) }
                turns += 1
                for process in Self.processes(in: folder) { Glibc.kill(process, SIGKILL) }
                usleep(Self.turn)
            }
        }
    }

    /// Ten seconds in all.
    private static let mostTurns = 2_000
    private static let turn: useconds_t = 5_000

    private static func processes(in folder: String) -> [pid_t] {
        let text = (try? String(contentsOfFile: "\(folder)/cgroup.procs", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { pid_t($0) }
    }

    @discardableResult
    private static func write(_ text: String, _ path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        let written = Glibc.write(file, text, text.utf8.count)
        let error = errno
        close(file)
        errno = error
        return written == text.utf8.count
    }
}

/// A mounted tree of control groups, from a line of `/proc/self/mountinfo`; see proc(5).
struct CgroupMount: Hashable, Sendable {
    /// The group that is seen as the top.
    var root: String
    var point: String
    /// Controllers and the name of the tree, of the first version.
    var names: Set<String>
    var isSecondVersion: Bool

    init?(_ line: Substring) {
        let halves = line.components(separatedBy: " - ")
        let left = halves[0].split(separator: " ").map(String.init)
        let right = (halves.count > 1 ? halves[1] : "").split(separator: " ").map(String.init)
        guard left.count >= 5, right.count >= 3, right[0] == "cgroup" || right[0] == "cgroup2" else { return nil }
        root = left[3]
        point = left[4]
        isSecondVersion = right[0] == "cgroup2"
        names = Set(right[2].split(separator: ",").map(String.init))
    }

    /// The folder of a group; nil when it lies outside of what is mounted.
    func folder(of group: String) -> String? {
        let base = root == "/" ? "" : root
        guard group == base || group.hasPrefix("\(base)/") else { return nil }
        let rest = group.dropFirst(base.count)
        return rest == "/" ? point : point + rest
    }
}
