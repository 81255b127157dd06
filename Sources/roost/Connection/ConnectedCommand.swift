import ArgumentParser

/// A command that talks to a server.
protocol ConnectedCommand: AsyncParsableCommand {
    var connection: ConnectionOptions { get }

    /// Does the work; the connection is closed after it.
    func run(on server: Connection) async throws
}

extension ConnectedCommand {
    func run() async throws {
        let server = try await Connection(connection.current())
        do { try await run(on: server) } catch {
            await server.close()
            throw error
        }
        await server.close()
    }
}
