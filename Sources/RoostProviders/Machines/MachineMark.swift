import Foundation

/// The variable that all processes of a machine inherit, for the day its keeper is killed.
struct MachineMark: Sendable {
    static let name = "ROOST_MACHINE"
    let id: String

    /// Those that have it and did not remove it.
    var processes: [pid_t] {
        let entry = Array("\(Self.name)=\(id)".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            guard let data = FileManager.default.contents(atPath: "/proc/\(process)/environ") else { return false }
            return data.split(separator: 0).contains { $0.elementsEqual(entry) }
        }
    }

    /// Kills them, and what they start meanwhile.
    func endAll() {
        for _ in 0..<Self.mostTurns {
            let found = processes
            guard !found.isEmpty else { return }
            for process in found { kill(process, SIGSTOP) }
            for process in found { kill(process, SIGKILL) }
            usleep(Self.turn)
        }
    }

    /// Five seconds in all.
    private static let mostTurns = 1_000
    private static let turn: useconds_t = 5_000
}
