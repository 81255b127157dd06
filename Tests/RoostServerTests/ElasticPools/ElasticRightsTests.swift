import Foundation
import RoostModel
import RoostProviders
import RoostWire
import Testing

@testable import RoostServer

/// Who may make, change, pause and delete elastic pools, in the organization's settings and in a project's, over HTTP.
@Suite("Rights on elastic pools")
struct ElasticRightsTests {
    private static let provider = "scripted"

    /// People, and what stands for those who are none.
    private enum Person: String, CaseIterable {
        case administrator, owner, accessAdministrator, creator, creatorWithConnection, projectAdministrator
        case contributor, poolAdministrator, reader, nobody, anonymous, agent, job
    }

    private enum Deed: String, CaseIterable {
        case makeInOrganization, makeWithConnection, makeInProject, makeInProjectWithConnection
        case change, pause, deleteQueue, deleteFromProject, delete
    }

    /// `+` may, `-` is refused, in the order of the deeds.
    private static let expected: [Person: String] = [
        .administrator: "++++ ++ +++",
        .owner: "++++ -- +--",
        .accessAdministrator: "++++ -- +--",
        .creator: "---- -- ---",
        .creatorWithConnection: "-+-+ -- ---",
        .projectAdministrator: "---+ -- +--",
        .contributor: "---- -- ---",
        .poolAdministrator: "---- ++ --+",
        .reader: "---- -- ---",
        .nobody: "---- -- ---",
        .anonymous: "---- -- ---",
        .agent: "---- -- ---",
        .job: "---- -- ---",
    ]

    @Test("each person may what their roles say, in both places, and nothing else happens")
    func matrix() async throws {
        let machines = ScriptedProvider { _ in }
        try await LiveServer.with(providers: [Self.provider: machines]) { server in
            let ground = try await Ground(server)
            for person in Person.allCases {
                var marks = ""
                for deed in Deed.allCases {
                    if deed == .change || deed == .deleteQueue { marks += " " }
                    marks += try await ground.tries(deed, person)
                }
                #expect(marks == Self.expected[person], "\(person)")
            }
        }
        await machines.shutDown()
    }

    /// A server with people, a connection and pools for them to try.
    private struct Ground {
        let server: LiveServer
        let connection: UUID
        var senders: [Person: LiveServer.Sender] = [:]

        init(_ server: LiveServer) async throws {
            self.server = server
            let plane = server.app.plane
            let project = server.seed.project.id
            let draft = TaskConnectionDraft(name: "cloud", type: "generic", url: "https://cloud.example")
            connection = try await plane.createTaskConnection(draft, in: project, by: .system).id
            try await plane.removeRole(of: .everyone, on: .organization, by: .system)
            let given: [(Person, Role, Secured)] = [
                (.owner, .owner, .provider(ElasticRightsTests.provider)),
                (.owner, .administrator, .project(project)),
                (.accessAdministrator, .userAccessAdministrator, .provider(ElasticRightsTests.provider)),
                (.accessAdministrator, .administrator, .project(project)),
                (.creator, .creator, .pools),
                (.creatorWithConnection, .creator, .pools),
                (.creatorWithConnection, .contributor, .project(project)),
                (.projectAdministrator, .administrator, .project(project)),
                (.contributor, .contributor, .project(project)),
                (.reader, .reader, .organization),
            ]
            for (person, role, thing) in given {
                _ = try await plane.assignRole(role, to: .user(person.rawValue.lowercased()), on: thing, by: .system)
            }
            for person in Person.allCases {
                let token = try await plane.createToken(
                    user: person.rawValue,
                    name: "rights",
                    scopes: [.full],
                    lifetime: .seconds(3_600),
                    by: .system
                )
                senders[person] = .basic(token.value.exposed)
            }
            senders[.administrator] = .admin
            senders[.anonymous] = .nobody
            senders[.agent] = .bearer(try server.listener)
            senders[.job] = .bearer(try server.job)
        }

        /// `+` when it was done, `-` when it was refused and nothing has changed.
        func tries(_ deed: Deed, _ person: Person) async throws -> String {
            let sender = try #require(senders[person])
            let name = "\(person.rawValue)-\(deed.rawValue)"
            switch deed {
            case .makeInOrganization, .makeWithConnection, .makeInProject, .makeInProjectWithConnection:
                let answer = try await make(name, deed, sender)
                let pool = server.app.plane.pool(named: name)
                #expect((answer.status == 200) == (pool != nil))
                return try mark(answer)
            case .change, .pause:
                let pool = try await pool(name, for: person)
                let body = deed == .pause ? #"{"state":"paused"}"# : #"{"settings":{"max":2}}"#
                let answer = try await server.send(
                    .PATCH,
                    "/_apis/roost/elasticpools/\(pool.pool)",
                    as: sender,
                    body: body
                )
                let now = try server.app.plane.elasticPool(pool.pool)
                #expect((answer.status == 200) == (now != pool))
                return try mark(answer)
            case .deleteQueue, .deleteFromProject, .delete:
                let pool = try await pool(name, for: person)
                let queue = try #require(
                    server.app.plane.queues(in: server.seed.project.id).first { $0.pool == pool.pool }
                )
                let project = PercentCoding.encode(server.seed.project.name)
                let path =
                    deed == .delete
                    ? "/_apis/distributedtask/pools/\(pool.pool)"
                    : "/\(project)/_apis/distributedtask/queues/\(queue.id)"
                        + (deed == .deleteFromProject ? "?withPool=true" : "")
                let events = server.app.plane.agentEvents(pool: pool.pool)
                let answer = try await server.send(.DELETE, path, as: sender)
                let isDone = answer.status < 300
                if isDone, deed != .deleteQueue { for await _ in events {} }
                checkLeft(pool.pool, queue.id, deed, isDone: isDone)
                return try mark(answer)
            }
        }

        private func mark(_ answer: LiveServer.Answer) throws -> String {
            switch answer.status {
            case 200...299: return "+"
            case 401, 403: return "-"
            default: throw RightsSurprise(status: answer.status, text: answer.text)
            }
        }

        private func make(_ name: String, _ deed: Deed, _ sender: LiveServer.Sender) async throws -> LiveServer.Answer {
            var parts = [#""name":"\#(name)","provider":"\#(ElasticRightsTests.provider)","settings":{"max":1}"#]
            if deed == .makeWithConnection || deed == .makeInProjectWithConnection {
                parts.append(#""connection":"\#(connection.uuidString)""#)
            }
            if deed == .makeInProject || deed == .makeInProjectWithConnection {
                parts.append(#""project":"\#(server.seed.project.id)""#)
            }
            let body = "{\(parts.joined(separator: ","))}"
            return try await server.send(.POST, "/_apis/roost/elasticpools", as: sender, body: body)
        }

        private func pool(_ name: String, for person: Person) async throws -> ElasticPool {
            let pool = try await server.app.plane.createElasticPool(
                name: name,
                provider: ElasticRightsTests.provider,
                settings: ElasticPoolSettings(max: 1, images: []),
                project: server.seed.project.id,
                autoProvision: false,
                by: .system
            )
            if person == .poolAdministrator {
                _ = try await server.app.plane.assignRole(
                    .administrator,
                    to: .user(person.rawValue.lowercased()),
                    on: .pool(pool.pool),
                    by: .system
                )
            }
            return pool
        }

        /// What a deletion takes: the queue, or with the pool all of it.
        private func checkLeft(_ pool: PoolID, _ queue: QueueID, _ deed: Deed, isDone: Bool) {
            server.app.plane.read { state in
                #expect((state.queues[queue] == nil) == isDone)
                #expect((state.pools[pool] == nil) == (isDone && deed != .deleteQueue))
                #expect((state.elastic[pool] == nil) == (isDone && deed != .deleteQueue))
            }
        }
    }

    private struct RightsSurprise: Error { var status: Int, text: String }

    // MARK: Connections

    @Test("a connection of any kind will do; the pool remembers it, and says when it is deleted or lets nobody in")
    func connections() async throws {
        let machines = ScriptedProvider { _ in }
        try await LiveServer.with(providers: [Self.provider: machines]) { server in
            let plane = server.app.plane
            let project = server.seed.project.id
            let who = "eve"
            _ = try await plane.assignRole(.administrator, to: .user(who), on: .project(project), by: .system)
            let token = try await plane.createToken(
                user: who,
                name: "t",
                scopes: [.full],
                lifetime: .seconds(60),
                by: .system
            )
            let sender = LiveServer.Sender.basic(token.value.exposed)
            let federated = TaskConnectionDraft(
                name: "federated",
                type: "azurerm",
                scheme: "WorkloadIdentityFederation",
                parameters: ["tenantid": UUID().uuidString, "serviceprincipalid": UUID().uuidString],
                data: ["environment": "AzureCloud", "subscriptionId": UUID().uuidString, "subscriptionName": "s"]
            )
            let generic = TaskConnectionDraft(name: "plain", type: "generic", url: "https://x.example")
            var ids: [(String, UUID)] = []
            for draft in [federated, generic] {
                ids.append((draft.name ?? "", try await plane.createTaskConnection(draft, in: project, by: .system).id))
            }
            let registry = RegistryAccount(address: "r.example", username: "u", password: Secret("p"))
            let account = try await plane.createServiceConnection(
                name: "images",
                registry: registry,
                project: project,
                by: .system
            )
            ids.append(("images", account.id.rawValue))
            for (name, id) in ids {
                let query =
                    "poolName=by-\(name)&projectId=\(project)&authorizeAllPipelines=true&autoProvisionProjectPools=false"
                let body = #"""
                    {"serviceEndpointId":"\#(id)","serviceEndpointScope":"\#(project)","maxCapacity":1,"desiredIdle":0,
                    "azureId":"/providers/roost/scripted/sets/set-\#(name)"}
                    """#
                let made = try await server.send(
                    .POST,
                    "/_apis/distributedtask/elasticpools?\(query)",
                    as: sender,
                    body: body
                )
                #expect(made.status == 200, "\(made.text)")
                let elastic = made.json["elasticPool"] as? [String: Any] ?? [:]
                #expect((elastic["serviceEndpointId"] as? String)?.lowercased() == id.uuidString.lowercased())
                #expect(elastic["azureId"] as? String == "/providers/roost/scripted/sets/set-\(name)")
                #expect((made.json["agentQueue"] as? [String: Any])?["name"] as? String == "by-\(name)")
            }
            let pool = try #require(plane.pool(named: "by-plain")).id
            let plain = try #require(plane.taskConnection("plain", in: project))
            func connection() async throws -> [String: Any] {
                let answer = try await server.send(.GET, "/_apis/roost/elasticpools/\(pool)/status", as: sender)
                return answer.json["connection"] as? [String: Any] ?? [:]
            }
            #expect(try await connection()["name"] as? String == "plain")
            #expect(try await connection()["problem"] == nil)
            try await plane.deleteTaskConnection(plain, by: .system)
            let gone = try await connection()
            #expect(gone["name"] as? String == "plain")
            #expect((gone["problem"] as? String)?.hasPrefix("It is deleted") == true, "\(gone)")

            let other = try await server.send(
                .PATCH,
                "/_apis/distributedtask/elasticpools/\(pool)",
                as: sender,
                body: #"{"serviceEndpointId":"\#(account.id)","maxCapacity":2}"#
            )
            #expect(other.status == 200 && other.json["maxCapacity"] as? Int == 2, "\(other.text)")
            #expect(try await connection()["name"] as? String == "images")
        }
        await machines.shutDown()
    }

    @Test(
        "a refusal says who lacks what and both ways; unknown connections, names and sets are refused before anything is made"
    )
    func refusals() async throws {
        let machines = ScriptedProvider { _ in }
        try await LiveServer.with(providers: [Self.provider: machines]) { server in
            let plane = server.app.plane
            let token = try await plane.createToken(
                user: "eve",
                name: "t",
                scopes: [.full],
                lifetime: .seconds(60),
                by: .system
            )
            func make(_ more: String, as sender: LiveServer.Sender) async throws -> LiveServer.Answer {
                try await server.send(
                    .POST,
                    "/_apis/roost/elasticpools",
                    as: sender,
                    body: #"{"name":"x","provider":"scripted","settings":{"max":1}\#(more)}"#
                )
            }
            let refused = try await make("", as: .basic(token.value.exposed))
            #expect(refused.status == 403)
            #expect(refused.message.contains("user:eve may not make an elastic pool with provider 'scripted'"))
            #expect(refused.message.contains("roost provider role add scripted owner --to user:eve"))
            #expect(refused.message.contains("--connection NAME"))

            let unknown = try await make(#","connection":"\#(UUID())""#, as: .admin)
            #expect(unknown.status == 404, "\(unknown.text)")
            let homeless = try await make(#","connection":"azure""#, as: .admin)
            #expect(homeless.status == 400 && homeless.message.contains("--connection-project"), "\(homeless.text)")
            let project = server.seed.project.id
            let elsewhere = try await make(#","project":"nowhere""#, as: .admin)
            #expect(elsewhere.status == 404)
            let queue = try await plane.createQueue(
                name: "x",
                pool: server.seed.otherPool.id,
                project: project,
                by: .system
            )
            let taken = try await make(#","project":"\#(project)""#, as: .admin)
            #expect(taken.status == 409 && taken.message.contains("queue named 'x'"), "\(taken.text)")
            try await plane.deleteQueue(queue.id, by: .system)
            #expect(plane.pool(named: "x") == nil)
            #expect(try await make(#","project":"\#(project)""#, as: .admin).status == 200)
            let set = try await server.send(
                .POST,
                "/_apis/distributedtask/elasticpools?poolName=y",
                body: #"{"azureId":"/providers/roost/scripted/sets/a%20b","maxCapacity":1,"desiredIdle":0}"#
            )
            #expect(set.status == 400 && set.message.contains("cannot be called 'a%20b'"), "\(set.text)")
        }
        await machines.shutDown()
    }

    @Test("roles on a provider are given, checked and taken away as others are, also while the server has it not")
    func roles() async throws {
        let machines = ScriptedProvider { _ in }
        try await LiveServer.with(providers: [Self.provider: machines]) { server in
            let given = try await server.send(
                .PUT,
                "/_apis/roost/roles",
                body: #"{"holder":"user:eve","role":"User Access Administrator","on":"provider:scripted"}"#
            )
            #expect(given.status == 200 && given.json["role"] as? String == "userAccessAdministrator", "\(given.text)")
            let token = try await server.app.plane.createToken(
                user: "eve",
                name: "t",
                scopes: [.full],
                lifetime: .seconds(60),
                by: .system
            )
            let passedOn = try await server.send(
                .PUT,
                "/_apis/roost/roles",
                as: .basic(token.value.exposed),
                body: #"{"holder":"user:bob","role":"owner","on":"provider:scripted"}"#
            )
            #expect(passedOn.status == 200, "\(passedOn.text)")
            let wrong = try await server.send(
                .PUT,
                "/_apis/roost/roles",
                body: #"{"holder":"user:bob","role":"contributor","on":"provider:scripted"}"#
            )
            #expect(wrong.status == 400 && wrong.message.contains("owner"))
            let moon = try await server.send(
                .PUT,
                "/_apis/roost/roles",
                body: #"{"holder":"user:bob","role":"owner","on":"provider:moon"}"#
            )
            #expect(moon.status == 400 && moon.message.contains("there are scripted"), "\(moon.text)")
            let check = try await server.send(.GET, "/_apis/roost/roles/check?holder=user:bob&on=provider:scripted")
            #expect(check.json["permissions"] as? [String] == ["view", "use", "create", "manage"])
            let gone = try await server.send(.DELETE, "/_apis/roost/roles?holder=user:bob&on=provider:scripted")
            #expect(gone.status < 300)
        }
        await machines.shutDown()
    }
}
