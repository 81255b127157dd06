import Foundation
import Glibc

/// Machines of a run as the disk and the kernel know them, whatever server and provider say.
struct FaultMachines: Sendable {
    /// The run's.
    let folder: String

    private var place: String { "\(folder)/machines" }

    /// Names of machines that there are, in whatever state.
    var names: Set<String> { Set(Self.entries("\(place)/machines").filter { !$0.hasPrefix(".") }) }

    /// Machines whose removal is not over.
    var leaving: Int { Self.entries("\(place)/graveyard").count { $0.contains(".") } }

    /// What is left besides machines: files that are being removed, places that never became machines.
    var rubbish: [String] {
        Self.entries("\(place)/graveyard") + Self.entries("\(place)/machines").filter { $0.hasPrefix(".") }
    }

    /// What a machine's agent wrote last.
    func console(of name: String) -> [String] {
        let text = (try? String(contentsOfFile: "\(place)/machines/\(name)/console", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Something that can be killed.
    struct Victim: Sendable {
        var machine: String
        var process: pid_t
    }

    /// Keepers of machines: with one of them its machine ends.
    var keepers: [Victim] {
        names.sorted().compactMap { name in
            let text = try? String(contentsOfFile: "\(place)/machines/\(name)/keeper.lock", encoding: .utf8)
            let process = text.flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
            guard let process, Glibc.kill(process, 0) == 0, FaultFootprint.holds(process, place) else { return nil }
            return Victim(machine: name, process: process)
        }
    }

    /// Agents, their workers and their steps, by the mark in their environment.
    func processes(of server: UUID) -> [Victim] {
        let mark = Data("ROOST_MACHINE=\(server.uuidString.lowercased())".utf8)
        return FaultFootprint.allProcesses.compactMap { process in
            guard let all = FileManager.default.contents(atPath: "/proc/\(process)/environ"),
                let range = all.range(of: mark)
            else { return nil }
            let entry = all[range.lowerBound...].prefix { $0 != 0 }.dropFirst("ROOST_MACHINE=".utf8.count)
            return Victim(machine: String(decoding: entry, as: UTF8.self), process: process)
        }
    }

    private static func entries(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
}
