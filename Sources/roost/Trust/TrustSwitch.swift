import ArgumentParser
import RoostClient
import RoostWire

struct TrustEnable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a rule accept tokens again.",
        discussion: """
            Example:
              roost trust enable github
            """
    )

    @OptionGroup var which: TrustRuleArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await which.find(on: server)
        _ = try await server.client.updateTrustRule(found.id, TrustRuleWire(enabled: true))
        Terminal.print("The trust rule '\(which.name)' accepts tokens.")
    }
}

struct TrustDisable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Let a rule accept no token; agents that joined by it go on.",
        discussion: """
            Example:
              roost trust disable github
            """
    )

    @OptionGroup var which: TrustRuleArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await which.find(on: server)
        _ = try await server.client.updateTrustRule(found.id, TrustRuleWire(enabled: false))
        Terminal.print("The trust rule '\(which.name)' accepts no token any more.")
    }
}

struct TrustDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove a rule; agents that joined by it go on.",
        discussion: """
            Example:
              roost trust delete github
            """
    )

    @OptionGroup var which: TrustRuleArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteTrustRule(try await which.find(on: server).id)
        Terminal.print("The trust rule '\(which.name)' is removed.")
    }
}
