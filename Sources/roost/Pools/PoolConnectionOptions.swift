import ArgumentParser
import RoostWire

/// The service connection with which an elastic pool is made.
struct PoolConnectionOptions: ParsableArguments {
    @Option(
        name: .customLong("connection"),
        help: ArgumentHelp("A service connection of any kind that you may use, by its name or id.", valueName: "name")
    )
    var connection: String?

    @Option(
        name: .customLong("connection-project"),
        help: ArgumentHelp("The project of the connection, when it is not that of the pool.", valueName: "project")
    )
    var connectionProject: String?

    /// Whether nothing is given.
    var isEmpty: Bool { connection == nil && connectionProject == nil }

    func validate() throws {
        if connectionProject != nil, connection == nil {
            throw ValidationError("--connection-project needs --connection.")
        }
    }

    func put(into draft: inout RoostElasticPoolWire) {
        draft.connection = connection
        draft.connectionProject = connectionProject
    }
}
