import CryptoExtras
import Foundation
import RoostModel
import Testing

@testable import RoostServer

/// Another server stands for the cloud: its authorization server takes secrets, certificates and id tokens as a cloud's does.
@Suite("Service connections of every kind", .timeLimit(.minutes(6)))
struct ConnectionKindTests {
    private static func cloud(_ authority: LiveServer) -> [String: String] {
        [
            "environment": "Private", "environmentUrl": authority.app.address,
            "environmentAuthorityUrl": authority.app.address,
            "activeDirectoryServiceEndpointResourceId": AccessTokenClaims.serviceAudience,
        ]
    }

    private static func draft(
        _ name: String,
        _ kind: ConnectionKind,
        _ authority: LiveServer,
        _ identity: DirectoryIdentity,
        _ proof: [String: String] = [:]
    ) -> TaskConnectionDraft {
        let own = ["tenantid": authority.tenant, "serviceprincipalid": identity.clientID.uuidString.lowercased()]
        return TaskConnectionDraft(
            name: name,
            type: "azurerm",
            scheme: kind.scheme,
            parameters: own.merging(proof) { $1 },
            data: cloud(authority)
        )
    }

    private func verify(_ server: LiveServer, _ connection: TaskConnection) async throws -> LiveServer.Answer {
        let project = PercentCoding.encode(server.seed.project.name)
        return try await server.send(
            .POST,
            "/\(project)/_apis/serviceendpoint/endpointproxy?endpointId=\(connection.id)",
            body: #"{"dataSourceDetails": {"dataSourceName": "TestConnection"}}"#
        )
    }

    private func problem(_ server: LiveServer, _ connection: TaskConnection) async throws -> String {
        let answer = try await verify(server, connection)
        #expect(answer.status == 200, "\(answer.text)")
        #expect((answer.json["statusCode"] as? String == "ok") == (answer.json["errorMessage"] as? String == ""))
        return answer.json["errorMessage"] as? String ?? "no answer"
    }

    @Test("a secret, a certificate and an id token each let in; what is wrong is named with the kind")
    func kinds() async throws {
        try await LiveServer.with { authority in
            try await LiveServer.with { server in
                let plane = server.app.plane
                let project = server.seed.project.id
                let (identity, secret, _) = try await authority.identity()
                func make(_ draft: TaskConnectionDraft) async throws -> TaskConnection {
                    try await plane.createTaskConnection(draft, in: project, by: .system)
                }
                let bySecret = try await make(
                    Self.draft("by-secret", .secret, authority, identity, ["serviceprincipalkey": secret])
                )
                #expect(try await problem(server, bySecret) == "")
                var moved = Self.cloud(authority)
                moved["environmentAuthorityUrl"] = "https://elsewhere.example"
                let elsewhere = TaskConnectionDraft(data: moved)
                let move = await #expect(throws: ControlError.self) {
                    _ = try await plane.updateTaskConnection(bySecret, elsewhere, by: .system)
                }
                #expect(move?.summary.contains("'serviceprincipalkey' would be sent to the new one") == true)
                let wrong = try await plane.updateTaskConnection(
                    bySecret,
                    TaskConnectionDraft(parameters: ["ServicePrincipalKey": "not-the-secret"]),
                    by: .system
                )
                #expect(wrong.verification == nil, "a change is not verified")
                let refused = try await problem(server, wrong)
                #expect(refused.hasPrefix("The service connection 'by-secret' (secret): http://"), "\(refused)")
                #expect(refused.contains("AADSTS7000215") && refused.contains("--secret-file"))
                #expect(!refused.contains("not-the-secret"))

                let certificate = try TestCertificate(in: server.folder)
                let pem = certificate.pem + certificate.key.pemRepresentation
                let byCertificate = try await make(
                    Self.draft(
                        "by-certificate",
                        .certificate,
                        authority,
                        identity,
                        ["servicePrincipalCertificate": pem]
                    )
                )
                #expect(byCertificate.kind == .certificate)
                let warned = plane.credentialWarnings(at: Date()).first { $0.credential.kind == .connectionCertificate }
                #expect(warned?.credential.name == "by-certificate", "it ends in two days")
                #expect(try await problem(server, byCertificate).contains("AADSTS700027"))
                _ = try await authority.app.plane.addCertificate(
                    to: "deployer",
                    name: "",
                    pem: certificate.pem,
                    by: .system
                )
                #expect(try await problem(server, byCertificate) == "")
                #expect(try await server.store.everything().contains("PRIVATE KEY") == false)
            }
        }
    }

    @Test("a federated connection is let in by issuer, subject and audience, each of which must be right")
    func federation() async throws {
        try await LiveServer.with { authority in
            try await LiveServer.with { server in
                let (identity, _, _) = try await authority.identity()
                let connection = try await server.app.plane.createTaskConnection(
                    Self.draft("prod", .federation, authority, identity),
                    in: server.seed.project.id,
                    by: .system
                )
                let path = "/\(PercentCoding.encode(server.seed.project.name))/_apis/serviceendpoint/endpoints/prod"
                let shown = try await server.send(.GET, path).json
                let parameters = (shown["authorization"] as? [String: Any])?["parameters"] as? [String: String] ?? [:]
                let subject = try #require(parameters["workloadIdentityFederationSubject"])
                #expect(subject == "sc://roost/Fabrikam Fibre/prod")
                #expect(parameters["workloadIdentityFederationIssuer"] == server.app.plane.tokenIssuerURL)
                #expect(parameters["tenantid"] == authority.tenant, "what is no secret is shown")
                #expect(shown["kind"] as? String == "federation")
                func trust(_ subject: String, _ audience: String) async throws -> UUID {
                    let rule = FederatedCredential(
                        id: UUID(),
                        name: "",
                        issuer: server.app.plane.tokenIssuerURL,
                        subject: subject,
                        audience: audience
                    )
                    _ = try await authority.app.plane.addFederation(to: "deployer", rule, by: .system)
                    return rule.id
                }
                let usual = FederatedCredential.defaultAudience
                for (subject, audience) in [("\(subject)-2", usual), (subject, "api://other")] {
                    let id = try await trust(subject, audience)
                    let refused = try await problem(server, connection)
                    #expect(refused.contains("AADSTS70021") && refused.contains("(federation)"), "\(refused)")
                    _ = try await authority.app.plane.removeCredential(id, from: "deployer", by: .system)
                }
                _ = try await trust(subject, usual)
                #expect(try await problem(server, connection) == "")
                let events = try await server.app.plane.auditEvents(limit: 5, before: nil)
                #expect(events.contains { $0.action == "service-connection.verify" && $0.detail == "it lets us in" })
            }
        }
    }

    @Test("what only a job can try, and what nobody can reach, is said as such")
    func unverifiable() async throws {
        try await LiveServer.with { server in
            let plane = server.app.plane
            let project = server.seed.project.id
            let machine = try await plane.createTaskConnection(
                TaskConnectionDraft(name: "machine", type: "azurerm", scheme: "ManagedServiceIdentity"),
                in: project,
                by: .system
            )
            #expect(machine.data["environment"] == "AzureCloud" && machine.url == "https://management.azure.com/")
            let only = try await verify(server, machine)
            #expect(only.status == 400 && only.message.contains("which only that machine can try"), "\(only.text)")
            let generic = try await plane.createTaskConnection(
                TaskConnectionDraft(name: "other", type: "generic", url: "https://example.invalid"),
                in: project,
                by: .system
            )
            #expect(try await verify(server, generic).message.contains("of the type 'generic'"))
            var away = TaskConnectionDraft(name: "away", type: "azurerm", scheme: "ServicePrincipal")
            away.parameters = ["tenantid": "t", "serviceprincipalid": "c", "serviceprincipalkey": "hush-hush"]
            away.data = [
                "environment": "Private", "environmentUrl": "https://127.0.0.1:1",
                "environmentAuthorityUrl": "https://127.0.0.1:1", "activeDirectoryServiceEndpointResourceId": "x",
            ]
            let lost = try await plane.createTaskConnection(away, in: project, by: .system)
            let unreachable = try await problem(server, lost)
            #expect(unreachable.contains("127.0.0.1") && !unreachable.contains("hush-hush"), "\(unreachable)")
        }
    }

    @Test(
        "clouds are data: national ones by name or alias, others by their endpoints; all that is wrong is said at once"
    )
    func clouds() async throws {
        try await LiveServer.with { server in
            let path = "/\(PercentCoding.encode(server.seed.project.name))/_apis/serviceendpoint/endpoints"
            func post(_ text: String) async throws -> LiveServer.Answer {
                try await server.send(.POST, path, body: text)
            }
            let made = try await post(
                """
                { "name": "cn", "type": "AzureRM", "url": "", "data": { "environment": "china" },
                  "authorization": { "scheme": "WorkloadIdentityFederation",
                    "parameters": { "tenantid": "t", "serviceprincipalid": "c" } } }
                """
            )
            #expect(made.status == 200, "\(made.text)")
            let data = made.json["data"] as? [String: String] ?? [:]
            #expect(data["environment"] == "AzureChinaCloud")
            #expect(data["environmentAuthorityUrl"] == "https://login.chinacloudapi.cn/")
            #expect(data["workloadIdentityFederationAudience"] == "api://AzureADTokenExchangeChina")
            #expect(made.json["url"] as? String == "https://management.chinacloudapi.cn/")
            // What a client read is sent back with another cloud: the endpoints follow.
            var back = made.json
            var changed = data
            changed["environment"] = "AzureUSGovernment"
            back["data"] = changed
            let text = String(decoding: try JSONSerialization.data(withJSONObject: back), as: UTF8.self)
            let kept = try await server.send(.PUT, "\(path)/cn", body: text)
            let now = try #require(server.app.plane.taskConnection("cn", in: server.seed.project.id))
            #expect(kept.status == 200 && now.cloud?.name == "AzureUSGovernment")

            let bad = try await post(
                """
                { "name": "bad", "type": "azurerm", "data": { "environment": "Nowhere" },
                  "authorization": { "scheme": "ServicePrincipal",
                    "parameters": { "authenticationType": "spnCertificate", "servicePrincipalCertificate": "x" } } }
                """
            )
            #expect(bad.status == 400)
            for part in [
                "its cloud 'Nowhere' is none of AzureCloud, AzureChinaCloud, AzureUSGovernment",
                "environmentAuthorityUrl",
                "it has no 'tenantid'", "it has no 'serviceprincipalid'", "there is no certificate in it",
            ] {
                #expect(bad.message.contains(part), "\(bad.message)")
            }
        }
    }
}
