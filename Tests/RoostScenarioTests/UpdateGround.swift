import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire

/// Packages of the agent, and agents in folders of their own that can be updated.
struct UpdateGround {
    let cluster: TestCluster
    private let program: String

    static let platform = "linux-\(architecture)"
    private static var architecture: String {
        #if arch(arm64)
            "arm64"
        #else
            "x64"
        #endif
    }

    /// What agents of this build are.
    static let first = "4.270.0"

    init(_ cluster: TestCluster) throws {
        self.cluster = cluster
        program = "\(cluster.folder.path)/roost-agent"
        // Without what debuggers need it is half as large; it is unpacked often.
        let stripped = try ShortCommand.run(["strip", "-o", program, "\(ChildProgram.buildFolder)/roost-agent"])
        guard stripped.code == 0 else { throw TestFailure(String(decoding: stripped.output, as: UTF8.self)) }
    }

    // MARK: Packages

    /// A package of this build that calls itself another version.
    func good(_ version: String) throws -> String {
        try package(version) { folder in
            try FileManager.default.linkItem(atPath: program, toPath: "\(folder)/bin/roost-agent")
        }
    }

    /// A package whose program tells its version, and otherwise does what the words say.
    func bad(_ version: String, _ words: String) throws -> String {
        try package(version) { folder in
            let text = "#!/bin/bash\nif [ \"$1\" = --version ]; then echo \(version); exit; fi\n\(words)\n"
            try cluster.folder.write(text, to: "bad-program", mode: 0o755)
            try FileManager.default.moveItem(
                atPath: "\(cluster.folder.path)/bad-program",
                toPath: "\(folder)/bin/roost-agent"
            )
        }
    }

    private func package(_ version: String, _ fill: (String) throws -> Void) throws -> String {
        let folder = "\(cluster.folder.path)/package-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let agent = try AgentFolder(folder)
        try FileManager.default.removeItem(atPath: "\(agent.path)/bin/roost-agent")
        try fill(folder)
        try Data("\(version)\n".utf8).write(to: URL(filePath: "\(folder)/bin/version"))
        let path = "\(cluster.folder.path)/roost-agent-\(Self.platform)-\(version).tar.gz"
        let packed = try ShortCommand.run(["tar", "-I", "gzip -1", "-cf", path, "-C", folder, "."])
        guard packed.code == 0 else { throw TestFailure(String(decoding: packed.output, as: UTF8.self)) }
        return path
    }

    @discardableResult
    func add(_ archive: String, _ version: String) async throws -> PackageMetadataWire {
        try await cluster.client.addAgentPackage(platform: Self.platform, version: version, archive: archive)
    }

    func delete(_ version: String) async throws {
        try await cluster.client.deleteAgentPackage(platform: Self.platform, version: version)
    }

    // MARK: Agents

    func agent(_ name: String, _ more: [String] = []) async throws -> UpdatableAgent {
        let folder = try AgentFolder("\(cluster.folder.path)/agents/\(name)")
        try install(in: folder)
        let done = try await folder.configure(
            [
                "--unattended", "--url", cluster.address, "--auth", "pat", "--pool", "Default", "--agent", name,
                "--isolation", "off",
            ] + more,
            environment: ["VSTS_AGENT_INPUT_TOKEN": cluster.token.exposed]
        )
        guard done.code == 0 else { throw TestFailure(done.output) }
        return UpdatableAgent(folder: folder, process: try await folder.run())
    }

    /// Puts the program itself into a folder, where a link to it was.
    func install(in folder: AgentFolder) throws {
        let place = "\(folder.path)/bin/roost-agent"
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.linkItem(atPath: program, toPath: place)
    }

    /// Starts agents, lets a test use them, and ends them.
    func withAgents(
        _ names: [String],
        _ more: [String] = [],
        _ body: ([UpdatableAgent]) async throws -> Void
    ) async throws {
        var agents: [UpdatableAgent] = []
        let result: Result<Void, any Error>
        do {
            for name in names { agents.append(try await agent(name, more)) }
            result = .success(try await body(agents))
        } catch { result = .failure(error) }
        for agent in agents { agent.process.send(SIGTERM) }
        for agent in agents { await agent.process.end() }
        try result.get()
    }

    // MARK: Waiting

    /// Waits until the standings of all agents are as wanted.
    func wait(_ isReached: ([AgentUpdateWire]) throws -> Bool) async throws -> [AgentUpdateWire] {
        let pool = try cluster.defaultPool.id
        var changes = cluster.plane.agentEvents(pool: pool).makeAsyncIterator()
        while true {
            let standings = try await cluster.client.agentUpdates(pool: pool.rawValue)
            if try isReached(standings) { return standings }
            guard await changes.next() != nil else { throw TestFailure("the server has ended") }
        }
    }

    /// A version that is good must not come to grief on an agent.
    static func checkNoneFailed(_ standings: [AgentUpdateWire]) throws {
        guard let failed = standings.first(where: { $0.state == "failed" }) else { return }
        throw TestFailure("an agent has failed: \(failed)")
    }

    /// Waits until all agents have a version for good.
    func waitUntilAll(have version: String) async throws {
        _ = try await wait { standings in
            try Self.checkNoneFailed(standings)
            return !standings.isEmpty && standings.allSatisfy { $0.version == version && $0.state == "current" }
        }
    }

    /// Waits until an agent has a version, and does nothing else with it any more.
    func wait(for version: String) async throws {
        _ = try await wait { standings in
            try Self.checkNoneFailed(standings)
            return standings.contains { $0.version == version && $0.state != "updating" }
        }
    }

    func set(_ edit: (inout AgentUpdatePolicyWire) -> Void) async throws {
        var policy = AgentUpdatePolicyWire()
        edit(&policy)
        _ = try await cluster.client.setUpdatePolicy(pool: cluster.defaultPool.id.rawValue, policy)
    }
}

struct UpdatableAgent {
    let folder: AgentFolder
    let process: ChildProgram

    /// Folders of versions that were ever put beside the first.
    var versions: [String] { folder.added.filter { $0.hasPrefix("bin.") || $0 == "_update" } }
}
