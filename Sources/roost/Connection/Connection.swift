import Foundation
import RoostClient
import RoostLanguage
import RoostModel
import RoostWire

/// A connected server, and how its things are found by the names people give.
struct Connection: Sendable {
    let client: RoostClient
    let url: String
    private let chosenProject: String?

    /// Followed logs hold a connection each.
    private static let connections = 256

    init(_ target: ConnectionTarget) throws(ClientError) {
        url = target.url
        chosenProject = target.project
        client = try RoostClient(
            url: target.url,
            credential: .personalToken(target.token),
            options: ClientOptions(
                userAgent: "roost/\(Roost.version)",
                timeout: .seconds(60),
                retries: 2,
                authorityFile: target.cacert,
                proxy: Proxy(environment: ProcessInfo.processInfo.environment, for: target.url),
                connections: Self.connections
            )
        )
    }

    func close() async { await client.close() }

    /// The project that was asked for, or the organization's first.
    func project() async throws -> String {
        if let chosenProject { return chosenProject }
        guard let name = try await client.projects().first?.name else { throw CommandFailure.noProject }
        return name
    }

    // MARK: Pools

    /// A pool by its name or number.
    func pool(_ nameOrID: String) async throws -> (pool: TaskAgentPoolWire, id: Int) {
        let pools = try await client.pools()
        let found = pools.first { Self.isNamed($0.name, nameOrID) } ?? pools.first { Self.isNumbered($0.id, nameOrID) }
        guard let found, let id = found.id else {
            throw CommandFailure.notFound(
                kind: "pool",
                name: nameOrID,
                near: nearName(nameOrID, among: pools.compactMap(\.name)),
                list: "roost pool list"
            )
        }
        return (found, id)
    }

    // MARK: Agents

    /// An agent and where it is.
    struct FoundAgent: Sendable {
        var agent: TaskAgentWire
        var id: Int
        var pool: Int
        var poolName: String
    }

    /// An agent by its name or number, in one pool or in all.
    func agent(_ nameOrID: String, pool poolName: String?) async throws -> FoundAgent {
        let all = try await agents(pool: poolName)
        let named = all.filter { Self.isNamed($0.agent.name, nameOrID) }
        let found = named.isEmpty ? all.filter { Self.isNumbered($0.id, nameOrID) } : named
        guard let first = found.first else {
            throw CommandFailure.notFound(
                kind: "agent",
                name: nameOrID,
                near: nearName(nameOrID, among: all.compactMap(\.agent.name)),
                list: "roost agent list"
            )
        }
        guard found.count == 1 else {
            throw CommandFailure.ambiguousAgent(nameOrID, pools: found.map(\.poolName))
        }
        return first
    }

    /// The agents of a pool, or of all.
    func agents(pool poolName: String?, includeCapabilities: Bool = false) async throws -> [FoundAgent] {
        let pools = try await poolName == nil ? client.pools() : [pool(poolName ?? "").pool]
        var found: [FoundAgent] = []
        for pool in pools {
            guard let id = pool.id else { continue }
            let agents = try await client.agents(
                pool: id,
                includeCapabilities: includeCapabilities,
                includeRequests: true
            )
            found += agents.compactMap { agent in
                agent.id.map { FoundAgent(agent: agent, id: $0, pool: id, poolName: pool.name ?? "") }
            }
        }
        return found
    }

    // MARK: Pipelines

    /// A pipeline by its name or number.
    func pipeline(_ nameOrID: String) async throws -> (definition: BuildDefinitionWire, id: Int, project: String) {
        let project = try await project()
        let all = try await client.definitions(project: project)
        let found = all.first { Self.isNamed($0.name, nameOrID) } ?? all.first { Self.isNumbered($0.id, nameOrID) }
        guard let found, let id = found.id else {
            throw CommandFailure.notFound(
                kind: "pipeline",
                name: nameOrID,
                near: nearName(nameOrID, among: all.compactMap(\.name)),
                list: "roost pipeline list"
            )
        }
        return (found, id, project)
    }

    private static func isNamed(_ name: String?, _ wanted: String) -> Bool {
        name?.lowercased() == wanted.lowercased()
    }

    private static func isNumbered(_ id: Int?, _ wanted: String) -> Bool { id != nil && id == Int(wanted) }
}
