import Glibc

/// Finds out whether this machine can keep jobs apart, and whether that costs them something.
struct IsolationProbe: Sendable {
    let mode: IsolationMode
    /// The agent's folder.
    let root: String
    let hides: [String]
    /// What jobs inherit.
    let environment: [String: String]

    func run() async -> JobIsolation {
        JobIsolation(mode: mode, obstacle: await obstacle(), hides: hides)
    }

    private func obstacle() async -> String? {
        guard mode != .off else { return nil }
        guard geteuid() != 0 else { return "the agent runs as root, whom nothing can be hidden from" }
        if environment["HOME"].flatMap(FileTree.resolved) == root {
            return "the home of its user is the agent's folder"
        }
        do throws(WallFailure) { try JobWalls.attempt() } catch { return error.reason }
        guard mode == .auto else { return nil }
        if await SudoProbe(environment: environment).run() {
            return "its user may become root with sudo, which isolated jobs cannot"
        }
        if let engine = ["podman", "buildah"].first(where: {
            ExecutableSearch.find($0, path: environment["PATH"]) != nil
        }) {
            return "its machine has \(engine), and containers cannot be run by isolated jobs"
        }
        if let socket = Self.engineSocket(environment) {
            return "its user may use the engine of containers at \(socket), which works outside and with other folders"
        }
        return nil
    }

    /// The socket of an engine that a job may use: what such an engine mounts are folders of the machine, not of the job.
    static func engineSocket(_ environment: [String: String]) -> String? {
        let named = environment["DOCKER_HOST"].flatMap { $0.hasPrefix("unix://") ? String($0.dropFirst(7)) : nil }
        return [named, "/var/run/docker.sock"].compactMap(\.self).first { access($0, W_OK) == 0 }
    }
}
