import Foundation
import Glibc

/// What a run takes of the computer; nothing of others is counted, so that runs may go on side by side.
struct FaultFootprint: Codable, Hashable, Sendable {
    /// Processes of machines and those that have anything of the run's machines open.
    var processes = 0
    /// Mounts that show something of the run's folder, in any namespace.
    var mounts = 0
    /// Namespaces of networks that its processes are in, besides the computer's own.
    var networks = 0
    /// Control groups of its machines.
    var groups = 0
    /// Folders of machines, of what is being removed, and of what never became a machine.
    var folders = 0

    static let nothing = FaultFootprint()

    /// - Parameters:
    ///   - folder: of the run.
    ///   - server: in the tags of its machines.
    /// - Returns: what there is at this moment.
    static func now(folder: String, server: UUID) -> FaultFootprint {
        let machines = FaultMachines(folder: folder)
        var found = Set(machines.processes(of: server).map(\.process))
        for process in allProcesses where holds(process, "\(folder)/machines") { found.insert(process) }
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        let networks = Set(
            found.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/ns/net") }
        ).subtracting([own].compactMap(\.self))
        return FaultFootprint(
            processes: found.count,
            mounts: mounts(folder),
            networks: networks.count,
            groups: groups(server),
            folders: machines.names.count + machines.rubbish.count
        )
    }

    static var allProcesses: [pid_t] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
    }

    /// Whether a process works in a folder or has something of it open.
    static func holds(_ process: pid_t, _ folder: String) -> Bool {
        let files = FileManager.default
        let open = (try? files.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []
        let links = ["cwd", "root", "exe"] + open.map { "fd/\($0)" }
        return links.contains { link in
            (try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/\(link)"))?.hasPrefix(folder) ?? false
        }
    }

    private static func mounts(_ folder: String) -> Int {
        var found: Set<String> = []
        for process in allProcesses {
            guard let data = FileManager.default.contents(atPath: "/proc/\(process)/mountinfo") else { continue }
            let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
            // The first word is the mount's number, which no other mount has.
            for line in lines where line.contains(folder) { found.insert(String(line.prefix { $0 != " " })) }
        }
        return found.count
    }

    private static func groups(_ server: UUID) -> Int {
        let name = "roost-\(server.uuidString.lowercased())"
        let walk = FileManager.default.enumerator(
            at: URL(filePath: "/sys/fs/cgroup"),
            includingPropertiesForKeys: [.isDirectoryKey]
        )
        return walk?.reduce(0) { sum, item in
            (item as? URL)?.lastPathComponent.hasPrefix(name) == true ? sum + 1 : sum
        } ?? 0
    }

    /// For a person.
    var text: String {
        "\(processes) processes, \(mounts) mounts, \(networks) networks, \(groups) control groups, \(folders) folders"
    }
}
