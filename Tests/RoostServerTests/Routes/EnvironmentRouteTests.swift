import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("Environments, checks and variable groups over HTTP")
struct EnvironmentRouteTests {
    private static let base = "/Fabrikam%20Fibre/_apis"

    @Test("an environment is made, found, changed and removed in the shape clients know")
    func environments() async throws {
        try await LiveServer.with { server in
            let path = "\(Self.base)/distributedtask/environments"
            let made = try await server.send(.POST, path, body: #"{"name": "prod", "description": "real"}"#)
            #expect(made.status == 200)
            #expect(made.json["id"] as? Int == 1)
            #expect((made.json["project"] as? [String: Any])?["name"] as? String == "Fabrikam Fibre")
            #expect((made.json["createdBy"] as? [String: Any])?["displayName"] as? String == "ada")
            #expect(try await server.send(.GET, "\(path)?name=pr*").list.count == 1)
            #expect(try await server.send(.GET, "\(path)?name=x").list.isEmpty)
            #expect(try await server.send(.GET, "/Other/_apis/distributedtask/environments").list.isEmpty)
            let changed = try await server.send(.PATCH, "\(path)/1", body: #"{"concurrencyLimit": 2}"#)
            #expect(changed.json["concurrencyLimit"] as? Int == 2)
            #expect(changed.json["description"] as? String == "real")
            #expect(try await server.send(.PATCH, "\(path)/1", body: #"{"concurrencyLimit": -2}"#).status == 400)
            let machine = try await server.send(
                .POST,
                "\(Self.base)/roost/environments/1/machines",
                body: #"{"agentId": 1, "tags": ["web"]}"#
            )
            let resources = machine.json["resources"] as? [[String: Any]] ?? []
            #expect(resources.map { $0["name"] as? String } == ["build-01"])
            #expect(resources.first?["type"] as? String == "virtualMachine")
            #expect(try await server.send(.DELETE, "\(Self.base)/roost/environments/1/machines/BUILD-01").status == 200)
            #expect(try await server.send(.GET, "\(path)/1/environmentdeploymentrecords").list.isEmpty)
            let missing = try await server.send(.GET, "\(path)/7")
            #expect(missing.status == 404 && missing.message.contains("There is no environment '7'"))
            #expect(try await server.send(.DELETE, "\(path)/1").status == 204)
            #expect(try await server.send(.GET, path).list.isEmpty)
            let again = try await server.send(.POST, path, body: #"{"name": "prod"}"#)
            #expect(again.json["id"] as? Int == 2, "a number is given once")
        }
    }

    private static let samples: [(String, String)] = [
        (
            #""type": {"name": "Approval"}, "settings": {"approvers": [{"displayName": "ann"}], "executionOrder": 2, "minRequiredApprovers": 1, "instructions": "look", "requesterCannotBeApprover": true}"#,
            #"{"approvers":["ann"],"executionOrder":"inSequence","instructions":"look","minRequiredApprovers":1,"requesterCannotBeApprover":true}"#
        ),
        (#""type": {"id": "2EF31AD6-BAA0-403A-8B45-2CBC9B4E5563", "name": "ExclusiveLock"}"#, "{}"),
        (
            #""type": {"id": "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7"}, "settings": {"definitionRef": {"id": "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b"}, "inputs": {"allowedBranches": "main, refs/heads/release/*"}}"#,
            #"{"allowedBranches":"main,refs/heads/release/*"}"#
        ),
        (
            #""type": {"name": "Task Check"}, "settings": {"definitionRef": {"name": "evaluateBusinessHours"}, "inputs": {"businessDays": "Friday, Monday", "startTime": "9:00", "endTime": "17:30", "timeZone": "UTC+02:00"}}"#,
            #"{"businessDays":"Monday, Friday","endTime":"17:30","startTime":"09:00","timeZone":"UTC+02:00"}"#
        ),
        (
            #""type": {"name": "ExtendsCheck"}, "settings": {"extendsChecks": [{"repositoryName": "team/t", "templatePath": "safe.yml"}]}"#,
            #"{"templatePath":"safe.yml"}"#
        ),
    ]

    @Test("every kind of check comes back as it was given", arguments: 0..<samples.count)
    func checks(_ place: Int) async throws {
        let (draft, expected) = Self.samples[place]
        try await LiveServer.with { server in
            _ = try await server.send(.POST, "\(Self.base)/distributedtask/environments", body: #"{"name": "prod"}"#)
            let path = "\(Self.base)/pipelines/checks/configurations"
            let resource = #""resource": {"type": "environment", "id": "1"}"#
            let made = try await server.send(.POST, path, body: "{\(draft), \(resource), \"timeout\": 90}")
            #expect(made.status == 200, "\(made.text)")
            #expect(made.json["timeout"] as? Int == 90)
            let listed = try await server.send(.GET, "\(path)?resourceType=environment&resourceId=1")
            let check = try #require(listed.list.first)
            #expect((check["resource"] as? [String: Any])?["name"] as? String == "prod")
            #expect(Self.brief(check["settings"] as? [String: Any] ?? [:]) == expected)
            let changed = try await server.send(.PATCH, "\(path)/1", body: #"{"timeout": 5}"#)
            #expect(changed.json["version"] as? Int == 2 && changed.json["timeout"] as? Int == 5)
            #expect(try await server.send(.GET, "/Other/_apis/pipelines/checks/configurations/1").status == 404)
            #expect(try await server.send(.DELETE, "\(path)/1").status == 204)
            #expect(try await server.send(.GET, "\(path)/1").status == 404)
        }
    }

    /// The parts of settings that say something, as one line.
    private static func brief(_ settings: [String: Any]) -> String {
        var brief = settings
        if let approvers = settings["approvers"] as? [[String: Any]] {
            brief["approvers"] = approvers.compactMap { $0["displayName"] as? String }
        }
        if let inputs = settings["inputs"] as? [String: String] {
            brief = inputs.filter { !["ensureProtectionOfBranch", "allowUnknownStatusBranch"].contains($0.key) }
        }
        if let templates = settings["extendsChecks"] as? [[String: Any]] {
            brief = ["templatePath": templates.first?["templatePath"] ?? ""]
        }
        let data = try? JSONSerialization.data(withJSONObject: brief, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    @Test(
        "a check that makes no sense is refused with what is wrong",
        arguments: [
            (#""type": {"name": "Approval"}, "settings": {"approvers": []}"#, "names no approver"),
            (
                #""type": {"name": "Approval"}, "settings": {"approvers": [{"displayName": "a"}], "minRequiredApprovers": 3}"#,
                "3 approvals are needed and there are 1 approvers"
            ),
            (#""type": {"name": "Approval"}, "settings": {"approvers": [{"id": "nobody"}]}"#, "no user with the id"),
            (#""type": {"name": "Magic"}"#, "there is no check of the kind 'Magic'"),
            (
                #""type": {"name": "Task Check"}, "settings": {"definitionRef": {"name": "evaluateBusinessHours"}, "inputs": {"businessDays": "Moonday"}}"#,
                "'Moonday' is not a list of days"
            ),
            (#""type": {"name": "Task Check"}, "settings": {"definitionRef": {"name": "other"}}"#, "the task 'other'"),
        ]
    )
    func badChecks(_ draft: String, _ problem: String) async throws {
        try await LiveServer.with { server in
            _ = try await server.send(.POST, "\(Self.base)/distributedtask/environments", body: #"{"name": "prod"}"#)
            let body = "{\(draft), \"resource\": {\"type\": \"environment\", \"id\": \"1\"}}"
            let answer = try await server.send(.POST, "\(Self.base)/pipelines/checks/configurations", body: body)
            #expect(answer.status == 400 && answer.message.contains(problem), "\(answer.text)")
        }
    }

    @Test("secrets of a variable group are never given out, and stay when a client sends them back empty")
    func groups() async throws {
        try await LiveServer.with { server in
            let draft = """
                {"name": "vg", "type": "Vsts", "variables": {"A": {"value": "1"}, "S": {"value": "hush", "isSecret": true}},
                 "variableGroupProjectReferences": [{"name": "vg", "projectReference": {"name": "Fabrikam Fibre"}}]}
                """
            let made = try await server.send(.POST, "/_apis/distributedtask/variablegroups", body: draft)
            #expect(made.status == 200 && !made.text.contains("hush"), "\(made.text)")
            let path = "\(Self.base)/distributedtask/variablegroups"
            let group = try #require(try await server.send(.GET, "\(path)?groupName=v*").list.first)
            let variables = try #require(group["variables"] as? [String: [String: Any]])
            #expect(variables["S"]?["isSecret"] as? Bool == true && variables["S"]?["value"] as? String == nil)
            let change = #"{"name": "vg", "variables": {"A": {"value": "2"}, "S": {"isSecret": true, "value": null}}}"#
            #expect(try await server.send(.PUT, "\(path)/1", body: change).status == 200)
            let kept = try #require(server.app.plane.variableGroups(in: nil).first)
            #expect(kept.variables["S"] == PipelineVariable(value: "hush", isSecret: true))
            #expect(kept.variables["A"]?.value == "2")
            #expect(try await server.send(.GET, "/Other/_apis/distributedtask/variablegroups/1").status == 404)
            #expect(try await server.send(.POST, path, body: #"{"name": "VG"}"#).status == 409)
            #expect(try await server.send(.POST, path, body: #"{"name": "x", "type": "AzureKeyVault"}"#).status == 400)
            #expect(try await server.send(.DELETE, "\(path)/1").status == 204)
        }
    }

    @Test("an approval is asked for by id, and a decision without a word is refused")
    func approvals() async throws {
        try await LiveServer.with { server in
            #expect(try await server.send(.GET, "/_apis/pipelines/approvals?state=pending").list.isEmpty)
            let id = UUID().uuidString
            #expect(try await server.send(.GET, "/_apis/pipelines/approvals/\(id)").status == 404)
            let body = #"[{"approvalId": "\#(id)", "status": "maybe"}]"#
            let answer = try await server.send(.PATCH, "\(Self.base)/pipelines/approvals", body: body)
            #expect(answer.status == 400 && answer.message.contains("'maybe' is neither"), "\(answer.text)")
        }
    }
}
