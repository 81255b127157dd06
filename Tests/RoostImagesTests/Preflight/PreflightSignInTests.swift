import Foundation
import RoostTesting
import Testing

/// Every way in which a template signs in to a cloud.
@Suite("Signing in before a build")
struct PreflightSignInTests {
    private typealias Command = PreflightCommandTests

    private func write(_ text: String, _ name: String, in folder: ScratchFolder) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }

    /// Checks a template with the lines that say how one signs in.
    private func answer(
        _ lines: String,
        _ cloud: ScriptedCloud,
        in folder: ScratchFolder,
        environment: [String: String] = [:],
        programs: String
    ) async throws -> Command.Answer.Template {
        cloud.fill()
        let template = """
            source "azure-arm" "a" {
              metadata_host = "\(cloud.address)"
              os_type = "Linux"
              vm_size = "Standard_D2s_v3"
              location = "westeurope"
              managed_image_name = "made"
              managed_image_resource_group_name = "images"
            \(PreflightTemplate.source)
            \(lines)
            }
            build {
              sources = ["azure-arm.a"]
            }

            """
        try write(template, "a.pkr.hcl", in: folder)
        let words = ["--within", "30", "--output", "json", "a.pkr.hcl"]
        let (_, output) = try await Command.run(words, in: folder, path: programs, environment: environment)
        #expect(!output.contains("hush"))
        return try Command.answer(output)
    }

    private static let client = """
          client_id = "22222222-2222-4222-8222-222222222222"
          subscription_id = "\(ScriptedCloud.subscription)"
        """

    @Test(
        "a secret, an id token and where one is had sign in; the tenant is asked for",
        arguments: [
            "client_secret = \"\(ScriptedCloud.secret)\"", "client_jwt = \"\(ScriptedCloud.secret)\"",
            "oidc_request_token = \"\(ScriptedCloud.secret)\"\n  oidc_request_url = \"ADDRESS/idtoken\"",
        ]
    )
    func secrets(_ lines: String) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let programs = try Command.programs(folder, "packer")
        try await ScriptedCloud.with { cloud in
            let own = lines.replacing("ADDRESS", with: cloud.address)
            let answer = try await answer("\(Self.client)\n\(own)", cloud, in: folder, programs: programs)
            #expect(answer.passed, "\(answer.diagnostics.map(\.summary))")
            #expect(cloud.requests.contains { $0.path == "/scripted-tenant/oauth2/v2.0/token" })
        }
    }

    @Test("a certificate signs in, of PKCS#12 with its password or of PEM; a wrong password is told")
    func certificate() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let programs = try Command.programs(folder, "packer")
        let files = try CertificateFiles(in: folder.path)
        let pack = [
            "openssl", "pkcs12", "-export", "-inkey", files.key, "-in", files.certificate, "-passout", "pass:hush-word",
            "-out", "\(folder.path)/app.pfx",
        ]
        #expect(try ShortCommand.run(pack).code == 0)
        let pem = try [files.key, files.certificate].map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        try write(pem, "both.pem", in: folder)
        try await ScriptedCloud.with { cloud in
            func passed(_ file: String, _ password: String) async throws -> [String] {
                let lines =
                    "\(Self.client)\n  tenant_id = \"t\"\n  client_cert_path = \"\(folder.path)/\(file)\"\n  client_cert_password = \"\(password)\""
                return try await answer(lines, cloud, in: folder, programs: programs).diagnostics.map(\.summary)
            }
            let (pfx, pem) = (try await passed("app.pfx", "hush-word"), try await passed("both.pem", "hush-word"))
            let wrong = try await passed("app.pfx", "other-hush")
            #expect(pfx == [] && pem == [])
            #expect(wrong.first?.contains("cannot be opened") == true, "\(wrong)")
        }
    }

    @Test("the identity of the machine signs in where there is one")
    func machine() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let programs = try Command.programs(folder, "packer")
        try await ScriptedCloud.with { cloud in
            let answer = try await answer(
                "subscription_id = \"\(ScriptedCloud.subscription)\"",
                cloud,
                in: folder,
                environment: [
                    "IDENTITY_ENDPOINT": "\(cloud.address)/machine", "IDENTITY_HEADER": ScriptedCloud.secret,
                ],
                programs: programs
            )
            // That no authentication is given stays a warning.
            #expect(answer.passed)
            #expect(answer.diagnostics.map(\.code) == ["component.azure-authentication"])
        }
    }

    @Test("a template of Image Builder is asked about with the session of az, in its cloud")
    func session() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let programs = try Command.programs(folder, "az")
        try await ScriptedCloud.with { cloud in
            cloud.fill()
            let az = """
                #!/bin/sh
                case "$1 $2" in
                  "cloud show") echo '{"endpoints":{"resourceManager":"\(cloud.address)","activeDirectory":"\(cloud.address)"}}' ;;
                  "account get-access-token") echo '{"accessToken":"\(ScriptedCloud.token)","subscription":"\(ScriptedCloud.subscription)"}' ;;
                  *) exit 2 ;;
                esac

                """
            try Data(az.utf8).write(to: URL(filePath: "\(programs)/az"))
            let root = "/subscriptions/\(ScriptedCloud.subscription)/resourceGroups"
            let gallery = "\(root)/images/providers/Microsoft.Compute/galleries/agents/images/missing"
            let subnet = "\(root)/net-a/providers/Microsoft.Network/virtualNetworks/build/subnets/none"
            let template = """
                {"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "location": "westeurope",
                 "identity": {"type": "None"},
                 "properties": {
                  "source": {"type": "PlatformImage", "publisher": "Debian", "offer": "debian-12", "sku": "12-gen2"},
                  "customize": [{"type": "Shell", "name": "a", "inline": ["true"]}],
                  "vmProfile": {"vmSize": "Standard_D2s_v3", "vnetConfig": {
                    "subnetId": "\(subnet)"}},
                  "distribute": [{"type": "SharedImage", "runOutputName": "o",
                    "galleryImageId": "\(gallery)",
                    "targetRegions": [{"name": "eastus2"}]}]}}

                """
            try write(template, "a.json", in: folder)
            let words = ["--within", "30", "--output", "json", "a.json"]
            let (_, output) = try await Command.run(words, in: folder, path: "\(programs):/usr/bin:/bin")
            let answer = try Command.answer(output)
            let marks = answer.diagnostics.filter { $0.code.hasPrefix("preflight.") }.map(\.mark)
            #expect(Set(marks) == ["7 subnet", "9 definition", "10 region"], "\(output)")
            #expect(!output.contains(ScriptedCloud.token))
        }
    }

    @Test("where az has no session, that is told, and what to do")
    func noSession() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let programs = try Command.programs(folder, "packer", "az")
        try Data("#!/bin/sh\necho \"Please run 'az login'\" >&2\nexit 1\n".utf8)
            .write(to: URL(filePath: "\(programs)/az"))
        try await ScriptedCloud.with { cloud in
            let answer = try await answer(
                "use_azure_cli_auth = true",
                cloud,
                in: folder,
                programs: "\(programs):/usr/bin:/bin"
            )
            let problem = try #require(answer.diagnostics.first)
            #expect(answer.diagnostics.count == 1 && problem.code == "preflight.sign-in")
            #expect(problem.summary.contains("Please run 'az login'") && problem.advice == "Sign in with 'az login'.")
        }
    }
}
