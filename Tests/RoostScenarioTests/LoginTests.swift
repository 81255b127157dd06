import Foundation
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// `roost login` without a token, as a person does it, and the commands that follow.
@Suite("Signing in from the command line", .timeLimit(.minutes(6)))
struct LoginTests {
    /// Posts a form as the person who is signed in; where the browser is sent, or what it shows.
    private static func post(_ url: String, _ form: String, _ cluster: TestCluster) async throws -> String {
        let session = try cluster.plane.issueDashboardSession(pat: cluster.token.exposed, lifetime: .seconds(600))
        let lines = ["data = \(form)", "header = \"Cookie: roost_session=\(session?.exposed ?? "")\""]
        return try await curl(lines + ["write-out = %{redirect_url}", "url = \"\(url)\""], cluster)
    }

    private static func curl(_ lines: [String], _ cluster: TestCluster) async throws -> String {
        let path = "\(cluster.folder.path)/\(UUID()).curl"
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let program = try ChildProgram(
            executable: "/usr/bin/curl",
            ["--silent", "--show-error", "--config", path],
            folder: cluster.folder.path
        )
        return await program.finished().output
    }

    private static func roost(_ words: [String], _ cluster: TestCluster) throws -> ChildProgram {
        try ChildProgram(
            "roost",
            words,
            environment: ["XDG_CONFIG_HOME": cluster.folder.path, "BROWSER": "true", "ROOST_TOKEN": ""],
            folder: cluster.folder.path
        )
    }

    /// The commands after a login: with a token that is good, with one that has to be renewed, and after the logout.
    private static func checkCommands(_ cluster: TestCluster) async throws {
        let list = try await roost(["pool", "list"], cluster).finished()
        #expect(list.code == 0 && list.output.contains("Default"))
        let path = "\(cluster.folder.path)/roost/cli.json"
        let file = URL(filePath: path)
        var saved = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        )
        let refresh = try #require(saved["refreshToken"] as? String)
        saved["expiresAt"] = 0
        saved["token"] = "rotten"
        try JSONSerialization.data(withJSONObject: saved).write(to: file)
        let again = try await roost(["status"], cluster).finished()
        #expect(again.code == 0 && again.output.contains("admin"))
        let renewed = try String(contentsOf: file, encoding: .utf8)
        #expect(!renewed.contains(refresh) && !renewed.contains("rotten"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try FileManager.default.copyItem(atPath: path, toPath: "\(path).kept")
        #expect(try await roost(["logout"], cluster).finished().code == 0)
        // Whoever kept a copy of the file has nothing of it.
        try FileManager.default.moveItem(atPath: "\(path).kept", toPath: path)
        let refused = try await roost(["pool", "list"], cluster).finished()
        #expect(refused.code != 0 && refused.output.contains("sign-in"))
    }

    @Test("a code that is entered in a browser signs in; the token renews itself; logging out ends it on the server")
    func device() async throws {
        try await TestCluster.with(dashboard: true) { cluster in
            let login = try Self.roost(["login", cluster.address, "--device"], cluster)
            try await login.line(with: "enter the code")
            let line = login.lines.first { $0.contains("enter the code") } ?? ""
            let code = try #require(line.split(separator: " ").last?.dropLast())
            _ = try await Self.post("\(cluster.address)device/approve", "code=\(code)", cluster)
            let (status, printed) = await login.finished()
            #expect(status == 0 && printed.contains("as admin"))
            try await Self.checkCommands(cluster)
        }
    }

    @Test("the browser of this machine signs in")
    func browser() async throws {
        try await TestCluster.with(dashboard: true) { cluster in
            let login = try Self.roost(["login", cluster.address, "--browser"], cluster)
            try await login.line(with: "/oauth2/v2.0/authorize?")
            let address = try #require(login.lines.first { $0.contains("/oauth2/v2.0/authorize?") })
            let back = try await Self.post(address, "decision=approve", cluster)
            #expect(back.contains("http://127.0.0.1:"))
            let visit = try await Self.curl(["url = \"\(back)\""], cluster)
            #expect(visit.contains("Signed in"))
            let (status, printed) = await login.finished()
            #expect(status == 0 && printed.contains("as admin"))
            #expect(try await Self.roost(["pool", "list"], cluster).finished().code == 0)
        }
    }

    @Test("identities are made, shown, given secrets and deleted by commands")
    func identityCommands() async throws {
        try await TestCluster.with { cluster in
            func roost(_ words: String...) async throws -> (code: Int32, output: String) {
                let program = try ChildProgram(
                    "roost",
                    words,
                    environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed],
                    folder: cluster.folder.path
                )
                return await program.finished()
            }
            #expect(try await roost("identity", "create", "joiner", "--pool", "Default").code == 0)
            let secret = try await roost("identity", "add-secret", "joiner", "--days", "1").output
            #expect(secret.contains("rsi_") && secret.contains("not shown again"))
            let issuer = "https://token.actions.githubusercontent.com"
            let words = ["identity", "add-federated", "joiner", "--issuer", issuer, "--subject", "repo:a/b"]
            #expect(try await roost(words[0], words[1], words[2], words[3], words[4], words[5], words[6]).code == 0)
            let shown = try await roost("identity", "show", "joiner").output
            for part in ["pool 1", "repo:a/b", "Client id", "Tenant id"] { #expect(shown.contains(part)) }
            #expect(try await roost("identity", "disable", "joiner").code == 0)
            #expect(try await roost("identity", "list").output.contains("disabled"))
            let json = try await roost("identity", "show", "joiner", "--output", "json").output
            #expect(json.contains("\"isEnabled\" : false"))
            let keys = try await roost("identity", "rotate-signing-key")
            #expect(keys.code == 0 && keys.output.contains("SIGNS FROM"))
            #expect(try await roost("identity", "delete", "joiner").code == 0)
            let gone = try await roost("identity", "show", "joiner")
            #expect(gone.code != 0 && gone.output.contains("There is no identity 'joiner'"))
        }
    }
}
