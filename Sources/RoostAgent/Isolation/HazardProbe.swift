import Glibc
import RoostModel

/// Finds what makes jobs root of this machine.
struct HazardProbe: Sendable {
    /// What jobs inherit.
    let environment: [String: String]
    /// Whether programs may be asked.
    var asksPrograms = true

    /// Nothing of an agent that is root itself, but what is open to others.
    func run() async -> [AgentFinding] {
        var findings: [AgentFinding] = []
        if let socket = IsolationProbe.engineSocket(environment) {
            if Self.isOpenToAll(socket) {
                findings.append(.openSocket)
            } else if geteuid() != 0 {
                findings.append(.engineGroup)
            }
        }
        if asksPrograms, geteuid() != 0, await SudoProbe(environment: environment).run() { findings.append(.freeSudo) }
        return findings
    }

    static func isOpenToAll(_ socket: String) -> Bool {
        var status = stat()
        return stat(socket, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK && status.st_mode & S_IWOTH != 0
    }
}
