import Foundation
import RoostTesting
import Testing

/// Look-ups as a person runs them, with servers that are there.
@Suite("Commands for images that ask other servers")
struct LookupCommandTests {
    private static let hcl = """
        variable "user" {
          default = vault("secret/data/app", "user")
        }
        variable "port" {
          default = consul_key("app/web port")
        }
        variable "several" {
          default = aws_secretsmanager("several", "user")
        }
        data "http" "page" {
          url = "ADDRESS/page"
        }
        locals {
          shown = "${data.http.page.body} for ${upper("all")}"
        }
        source "null" "a" {
          communicator = "none"
        }
        build {
          sources = ["null.a"]
          provisioner "shell-local" {
            inline = ["echo ${var.user} ${var.port} ${local.shown}"]
          }
        }

        """

    private static let json = """
        {
          "variables": {"user": "{{vault `secret/data/app` `user`}}", "port": "{{consul_key `app/web port`}}",
            "text": "{{aws_secretsmanager_raw `plain`}}"},
          "builders": [{"type": "null", "communicator": "none"}],
          "provisioners": [{"type": "shell-local", "inline": ["echo {{user `user`}} {{user `port`}} {{user `text`}}"]}]
        }
        """

    private func run(
        _ words: [String],
        _ stores: ScriptedStores,
        token: String = "v-token",
        in folder: ScratchFolder
    )
        async throws -> (code: Int32, output: String)
    {
        let environment = [
            "VAULT_ADDR": stores.address, "VAULT_TOKEN": token, "CONSUL_HTTP_ADDR": stores.address,
            "CONSUL_HTTP_TOKEN": "c-token", "CONSUL_NAMESPACE": "team", "AWS_REGION": "us-west-2",
            "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "aws-hush", "AWS_ENDPOINT_URL": stores.address,
            "HOME": folder.path,
        ]
        for (name, text) in [("a.pkr.hcl", Self.hcl), ("a.json", Self.json)] {
            let whole = text.replacing("ADDRESS", with: stores.address)
            try Data(whole.utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
        }
        let program = try ChildProgram("roost", ["image"] + words, environment: environment, folder: folder.path)
        return await program.finished()
    }

    @Test("without being told to, nobody is asked, and the template is valid", arguments: ["a.pkr.hcl", "a.json"])
    func silent(_ file: String) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try await ScriptedStores.with { stores in
            let (code, output) = try await run(["validate", file], stores, in: folder)
            #expect(code == 0, "\(output)")
            #expect(stores.requests.isEmpty)
        }
    }

    @Test("with --lookups values are known, and not shown", arguments: ["a.pkr.hcl", "a.json"])
    func asked(_ file: String) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try await ScriptedStores.with { stores in
            let words = ["inspect", "--lookups", "-evaluate-datasources", "--output", "json", file]
            let (code, output) = try await run(words, stores, in: folder)
            #expect(code == 0, "\(output)")
            #expect(stores.requests.count == (file == "a.json" ? 3 : 4))
            for secret in ["ann", "8080", "v-token", "aws-hush"] { #expect(!output.contains("\(secret) ")) }
            #expect(!output.contains("\"ann\"") && !output.contains("\"8080\""), "\(output)")
            if file == "a.pkr.hcl" { #expect(output.contains("a page for ALL"), "\(output)") }
        }
    }

    @Test("a value that cannot be had is an error at its place, without secrets", arguments: ["a.pkr.hcl", "a.json"])
    func failed(_ file: String) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try await ScriptedStores.with { stores in
            let (code, output) = try await run(
                ["validate", "--lookups", file],
                stores,
                token: "other-token",
                in: folder
            )
            #expect(code == 1)
            #expect(output.contains("Vault answers with status 403: permission denied for •••"), "\(output)")
            #expect(output.contains("\(file):2:"), "\(output)")
            #expect(!output.contains("other-token"))
        }
    }

    @Test("hcl decode names all files that cannot be read")
    func missing() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let words = ["hcl", "decode", "no.hcldec", "no1.hcl", "no2.hcl"]
        let (code, output) = try await ChildProgram("roost", words, folder: folder.path).finished()
        #expect(code == 1)
        #expect(output.contains("no.hcldec, no1.hcl, no2.hcl: error: 3 files cannot be read."), "\(output)")
    }
}
