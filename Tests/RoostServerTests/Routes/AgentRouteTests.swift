import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("Pools and agents over HTTP")
struct AgentRouteTests {
    @Test("pools are made, found by name and id, changed and removed")
    func pools() async throws {
        try await LiveServer.with { server in
            let path = "/_apis/distributedtask/pools"
            let made = try await server.send(
                .POST,
                path,
                body: #"{"name":"Linux","options":"singleUseAgents","concurrencyLimit":3}"#
            )
            #expect(made.status == 200)
            let id = try #require(made.json["id"] as? Int)
            #expect(made.json["singleUse"] as? Bool == true)
            #expect(made.json["concurrencyLimit"] as? Int == 3)
            #expect(
                try await server.send(.GET, "\(path)?poolName=linux&poolType=Automation").list.map { $0["id"] as? Int }
                    == [id]
            )
            #expect(try await server.send(.GET, "\(path)?poolName=l*").list.count == 1)
            #expect(try await server.send(.GET, "\(path)?poolIds=1,\(id)").list.count == 2)
            #expect(try await server.send(.GET, "\(path)?poolType=deployment").list.isEmpty)
            let changed = try await server.send(
                .PATCH,
                "\(path)/\(id)",
                body: #"{"name":"Linux 2","concurrencyLimit":0}"#
            )
            #expect(changed.json["name"] as? String == "Linux 2")
            #expect(changed.json["concurrencyLimit"] == nil)
            #expect(try await server.send(.DELETE, "\(path)/\(id)").status == 204)
            #expect(try await server.send(.GET, "\(path)/\(id)").status == 404)
            #expect(try await server.send(.POST, path, body: "{}").status == 400)
        }
    }

    @Test("maintenance of a pool is set up, changed, run and taken away in Azure DevOps' shape")
    func maintenance() async throws {
        try await LiveServer.with { server in
            let path = "/_apis/distributedtask/pools/1/maintenancedefinitions"
            let jobs = "/_apis/distributedtask/pools/1/maintenancejobs"
            #expect(try await server.send(.GET, path).list.isEmpty)
            #expect(try await server.send(.GET, "\(path)/1").status == 404)
            let made = try await server.send(
                .POST,
                path,
                body:
                    #"{"enabled":true,"jobTimeoutInMinutes":5,"maxConcurrentAgentsPercentage":10,"options":{"workingDirectoryExpirationInDays":9},"retentionPolicy":{"numberOfHistoryRecordsToKeep":2},"scheduleSetting":{"daysToBuild":"17","startHours":3,"startMinutes":7,"timeZoneId":"UTC+08:00"}}"#
            )
            #expect(made.status == 200 && made.json["id"] as? Int == 1 && made.json["nextStart"] is String)
            let schedule = try #require(made.json["scheduleSetting"] as? [String: Any])
            #expect(schedule["daysToBuild"] as? String == "monday, friday" && schedule["startMinutes"] as? Int == 7)
            #expect(schedule["timeZoneId"] as? String == "UTC+08:00")
            let changed = try await server.send(.PUT, "\(path)/1", body: #"{"enabled":false}"#)
            #expect(changed.json["enabled"] as? Bool == false && changed.json["jobTimeoutInMinutes"] as? Int == 5)
            for wrong in [
                #"{"jobTimeoutInMinutes":0}"#, #"{"scheduleSetting":{"timeZoneId":"Moon"}}"#,
                #"{"scheduleSetting":{"daysToBuild":"someday"}}"#, #"{"maxConcurrentAgentsPercentage":101}"#,
            ] {
                #expect(try await server.send(.PUT, "\(path)/1", body: wrong).status == 400, "\(wrong)")
            }
            // Without agents that ask there is nothing to wait for.
            for number in 1...3 {
                let job = try await server.send(.POST, jobs, body: "{}")
                #expect(job.json["jobId"] as? Int == number && job.json["status"] as? String == "completed")
            }
            #expect(try await server.send(.GET, jobs).list.map { $0["jobId"] as? Int } == [3, 2])
            #expect(try await server.send(.GET, "\(jobs)/3").json["result"] as? String == "succeeded")
            #expect(try await server.send(.GET, "\(jobs)/1").status == 404)
            #expect(try await server.send(.PATCH, "\(jobs)/3", body: #"{"status":"queued"}"#).status == 400)
            #expect(try await server.send(.PATCH, "\(jobs)/3", body: #"{"status":"cancelling"}"#).status == 200)
            #expect(try await server.send(.DELETE, "\(path)/1").status == 204)
            #expect(try await server.send(.GET, jobs).list.isEmpty)
            #expect(try await server.send(.GET, "/_apis/distributedtask/pools/99/maintenancejobs").status == 404)
        }
    }

    @Test("queues connect a project to pools")
    func queues() async throws {
        try await LiveServer.with { server in
            let path = "/Other/_apis/distributedtask/queues"
            let made = try await server.send(.POST, path, body: #"{"name":"default","pool":{"id":1}}"#)
            let id = try #require(made.json["id"] as? Int)
            #expect((made.json["pool"] as? [String: Any])?["name"] as? String == "default")
            #expect(try await server.send(.GET, "\(path)?queueName=default").list.count == 1)
            #expect(try await server.send(.GET, "/Fabrikam%20Fibre/_apis/distributedtask/queues/\(id)").status == 404)
            #expect(try await server.send(.DELETE, "\(path)/\(id)").status == 204)
        }
    }

    @Test("an agent registers and is told where it gets its tokens")
    func registration() async throws {
        try await LiveServer.with { server in
            let key = try #require(ServerSeed.key).publicKey
            let draft = TaskAgentWire(
                name: "build-09",
                version: "4.270.0",
                osDescription: "Linux 6.8",
                maxParallelism: 1,
                authorization: TaskAgentAuthorizationWire(
                    publicKey: AgentPublicKeyWire(exponent: key.exponent, modulus: key.modulus)
                ),
                systemCapabilities: ["git": "/usr/bin/git", "Agent.Version": "4.270.0"]
            )
            let body = String(decoding: try WireJSON.encode(draft), as: UTF8.self)
            let path = "/_apis/distributedtask/pools/1/agents"
            let made = try await server.send(.POST, path, body: body)
            #expect(made.status == 200, "\(made.text)")
            let agent = try made.decode(TaskAgentWire.self)
            #expect(agent.enabled == true)
            #expect(agent.status == "offline")
            #expect(agent.authorization?.clientId != nil)
            let instance = server.app.plane.instanceID.uuidString.lowercased()
            #expect(agent.authorization?.authorizationUrl == "\(server.app.address)_apis/oauth2/token/\(instance)")
            let id = try #require(agent.id)

            let plain = try await server.send(.GET, "\(path)?agentName=BUILD-09&includeCapabilities=False")
            #expect(plain.list.first?["systemCapabilities"] == nil)
            let whole = try await server.send(.GET, "\(path)/\(id)?includeCapabilities=True")
            #expect((whole.json["systemCapabilities"] as? [String: String])?["git"] == "/usr/bin/git")
            #expect(try await server.send(.GET, "\(path)?demands=git,Agent.Version%20-gtVersion%204.0").list.count == 1)
            #expect(try await server.send(.GET, "\(path)?demands=docker").list.isEmpty)

            let user = try await server.send(.PUT, "\(path)/\(id)/usercapabilities", body: #"{"docker":"yes"}"#)
            #expect((user.json["userCapabilities"] as? [String: String]) == ["docker": "yes"])
            let paused = try await server.send(.PATCH, "\(path)/\(id)", body: #"{"id":\#(id),"enabled":false}"#)
            #expect(paused.json["enabled"] as? Bool == false)
            let replaced = try await server.send(.PUT, "\(path)/\(id)", body: body)
            #expect(replaced.status == 200)
            #expect((replaced.json["userCapabilities"] as? [String: String]) == ["docker": "yes"])
            #expect(try await server.send(.DELETE, "\(path)/\(id)").status == 204)
        }
    }

    @Test("a registration without a name or a key says what is missing")
    func incompleteRegistration() async throws {
        try await LiveServer.with { server in
            let path = "/_apis/distributedtask/pools/1/agents"
            let nameless = try await server.send(.POST, path, body: "{}")
            #expect(nameless.message.contains("it has no 'name'"))
            #expect(
                try await server.send(.POST, path, body: #"{"name":"x"}"#).message.contains("authorization.publicKey")
            )
            let noModulus = #"{"name":"x","authorization":{"publicKey":{"exponent":"AQAB"}}}"#
            #expect(try await server.send(.POST, path, body: noModulus).status == 400)
        }
    }

    @Test("an agent shows the job it holds")
    func assignedRequest() async throws {
        try await LiveServer.with { server in
            let agent = try await server.send(
                .GET,
                "/_apis/distributedtask/pools/1/agents/1?includeAssignedRequest=true"
            ).decode(TaskAgentWire.self)
            #expect(agent.assignedRequest?.requestId == 1)
            #expect(agent.assignedRequest?.jobId == server.seed.job.id.rawValue)
            #expect(agent.assignedRequest?.planId == server.seed.run.planID.rawValue)
            let requests = try await server.send(.GET, "/_apis/distributedtask/pools/1/jobrequests?agentId=1")
            #expect(requests.list.count == 1)
        }
    }

    @Test("a listener opens a session with a key of its own, polls, and is online meanwhile")
    func session() async throws {
        try await LiveServer.with { server in
            let listener = LiveServer.Sender.bearer(try server.listener)
            let pool = "/_apis/distributedtask/pools/1"
            let body =
                #"{"ownerName":"here","agent":{"id":1,"version":"4.271.0"},"systemCapabilities":{"make":"/usr/bin/make"}}"#
            let made = try await server.send(.POST, "\(pool)/sessions", as: listener, body: body)
            let session = try made.decode(TaskAgentSessionWire.self)
            let wrapped = try #require(session.encryptionKey?.value)
            let key = try #require(ServerSeed.key)
            #expect(session.encryptionKey?.encrypted == true)
            #expect(try MessageCrypto.unwrap(wrapped, with: key).count == 32)

            let agent = try await server.send(.GET, "\(pool)/agents/1?includeCapabilities=true").decode(
                TaskAgentWire.self
            )
            #expect(agent.status == "online")
            #expect(agent.version == "4.271.0")
            #expect(agent.systemCapabilities?["make"] == "/usr/bin/make")

            let id = try #require(session.sessionId)
            let start = ContinuousClock.now
            let empty = try await server.send(.GET, "\(pool)/messages?sessionId=\(id)", as: listener)
            #expect(empty.status == 204)
            #expect(empty.bytes.isEmpty)
            #expect(ContinuousClock.now - start >= .milliseconds(190))

            let other = #"{"ownerName":"elsewhere","agent":{"id":1}}"#
            let conflict = try await server.send(.POST, "\(pool)/sessions", as: listener, body: other)
            #expect(conflict.status == 409)
            #expect(conflict.typeKey == "TaskAgentSessionConflictException")

            #expect(try await server.send(.DELETE, "\(pool)/sessions/\(id)", as: listener).status == 204)
            let after = try await server.send(.GET, "\(pool)/messages?sessionId=\(id)", as: listener)
            #expect(after.typeKey == "TaskAgentSessionExpiredException")
            #expect(try await server.send(.GET, "\(pool)/messages", as: listener).status == 400)
        }
    }

    @Test("a cancel reaches all polls of the session, encrypted, until it is deleted")
    func messages() async throws {
        try await LiveServer.with(flags: ["long-poll-hold": "20s"]) { server in
            let listener = LiveServer.Sender.bearer(try server.listener)
            let pool = "/_apis/distributedtask/pools/1"
            let made = try await server.send(
                .POST,
                "\(pool)/sessions",
                as: listener,
                body: #"{"ownerName":"here","agent":{"id":1}}"#
            ).decode(TaskAgentSessionWire.self)
            let id = try #require(made.sessionId)
            let poll = "\(pool)/messages?sessionId=\(id)"
            async let first = server.send(.GET, poll, as: listener)
            async let second = server.send(.GET, "\(poll)&lastMessageId=0", as: listener)
            let canceled = try await server.send(.PATCH, "/_apis/build/builds/1", body: #"{"status":"cancelling"}"#)
            #expect(canceled.json["status"] as? String == "cancelling")

            let message = try await first.decode(TaskAgentMessageWire.self)
            #expect(try await second.decode(TaskAgentMessageWire.self) == message)
            #expect(message.messageType == "JobCancellation")
            let key = try MessageCrypto.unwrap(#require(made.encryptionKey?.value), with: #require(ServerSeed.key))
            let sealed = try #require(Data(base64Encoded: message.body ?? ""))
            let text = String(
                decoding: try MessageCrypto.decrypt(sealed, iv: #require(message.iv), key: key),
                as: UTF8.self
            )
            #expect(text.contains(server.seed.job.id.description))
            #expect(try await server.send(.GET, poll, as: listener).decode(TaskAgentMessageWire.self) == message)
            let number = try #require(message.messageId)
            #expect(
                try await server.send(.DELETE, "\(pool)/messages/\(number)?sessionId=\(id)", as: listener).status == 204
            )
        }
    }

    @Test("a lease is renewed, and the request ends with the result that old listeners send")
    func leases() async throws {
        try await LiveServer.with { server in
            let listener = LiveServer.Sender.bearer(try server.listener)
            let path = "/_apis/distributedtask/pools/1/jobrequests/1"
            let renewed = try await server.send(
                .PATCH,
                "\(path)?lockToken=00000000-0000-0000-0000-000000000000",
                as: listener,
                body: #"{"requestId":1,"lockedUntil":null}"#
            )
            let wire = try renewed.decode(TaskAgentJobRequestWire.self)
            let until = try #require(wire.lockedUntil)
            #expect(until > Date() + 500)
            let wrong = try await server.send(.PATCH, path, as: listener, body: #"{"result":"splendid"}"#)
            #expect(wrong.status == 400)
            let ended = try await server.send(.PATCH, path, as: listener, body: #"{"requestId":1,"result":"failed"}"#)
            #expect(ended.json["result"] as? String == "failed")
            // The listener may look at what it finished; a renewal now says that the request is gone.
            #expect(try await server.send(.GET, path, as: listener).json["result"] as? String == "failed")
            #expect(
                try await server.send(.PATCH, path, as: listener, body: "{}").typeKey == "TaskAgentJobNotFoundException"
            )
        }
    }
}
