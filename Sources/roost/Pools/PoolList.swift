import RoostClient
import ArgumentParser
import RoostWire

struct PoolList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the agent pools.",
        discussion: """
            Example:
              roost pool list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let pools = try await server.client.pools()
        let empty = "There are no pools yet. Make one with 'roost pool create NAME'."
        try output.print(list: pools, empty: empty) { _ in
            var table = Table("ID", "NAME", "AGENTS", "KIND", "JOBS AT ONCE", "OPEN TO", "STATE")
            for pool in pools {
                table.add(
                    "\(pool.id ?? 0)",
                    pool.name ?? "-",
                    "\(pool.size ?? 0)",
                    pool.kindText,
                    pool.limitText,
                    pool.accessText,
                    pool.stateText
                )
            }
            return table
        }
    }
}

extension TaskAgentPoolWire {
    /// Such as `paused by ada: new disks`.
    var stateText: String {
        guard enabled == false else { return "active" }
        return "paused \(pause?.text ?? "")"
    }

    var kindText: String { singleUse == true ? "one job per agent" : "lasting agents" }
    var limitText: String { concurrencyLimit.map { $0 > 0 ? "at most \($0)" : "no limit" } ?? "no limit" }

    /// Which pipelines may use it.
    var accessText: String {
        guard openToAll == false else { return "all pipelines" }
        let pipelines = authorizedPipelines ?? []
        return pipelines.isEmpty ? "no pipeline" : "pipelines " + pipelines.map(String.init).joined(separator: ", ")
    }
}
