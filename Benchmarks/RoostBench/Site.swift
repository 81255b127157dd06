import Foundation
import RoostClient
import RoostModel
import RoostTesting
import RoostWire

/// A real server, with agents or without, in processes of their own, and a client of it.
struct Site: Sendable {
    let folder: ScratchFolder
    let server: ChildProgram
    let client: RoostClient
    let address: String
    let project: String

    /// Runs a measurement against a new site and removes it.
    static func with<Value: Sendable>(
        agents: Int,
        providers: String = "none",
        _ body: @Sendable (Site) async throws -> Value
    ) async throws -> Value {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let words =
            agents > 0
            ? ["up", "--agents", String(agents), "--data", "\(folder.path)/data", "--port", "0"]
            : ["server", "--data", "\(folder.path)/data", "--port", "0", "--session-expiry", "10m"]
        let server = try ChildProgram(
            "roost",
            words,
            environment: [
                "ROOST_LOG_LEVEL": "warning", "ROOST_RATE_LIMIT": "0", "ROOST_MACHINE_PROVIDERS": providers,
            ],
            folder: folder.path
        )
        try await server.line(with: "Roost listens on")
        let address =
            server.lines.first { $0.contains("Roost listens on") }.flatMap { $0.split(separator: " ").last } ?? ""
        let token = try String(contentsOfFile: "\(folder.path)/data/admin-token", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let client = try RoostClient(
            url: String(address),
            credential: .personalToken(Secret(token)),
            options: ClientOptions(userAgent: "bench", connections: 64)
        )
        let project = try await client.projects().first?.name ?? ""
        let site = Site(folder: folder, server: server, client: client, address: String(address), project: project)
        do {
            if agents > 0 { try await site.agentsOnline(agents) }
            let value = try await body(site)
            await site.end()
            return value
        } catch {
            await site.end()
            throw error
        }
    }

    private func end() async {
        await client.close()
        server.send(SIGTERM)
        await server.end()
    }

    private func agentsOnline(_ count: Int) async throws {
        while try await client.agents(pool: 1).count(where: { $0.status == "online" }) < count {
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Makes a pipeline of a YAML text.
    func pipeline(_ yaml: String) async throws -> Int {
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        // The server reads it now and whenever a run is queued; it goes with the machine's temporary folder.
        let definition = BuildDefinitionWire(
            name: "p\(UUID().uuidString.prefix(8))",
            repository: BuildRepositoryWire(type: "Git", url: repository.path, defaultBranch: "main"),
            process: BuildProcessWire(type: 2, yamlFilename: "azure-pipelines.yml")
        )
        let made = try await client.createDefinition(project: project, definition)
        try? FileManager.default.moveItem(atPath: repository.path, toPath: "\(folder.path)/\(made.id ?? 0)")
        try FileManager.default.createSymbolicLink(
            atPath: repository.path,
            withDestinationPath: "\(folder.path)/\(made.id ?? 0)"
        )
        return made.id ?? 0
    }

    func queue(_ pipeline: Int) async throws -> Int {
        try await client.runPipeline(project: project, pipeline: pipeline, RunPipelineParametersWire()).id ?? 0
    }

    /// All lines of all logs of a run.
    func output(_ run: Int) async throws -> String {
        var lines: [String] = []
        for log in try await client.buildLogs(run) { lines += try await client.buildLogLines(run, log: log.id ?? 0) }
        return lines.joined(separator: "\n")
    }

    func finished(_ run: Int) async throws {
        while true {
            for try await event in try await client.runEvents(run) {
                guard event.name == "run",
                    let build = try? WireJSON.decode(BuildWire.self, from: Data(event.data.utf8)),
                    build.status == "completed"
                else { continue }
                return
            }
        }
    }
}
