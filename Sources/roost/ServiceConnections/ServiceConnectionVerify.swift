import ArgumentParser
import RoostClient
import RoostWire

struct ServiceConnectionVerify: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Try whether a connection lets the server in; exit code 1 when it does not.",
        discussion: """
            The server signs in as a job would, and looks at the subscription when the connection has one.

            Example:
              roost service-connection verify production
            """
    )

    @Argument(help: "Name or id of the connection.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.serviceConnection(name)
        let result = try await server.client.verifyServiceConnection(project: found.project, id: found.id)
        let problem = result.errorMessage.flatMap { $0.isEmpty ? nil : $0 }
        try output.print(result) { terminal in
            problem.map { terminal.styled($0, .red) }
                ?? terminal.styled(
                    "The service connection '\(found.connection.name ?? name)' lets the server in.",
                    .green
                )
        }
        if problem != nil { throw ExitCode.failure }
    }
}
