import FoundationEssentials
import Glibc
public import RoostModel

/// The control groups below which this process may make some, found by trying.
///
/// Both versions are used side by side, as the machine has them. See cgroups(7).
public struct ControlGroups: Sendable {
    /// What of a machine's size one place can limit.
    public enum Controller: String, Hashable, Sendable, CaseIterable { case cpu, memory, pids }

    /// A folder in which groups can be made.
    public struct Place: Hashable, Sendable {
        public var folder: String
        public var controllers: Set<Controller>
        public var isSecondVersion: Bool

        /// - Parameters:
        ///   - folder: an absolute path.
        ///   - controllers: what can be limited in it.
        ///   - isSecondVersion: whether it belongs to the second version.
        public init(folder: String, controllers: Set<Controller>, isSecondVersion: Bool) {
            (self.folder, self.controllers, self.isSecondVersion) = (folder, controllers, isSecondVersion)
        }
    }

    /// Where groups can be made.
    public let places: [Place]

    /// Groups in known places.
    public init(_ places: [Place]) { self.places = places }

    /// Those of this process.
    ///
    /// - Parameter leaf: a group of this name is made for this process where it is needed: in the second version a group that has processes of its own
    ///   hands no controllers on. A process that is in such a group makes others beside it.
    /// - Returns: them.
    public static func ofThisProcess(leaf: String? = nil) -> ControlGroups {
        let own = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        return ControlGroups(find(own, mounts).compactMap { usable($0, leaf) })
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
    static func usable(_ place: Place, _ leaf: String?) -> Place? {
        var place = place
        if let leaf, place.folder.hasSuffix("/\(leaf)") { place.folder.removeLast(leaf.utf8.count + 1) }
        let trial = "\(place.folder)/roost-trial-\(UUID().uuidString)"
        guard mkdir(trial, 0o755) == 0 else { return nil }
        defer { rmdir(trial) }
        // A group that may be made need not be one that processes may be put into.
        guard access("\(trial)/cgroup.procs", W_OK) == 0, access("\(place.folder)/cgroup.procs", W_OK) == 0 else {
            return nil
        }
        guard place.isSecondVersion else { return place }
        if let leaf { makeWay(in: place.folder, leaf) }
        for controller in Controller.allCases {
            write("+\(controller.rawValue)", "\(place.folder)/cgroup.subtree_control")
        }
        let offered = try? String(contentsOfFile: "\(trial)/cgroup.controllers", encoding: .utf8)
        let names = Set((offered ?? "").split(whereSeparator: \.isWhitespace).map(String.init))
        place.controllers = Set(Controller.allCases.filter { names.contains($0.rawValue) })
        return place
    }

    /// Puts this process into a group of its own when it stands where controllers are to be handed on.
    private static func makeWay(in folder: String, _ leaf: String) {
        guard processes(in: folder).contains(getpid()) else { return }
        // The top of all groups may have both.
        guard FileManager.default.fileExists(atPath: "\(folder)/cgroup.type") else { return }
        let place = "\(folder)/\(leaf)"
        guard mkdir(place, 0o755) == 0 || errno == EEXIST else { return }
        write("\(getpid())", "\(place)/cgroup.procs")
    }

    /// What of a machine's size cannot be limited here.
    public var missing: [Controller] {
        let there = places.reduce(into: Set<Controller>()) { $0.formUnion($1.controllers) }
        return Controller.allCases.filter { !there.contains($0) }
    }

    // MARK: Groups with names

    private func leaves(_ id: String) -> [(place: Place, folder: String)] {
        places.map { ($0, "\($0.folder)/roost-\(id)") }
    }

    /// Makes the groups of a name and sets their limits.
    ///
    /// - Parameters:
    ///   - id: what the groups are called.
    ///   - size: the limits.
    ///   - swaps: whether what is in them may use swap beside its memory.
    /// - Returns: their folders.
    /// - Throws: ``ControlGroupFailure`` when one cannot be made.
    public func make(_ id: String, _ size: MachineSize, swaps: Bool = true) throws(ControlGroupFailure) -> [String] {
        for (place, folder) in leaves(id) {
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw ControlGroupFailure(folder, errno) }
            for (name, value) in Self.settings(size, place) where !Self.write(value, "\(folder)/\(name)") {
                throw ControlGroupFailure("\(folder)/\(name)", errno)
            }
            guard !swaps else { continue }
            // Kernels without swap have no such file.
            for (name, value) in Self.fences(size, place) { Self.write(value, "\(folder)/\(name)") }
        }
        return leaves(id).map(\.folder)
    }

    /// Puts a process, with all its threads, into groups.
    ///
    /// - Throws: ``ControlGroupFailure``.
    public static func join(_ folders: [String], process: Int32) throws(ControlGroupFailure) {
        for folder in folders where !write("\(process)", "\(folder)/cgroup.procs") {
            throw ControlGroupFailure("\(folder)/cgroup.procs", errno)
        }
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

    /// What makes the limit of memory one that is met and not lived with.
    ///
    /// Above `memory.high` pages are taken back before anything is killed. It is close to the limit: far above it a process is slowed down more and more,
    /// and would stand still rather than end.
    static func fences(_ size: MachineSize, _ place: Place) -> [(String, String)] {
        guard place.controllers.contains(.memory), let memory = size.memory else { return [] }
        return place.isSecondVersion
            ? [("memory.high", String(memory - memory / 64)), ("memory.swap.max", "0")]
            : [("memory.memsw.limit_in_bytes", String(memory))]
    }

    // MARK: The end

    /// Kills what is in the groups of a name.
    public func kill(_ id: String) {
        for (place, folder) in leaves(id) {
            if place.isSecondVersion, Self.write("1", "\(folder)/cgroup.kill") { continue }
            for process in Self.processes(in: folder) { Glibc.kill(process, SIGKILL) }
        }
    }

    /// Takes the groups of a name away with all that is in them; waits for the kernel to note that they are empty.
    ///
    /// - Throws: ``ControlGroupFailure``.
    public func remove(_ id: String) throws(ControlGroupFailure) {
        for (_, folder) in leaves(id) {
            var turns = 0
            while rmdir(folder) != 0 && errno != ENOENT {
                guard errno == EBUSY, turns < Self.mostTurns else { throw ControlGroupFailure(folder, errno) }
                turns += 1
                for process in Self.processes(in: folder) { Glibc.kill(process, SIGKILL) }
                usleep(Self.turn)
            }
        }
    }

    /// Names of groups that are there and begin so.
    public func names(beginning prefix: String) -> [String] {
        let all = places.flatMap { place in
            ((try? FileManager.default.contentsOfDirectory(atPath: place.folder)) ?? []).filter {
                $0.hasPrefix("roost-\(prefix)")
            }
        }
        return Set(all.map { String($0.dropFirst(6)) }).sorted()
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
