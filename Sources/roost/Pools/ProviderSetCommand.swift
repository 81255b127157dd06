import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

/// `roost provider set`: what providers have, pool by pool.
struct ProviderSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Show the machines that providers have for each pool, and delete what is left of pools.",
        subcommands: [ProviderSetList.self, ProviderSetDelete.self]
    )
}

struct ProviderSetList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List sets of machines with their pools; a set without one is an orphan.",
        discussion: """
            Examples:
              roost provider set list
              roost provider set list sandbox
            """
    )

    @Argument(help: "Only those of this provider.")
    var provider: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let sets = try await sets(server)
        try output.print(list: sets, empty: "No pool has machines there.") { _ in
            var table = Table("SET", "POOL", "STATE", "MACHINES")
            for set in sets { table.add(set.id, set.pool ?? "–", set.state, "\(set.machines.count)") }
            return table
        }
    }

    /// Of all providers when none is named; one that does not answer hides no other.
    private func sets(_ server: Connection) async throws -> [MachineSetWire] {
        if let provider { return try await server.client.machineSets(of: provider) }
        var sets: [MachineSetWire] = []
        for provider in try await server.client.machineProviders() {
            do { sets += try await server.client.machineSets(of: provider.name) } catch {
                guard provider.works else { continue }
                Terminal.printError("Note: \((error as any UserFacingError).summary)")
            }
        }
        return sets
    }
}

struct ProviderSetDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete the machines that are left of a pool; the set of a pool goes with the pool.",
        discussion: """
            Example:
              roost provider set delete /providers/roost/sandbox/sets/pool-4
            """
    )

    @Argument(help: "PROVIDER/NAME, or the whole name as lists show it.")
    var set: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// The provider and the name.
    private var parts: (provider: String, name: String)? {
        if let found = MachineSet.parts(of: set) { return found.set.map { (found.provider, $0) } }
        let parts = set.split(separator: "/").map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    func validate() throws {
        if parts == nil { throw ValidationError("'\(set)' is no set: write it as sandbox/pool-4.") }
    }

    func run(on server: Connection) async throws {
        guard let parts else { return }
        let gone = try await server.client.deleteMachineSet(parts.name, of: parts.provider)
        let count = gone.machines.count
        try output.print(gone) { _ in
            "Set \(gone.id) is deleted, with \(count) machine\(count == 1 ? "" : "s")."
        }
    }
}
