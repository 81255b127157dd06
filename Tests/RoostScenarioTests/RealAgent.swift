import Foundation
import RoostAgent
import RoostClient
import RoostModel
import RoostServer
import RoostTesting

extension TestCluster {
    /// Runs a test while a real agent of the pool `Default` is online.
    ///
    /// - Parameters:
    ///   - name: the agent's.
    ///   - url: where it reaches the server, when there is something between them.
    ///   - isolation: whether it keeps its jobs apart; jobs and tests often tell each other things through files in /tmp.
    ///   - body: the test.
    /// - Throws: what the test throws.
    func withRealAgent(
        name: String = "local",
        url: String? = nil,
        isolation: IsolationMode = .off,
        _ body: () async throws -> Void
    ) async throws {
        let runner = AgentRunner(
            folder: "\(folder.path)/agent-\(name)",
            name: name,
            pool: "Default",
            serverURL: url ?? address,
            program: AgentProgram(executable: "\(ChildProgram.buildFolder)/roost-agent"),
            grace: .zero,
            isolation: isolation
        )
        try await runner.configure(token: token)
        let events = plane.agentEvents(pool: try defaultPool.id)
        let agent = Task { try await runner.run() }
        for await event in events {
            if case .agent(let view) = event, view.online, view.agent.name == name { break }
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        agent.cancel()
        _ = await agent.result
        try result.get()
    }

    /// A client that acts for a user.
    func user(_ name: String, scopes: Set<TokenScope> = [.full]) async throws -> (client: RoostClient, token: Secret) {
        let made = try await plane.createToken(
            user: name,
            name: "test",
            scopes: scopes,
            lifetime: .seconds(3600),
            by: .system
        )
        let client = try RoostClient(
            url: address,
            credential: .personalToken(made.value),
            options: ClientOptions(userAgent: "test")
        )
        return (client, made.value)
    }

    /// Waits until something holds of a run, looking at each of its changes.
    func until(_ run: RunID, _ holds: (RunView) async throws -> Bool) async throws {
        for await _ in try await plane.events(run: run) {
            if try await holds(plane.run(run)) { return }
        }
        guard try await holds(plane.run(run)) else { throw TestFailure("run \(run) ended before it came to that") }
    }

    /// All lines of all logs of a run.
    func output(of run: RunID) async throws -> String {
        var lines: [String] = []
        for log in try await plane.logs(run: run) {
            lines += try await plane.logLines(run: run, log: log.id, startLine: nil, endLine: nil)
        }
        return lines.joined(separator: "\n")
    }
}
