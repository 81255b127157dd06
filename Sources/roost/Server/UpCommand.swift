import ArgumentParser
import Foundation
import RoostAgent
import RoostModel
import RoostServer

/// `roost up`: a server and agents of this machine, in one process tree.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run the control plane and local agents together.",
        discussion: """
            One machine, nothing else: the server, and agents of the pool 'Default' in processes of their own, which end with it. So do machines of elastic
            pools.

              roost up
              roost up --agents 4 --data /srv/roost --port 8080

            All settings of 'roost server' can be given through the environment (ROOST_…).
            """
    )

    @Option(help: "How many agents to run.")
    var agents = 1

    @Option(help: "Folder of the store, logs and the agents' work folders.")
    var data = "roost-data"

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes any free one.")
    var port = 8080

    func validate() throws {
        guard (0...256).contains(agents) else { throw ValidationError("--agents takes a number from 0 to 256.") }
    }

    func run() async throws {
        do {
            let configuration = try ServerConfiguration.load(
                environment: ProcessInfo.processInfo.environment,
                flags: ["data": data, "host": host, "port": String(port)]
            )
            let server = try await LocalServer.open(configuration)
            let count = agents
            let result: Result<Void, any Error>
            do {
                result = .success(try await server.serve { server in try await Self.runAgents(count, of: server) })
            } catch { result = .failure(error) }
            await server.app.plane.endMachines()
            try result.get()
        } catch {
            throw fail(error)
        }
    }

    /// The small executable where it is installed beside this one: it starts faster and needs less memory.
    private static var agentProgram: AgentProgram {
        let own = AgentProgram.current(leading: [AgentProgram.word])
        let small = URL(filePath: own.executable).deletingLastPathComponent().appending(path: "roost-agent").path
        return FileManager.default.isExecutableFile(atPath: small) ? AgentProgram(executable: small) : own
    }

    /// The pool that the first start makes.
    private static let pool = "Default"

    private static func runAgents(_ count: Int, of server: LocalServer) async throws {
        let folder = URL(fileURLWithPath: server.folder).standardizedFileURL.path
        let runners = (1...max(1, count)).prefix(count).map { number in
            AgentRunner(
                folder: "\(folder)/agents/local-\(number)",
                name: "local-\(number)",
                pool: pool,
                serverURL: server.app.address,
                program: agentProgram,
                // The server's own files are none of a job's business.
                hides: [folder]
            )
        }
        let plane = server.app.plane
        if count > 0, let pool = plane.pool(named: pool) {
            let token = try await plane.localEnrollment(in: pool.id, uses: count)
            for runner in runners { try await runner.configure(token: token) }
        }
        Terminal.print("\(count) agent\(count == 1 ? "" : "s") in pool '\(pool)'.")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for runner in runners { group.addTask { _ = try await runner.run() } }
            // Without agents the server runs on alone, until it is stopped.
            if runners.isEmpty { group.addTask { try await Task.sleep(for: .seconds(1 << 40)) } }
            try await group.waitForAll()
        }
    }
}
