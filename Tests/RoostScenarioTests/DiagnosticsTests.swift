import Foundation
import Glibc
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// Bundles for whoever looks into a fault, from agents in which secrets lie wherever they can.
@Suite("Bundles for diagnosis", .timeLimit(.minutes(4)))
struct DiagnosticsTests {
    /// A bundle, unpacked.
    struct Unpacked: Sendable {
        let files: [String: String]

        init(_ archive: String, to folder: String) throws {
            let done = try ShortCommand.run(["unzip", "-q", archive, "-d", folder])
            guard done.code == 0 else { throw TestFailure("\(archive) cannot be unpacked") }
            let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            var files: [String: String] = [:]
            for name in names {
                let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
                if let data { files[name] = String(decoding: data, as: UTF8.self) }
            }
            self.files = files
        }

        subscript(_ name: String) -> String { files[name] ?? "" }

        /// The only file whose name begins so.
        func file(_ start: String) -> String { files.first { $0.key.hasPrefix(start) }?.value ?? "" }

        /// Files with a secret, as it is or in a form that gives it away.
        func leaks(_ secret: String) -> [String] {
            let forms = [
                secret, Data(secret.utf8).base64EncodedString(),
                secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret,
            ]
            return files.filter { file in forms.contains { file.value.contains($0) } }.map(\.key)
        }
    }

    private static func random(_ start: String) -> String { "\(start)\(UUID().uuidString.prefix(13).lowercased())" }

    @Test("logs, findings, configuration and capabilities are in it, and no secret that was put anywhere")
    func planted() async throws {
        try await TestCluster.with { cluster in
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            let done = try await folder.configure(
                ["--unattended", "--url", cluster.address, "--auth", "pat", "--pool", "Default", "--agent", "one"]
                    + ["--keyprotection", "file"],
                environment: ["VSTS_AGENT_INPUT_TOKEN": cluster.token.exposed]
            )
            guard done.code == 0 else { throw TestFailure(done.output) }
            let agent = try await folder.run()
            agent.send(SIGTERM)
            await agent.end()
            let secrets = try Self.plant(in: folder)
            let environment = [
                "VSTS_HTTP_PROXY_PASSWORD": secrets["variable"] ?? "", "DEPLOY_TOKEN": secrets["environment"] ?? "",
                "https_proxy": "http://somebody:\(secrets["url"] ?? "")@proxy.example:3128",
                "HARMLESS": "harmless value",
            ]
            let archive = "\(cluster.folder.path)/bundle.zip"
            let words = ["diagnostics", "--root", folder.path, "--output", archive]
            let program = try ChildProgram("roost-agent", words, environment: environment, folder: folder.path)
            let (code, output) = await program.finished()
            #expect(code == 0, "\(output)")
            let mode = try FileManager.default.attributesOfItem(atPath: archive)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let bundle = try Unpacked(archive, to: "\(cluster.folder.path)/unpacked")
            for (place, secret) in secrets {
                #expect(bundle.leaks(secret) == [], "the secret of \(place): \(secret)")
                #expect(!output.contains(secret), "the secret of \(place)")
            }
            for (name, text) in [
                ("README.txt", "doctor.txt"), ("doctor.txt", "Agent 'one' of pool 'Default'"),
                ("doctor.json", "\"topic\" : \"configuration\""), ("versions.txt", "git version"),
                ("environment.txt", "HARMLESS=harmless value"), ("environment.txt", "DEPLOY_TOKEN=***"),
                ("capabilities.txt", "Agent.Name=one"), ("configuration/agent", "\"agentName\""),
                ("configuration/env", "BUILD_TOKEN=***"), ("configuration/proxybypass", ".*"),
                ("configuration/secrets.txt", "There is .credentials_rsaparams"),
                ("logs/warm-up.log", "it fetched http://somebody:***@example.org/"), ("disk.txt", "Filesystem"),
                ("jobs.txt", "No job runs."),
            ] {
                #expect(bundle[name].contains(text), "\(text) in \(name): \(bundle[name])")
                #expect(output.contains("  \(name) "), "\(name) is mentioned")
            }
            #expect(bundle.file("logs/Agent_").contains("the listener starts"))
            #expect(bundle.file("logs/Agent_").contains(#"{"password": "***", "name": "kept"}"#))
            #expect(bundle.file("logs/Agent_").contains(#"{"secret": "***", "left": "kept as well"}"#))
            #expect(bundle.file("logs/Worker_").contains("a line that stays"))
            #expect(bundle.files.keys.allSatisfy { !$0.contains("credentials_") && !$0.contains("proxycredentials") })
            // What is there already is somebody's.
            let (again, told) = try await ChildProgram("roost-agent", words, folder: folder.path).finished()
            #expect(again == 1 && told.contains("bundle.zip' could not be written: File exists"), "\(told)")
        }
    }

    /// Puts secrets wherever one may lie; gives them by the place.
    private static func plant(in folder: AgentFolder) throws -> [String: String] {
        func write(_ name: String, _ text: String, adds: Bool = false) throws {
            let path = "\(folder.path)/\(name)"
            let known = adds ? (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" : ""
            try (known + text).write(toFile: path, atomically: true, encoding: .utf8)
        }
        var secrets: [String: String] = [:]
        for place in ["proxy", "file", "variable", "environment", "url", "env", "capability", "log", "header", "page"] {
            secrets[place] = random("\(place.prefix(2))-")
        }
        let odd = random("p@ss:w/rd+")
        secrets["odd"] = odd
        for place in ["behind a blank", "behind a comma", "behind a quote"] { secrets[place] = random("q-") }
        let jwt = "eyJhbGciOiJSUzI1NiJ9.\(random("eyJzdWIi")).\(random("c2ln"))"
        secrets["web token"] = jwt
        let token = "rst_\(random("a")).\(random("b"))"
        secrets["token"] = token
        try write(".proxy", "http://agent:\(secrets["proxy"] ?? "")@127.0.0.1:9\nbasicauth=true\n")
        try write(".proxycredentials", "username=agent\npassword=\(odd)\n")
        try write(".proxybypass", ".*\n")
        try write(".env", "BUILD_TOKEN=\(secrets["env"] ?? "")\n", adds: true)
        try write(".capabilities", "Registry.Password=\(secrets["capability"] ?? "")\n")
        let key = try String(contentsOfFile: "\(folder.path)/.credentials_rsaparams", encoding: .utf8)
        let member =
            try #require(
                try JSONSerialization.jsonObject(with: Data(key.utf8)) as? [String: Any]
            )["d"] as? String
        secrets["key"] = member
        let diagnostics = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/_diag")
        let log = try #require(diagnostics.first { $0.hasPrefix("Agent_") })
        let lines = [
            "password=\(secrets["log"] ?? "") of somebody", "Authorization: Bearer \(secrets["header"] ?? "")",
            "{\"password\": \"two \(secrets["behind a blank"] ?? "")\", \"name\": \"kept\"}",
            "password=one,\(secrets["behind a comma"] ?? "");other=kept too",
            "{\"secret\": \"a\\\"b \(secrets["behind a quote"] ?? "")\", \"left\": \"kept as well\"}",
            "it had \(odd) and \(member ?? "")", "{\"access_token\": \"\(secrets["page"] ?? "")\"}",
        ]
        try write("_diag/\(log)", lines.map { "\($0)\n" }.joined(), adds: true)
        try write("_diag/Worker_20990101-000000-utc.log", "a line that stays\n\(jwt)\nwith \(token) in it\n")
        try write("_diag/warm-up.log", "it fetched http://somebody:\(secrets["url"] ?? "")@example.org/\n")
        return secrets
    }

    @Test("a folder without an agent has one too")
    func empty() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let program = try ChildProgram("roost-agent", ["diagnostics", "--root", folder.path], folder: folder.path)
        let (code, output) = await program.finished()
        #expect(code == 0, "\(output)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let archive = try #require(names.first { $0.hasPrefix("roost-agent-none-") && $0.hasSuffix(".zip") })
        let bundle = try Unpacked("\(folder.path)/\(archive)", to: "\(folder.path)/unpacked")
        #expect(bundle["doctor.txt"].contains("No agent is configured"))
    }

    private static let yaml = """
        variables:
          agent.diagnostic: true
        steps:
        - checkout: none
        - bash: |
            echo "##vso[task.setsecret]SECRET"
            echo "##vso[task.setvariable variable=shown]with SECRET in it"
          name: first
        - bash: exit 3
          name: second
          condition: always()
        """

    @Test("a run asks for the bundles of its jobs, which are attachments without their secrets")
    func ofJob() async throws {
        let secret = Self.random("job-")
        let repository = try ScratchRepository([
            "azure-pipelines.yml": Self.yaml.replacingOccurrences(of: "SECRET", with: secret)
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            try await cluster.withRealAgent {
                let run = try await cluster.queue(pipeline)
                #expect(try await cluster.finished(run.id).run.state == .completed(.failed))
                let type = "DistributedTask.Core.DiagnosticLog"
                let entry = try #require(try await cluster.plane.attachments(run: run.id, type: type).first)
                #expect(entry.name.hasSuffix("-diagnostics.zip"))
                let bytes = try await cluster.plane.attachment(
                    run: run.id,
                    record: RecordID(entry.record),
                    type: type,
                    name: entry.name
                )
                let archive = "\(cluster.folder.path)/job.zip"
                try Data(try #require(bytes)).write(to: URL(filePath: archive))
                let bundle = try Unpacked(archive, to: "\(cluster.folder.path)/job")
                #expect(bundle.leaks(secret) == [])
                #expect(bundle["variables.txt"].contains("shown=with *** in it"), "\(bundle["variables.txt"])")
                #expect(bundle["job.txt"].contains("first (Bash@"), "\(bundle["job.txt"])")
                #expect(bundle["job.txt"].contains(": failed, "), "\(bundle["job.txt"])")
                #expect(bundle.file("logs/Worker_").contains("a step has ended"))
                #expect(bundle.file("logs/Agent_").contains("a job begins"))
            }
        }
    }

    @Test(
        "the unit and the journal of a service are in it",
        .enabled(if: SystemdMachine.isPossible, "needs root, namespaces and systemd")
    )
    func service() async throws {
        let secret = Self.random("unit-")
        let steps = """
            set -e
            ./svc.sh install nobody
            unit=$(head -n 1 .service)
            mkdir -p "/etc/systemd/system/$unit.d"
            printf '[Service]\\nEnvironment="DEPLOY_TOKEN=\(secret)"\\n' >"/etc/systemd/system/$unit.d/own.conf"
            systemctl daemon-reload
            ./svc.sh start
            until systemctl status "$unit" | grep -q 'Listening for Jobs'; do sleep 0.1; done
            bin/roost-agent diagnostics --output bundle.zip
            ./svc.sh uninstall
            echo "it is gone"
            """
        try await TestCluster.with { cluster in
            try await SystemdMachine.withAgent("roost-diagnostics-", of: cluster) { folder, _ in
                let ended = try await SystemdMachine.run(steps, in: folder)
                #expect(ended.code == 0 && ended.output.contains("it is gone"), "\(ended.output)")
                let bundle = try Unpacked("\(folder.path)/bundle.zip", to: "\(folder.path)/unpacked")
                #expect(bundle["service/unit.txt"].contains("ExecStart="), "\(bundle["service/unit.txt"])")
                #expect(bundle["service/unit.txt"].contains("DEPLOY_TOKEN=***"), "\(bundle["service/unit.txt"])")
                #expect(bundle["service/status.txt"].contains("active (running)"), "\(bundle["service/status.txt"])")
                #expect(bundle["service/journal.txt"].contains("journalctl"), "\(bundle["service/journal.txt"])")
                #expect(bundle.leaks(secret) == [])
            }
        }
    }
}
