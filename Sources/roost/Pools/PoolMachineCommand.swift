import ArgumentParser
import RoostClient
import RoostWire

/// `roost pool machine`: what becomes of one machine of an elastic pool.
struct PoolMachineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "machine",
        abstract: "Have a machine of an elastic pool made anew, deleted or kept.",
        subcommands: [PoolMachineReimage.self, PoolMachineDelete.self, PoolMachineSave.self]
    )
}

/// A command that asks something of a machine.
protocol PoolMachineWish: ConnectedCommand {
    static var wish: String { get }
    var machine: PoolMachineArgument { get }
    var output: OutputOptions { get }
}

/// Which machine, and whether its job matters.
struct PoolMachineArgument: ParsableArguments {
    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Argument(help: "Number of the machine, as 'roost pool status' shows it.")
    var number: Int

    @Flag(help: "End the job that runs on it; without, it finishes first.")
    var force = false
}

extension PoolMachineWish {
    func run(on server: Connection) async throws {
        let found = try await server.pool(machine.pool)
        let asked = MachineWishWire(wish: Self.wish, force: machine.force ? true : nil)
        let node = try await server.client.wish(asked, ofMachine: machine.number, pool: found.id)
        try output.print(node) { _ in
            "Machine \(machine.number) of pool '\(found.pool.name ?? machine.pool)': \(Self.wish) is asked for; it is \(node.state ?? "?") now."
        }
    }
}

struct PoolMachineReimage: PoolMachineWish {
    static let configuration = CommandConfiguration(
        commandName: "reimage",
        abstract: "Have a clean machine made in its place."
    )
    static let wish = "reimage"

    @OptionGroup var machine: PoolMachineArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}

struct PoolMachineDelete: PoolMachineWish {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Have it deleted.")
    static let wish = "delete"

    @OptionGroup var machine: PoolMachineArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}

struct PoolMachineSave: PoolMachineWish {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Keep it for study; it takes no further job."
    )
    static let wish = "save"

    @OptionGroup var machine: PoolMachineArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}
