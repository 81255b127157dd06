import Foundation
import Glibc
import RoostTesting
import Testing

/// `roost image build` with targets that packer builds: the real one, and one that is a script and tells what it was given.
@Suite("Builds by packer", .timeLimit(.minutes(3)))
struct PackerBuildTests {
    /// Looks at what it gets as anybody could, and answers as azure-arm does.
    private static let scripted = #"""
        #!/bin/bash
        [ "$1" = validate ] && { [ -z "$REFUSES" ] || { echo "Error: no plugin"; exit 1; }; exit 0; }
        template=${!#}
        folder=$(dirname "$template")
        { echo "words: $*"; stat -c '%a' "$folder" "$folder"/*.json; cat "$template" "$folder/values.json"; } > "$SEEN"
        tr '\0' '\n' < /proc/$$/cmdline > "$SEEN.cmdline"
        say() { echo "1700000000,$1"; }
        say ',ui,say,==> a: Creating machine'
        say ",ui,message,    a: the secret is $(grep -o 'hush[a-z-]*' "$folder/values.json")"
        if [ -n "$WAITS" ]; then
          trap 'echo cleaned > "$SEEN.cleaned"; say ",ui,error,==> a: removing the resource group"; exit 1' INT
          echo $$ > "$SEEN.pid"
          say ',ui,say,==> a: Waiting'
          while :; do sleep 0.05; done
        fi
        say 'a,artifact-count,1'
        say 'a,artifact,0,builder-id,Azure.ResourceManagement.VMImage'
        say 'a,artifact,0,id,/subscriptions/s/images/m'
        say 'a,artifact,0,string,Azure.ResourceManagement.VMImage:\n\nOSType: Linux\nManagedImageName: m\nManagedImageId: /subscriptions/s/images/m'
        say 'a,artifact,0,files-count,0'
        say 'a,artifact,0,end'
        say ',ui,say,--> a: Azure'
        """#

    private static func azure(_ credentials: String = "") -> String {
        """
        variable "client_secret" {
          default = ""
        }
        source "azure-arm" "a" {
          \(credentials)
          subscription_id                   = "s"
          os_type                           = "Linux"
          image_publisher                   = "p"
          image_offer                       = "o"
          image_sku                         = "k"
          location                          = "chinanorth3"
          managed_image_name                = "m"
          managed_image_resource_group_name = "g"
        }
        build {
          sources = ["azure-arm.a"]
          provisioner "shell" {
            execute_command = "{{.Vars}} sh {{.Path}}"
            inline          = ["echo on ${build.Host}"]
            pause_before    = "2s"
          }
        }

        """
    }

    private static let ownSecret = "client_id = \"c\"\n  client_secret = var.client_secret"

    /// A folder with the template and the scripted packer.
    private func program(_ template: String) throws -> BuildProgram {
        let program = try BuildProgram(["a.pkr.hcl": template])
        try program.addProgram("packer", Self.scripted)
        return program
    }

    private func environment(_ program: BuildProgram, _ more: [String: String] = [:]) -> [String: String] {
        let folder = program.folder
        return [
            "ROOST_IMAGE_PREFLIGHT": "off", "ROOST_PACKER": "\(folder)/packer", "SEEN": "\(folder)/seen",
            "XDG_CACHE_HOME": "\(folder)/cache",
        ].merging(more) { $1 }
    }

    private func builds(_ program: BuildProgram) -> [String] {
        let folder = "\(program.folder)/cache/roost/packer-builds"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0 != "door" }
    }

    @Test("packer gets the whole target; secrets are in files of the user alone, and in no argument and no line")
    func given() throws {
        let program = try program(Self.azure(Self.ownSecret))
        let answer = try program.roost(
            ["build", "-force", "-on-error=abort", "-machine-readable", "a.pkr.hcl"],
            environment: environment(program, ["PKR_VAR_client_secret": "hush-hush"])
        )
        #expect(answer.code == 0, "\(answer.output)")
        let seen = try #require(program.read("seen"))
        #expect(seen.contains("words: build -machine-readable -on-error=abort -force -var-file=/"), "\(seen)")
        #expect(seen.contains("\n700\n600\n600\n"))
        for part in [
            "\"type\": \"azure-arm\"", "\"name\": \"a\"", "\"client_secret\": \"{{user `secret_1`}}\"",
            "\"secret_1\": \"hush-hush\"", "\"pause_before\": \"2000ms\"", "echo on {{ build `Host` }}",
            "\"execute_command\": \"{{.Vars}} sh {{.Path}}\"", "\"sensitive-variables\"",
        ] {
            #expect(seen.contains(part), "\(part) in \(seen)")
        }
        #expect(program.read("seen.cmdline")?.contains("hush-hush") == false)
        #expect(!answer.output.contains("hush-hush"))
        #expect(answer.output.contains("the secret is <sensitive>"))
        #expect(answer.output.contains(",azure-arm.a,artifact,0,id,/subscriptions/s/images/m"), "\(answer.output)")
        #expect(answer.output.contains("Build 'azure-arm.a' finished after"))
        #expect(builds(program).isEmpty)
    }

    @Test(
        "the account of the environment signs in where the template has none, in any cloud",
        arguments: [
            (["ARM_OIDC_TOKEN": "hush"], ["\"client_jwt\": \"{{user `secret_1`}}\"", "\"secret_1\": \"hush\""]),
            (["ARM_CLIENT_SECRET": "hush"], ["\"client_secret\": \"{{user `secret_1`}}\""]),
            (["ARM_CLIENT_CERTIFICATE_PATH": "/dev/null"], ["\"client_cert_path\": \"/dev/null\""]),
            (["ARM_USE_CLI": "true"], ["\"use_azure_cli_auth\": true"]),
            (["ARM_USE_MSI": "true", "ARM_ENVIRONMENT": "AzureCloud"], ["\"cloud_environment_name\": \"Public\""]),
            (
                ["ARM_OIDC_TOKEN": "hush", "ARM_METADATA_HOSTNAME": "arm.example", "ARM_ENVIRONMENT": "Mine"],
                ["\"metadata_host\": \"arm.example\""]
            ),
        ]
    )
    func accounts(_ account: [String: String], _ parts: [String]) throws {
        let program = try program(Self.azure("client_secret = var.client_secret\n  tenant_id = \"\""))
        let all = ["ARM_CLIENT_ID": "the-client", "ARM_TENANT_ID": "the-tenant", "ARM_ENVIRONMENT": "china"]
        let answer = try program.roost(
            ["build", "a.pkr.hcl"],
            environment: environment(program, all.merging(account) { $1 })
        )
        #expect(answer.code == 0, "\(answer.output)")
        let seen = try #require(program.read("seen"))
        let cloud = account["ARM_ENVIRONMENT"] == nil ? ["\"cloud_environment_name\": \"China\""] : []
        for part in parts + cloud + ["\"client_id\": \"the-client\"", "\"subscription_id\": \"s\""] {
            #expect(seen.contains(part), "\(part) in \(seen)")
        }
        #expect(
            seen.contains("\"tenant_id\": \"the-tenant\"") == (account["ARM_USE_MSI"] ?? account["ARM_USE_CLI"] == nil)
        )
        #expect(!answer.output.contains("hush"))
    }

    @Test("the identity of the machine is never what is left when a secret was forgotten")
    func forgotten() throws {
        let program = try program(Self.azure(Self.ownSecret))
        let answer = try program.roost(["build", "a.pkr.hcl"], environment: environment(program))
        #expect(answer.code == 1)
        #expect(answer.output.contains("azure-arm.a says nowhere how to sign in to Azure"), "\(answer.output)")
        #expect(program.read("seen") == nil)
        let half = try program.roost(
            ["build", "a.pkr.hcl"],
            environment: environment(program, ["ARM_CLIENT_SECRET": "x", "ARM_TENANT_ID": "t"])
        )
        #expect(half.code == 1)
        #expect(half.output.contains("ARM_CLIENT_ID is missing"), "\(half.output)")
        let moon = try program.roost(
            ["build", "a.pkr.hcl"],
            environment: environment(program, ["ARM_USE_CLI": "1", "ARM_ENVIRONMENT": "moon"])
        )
        #expect(moon.output.contains("\"moon\", which packer does not know"), "\(moon.output)")
    }

    @Test("values that a task offers are for variables that are declared, and are secrets where it says so")
    func offered() throws {
        let program = try program(Self.azure(Self.ownSecret))
        let offer = #"{"values": {"client_secret": "hush-off", "other": "x"}, "secrets": ["client_secret"]}"#
        try Data(offer.utf8).write(to: URL(filePath: "\(program.folder)/offer.json"))
        try Data("client_secret=hush-line\n\n".utf8).write(to: URL(filePath: "\(program.folder)/values"))
        let all = environment(program, ["ROOST_OFFERED_VARIABLES": "\(program.folder)/offer.json"])
        let first = try program.roost(["build", "a.pkr.hcl"], environment: all)
        #expect(first.code == 0, "\(first.output)")
        #expect(!first.output.contains("other") && !first.output.contains("hush"), "\(first.output)")
        #expect(program.read("seen")?.contains("\"secret_1\": \"hush-off\"") == true)
        let second = try program.roost(["build", "--values-from", "values", "a.pkr.hcl"], environment: all)
        #expect(second.code == 0, "\(second.output)")
        #expect(program.read("seen")?.contains("\"secret_1\": \"hush-line\"") == true)
        try Data("nonsense\n".utf8).write(to: URL(filePath: "\(program.folder)/values"))
        let third = try program.roost(["build", "--values-from", "values", "a.pkr.hcl"], environment: all)
        #expect(third.code == 64)
        #expect(third.output.contains("Line 1 of values is not name=value."), "\(third.output)")
    }

    @Test("what packer refuses, and what it cannot be told, is said before anything starts")
    func refusals() throws {
        let program = try program(Self.azure("use_azure_cli_auth = true"))
        let answer = try program.roost(["build", "a.pkr.hcl"], environment: environment(program, ["REFUSES": "1"]))
        #expect(answer.code == 1)
        #expect(answer.output.contains("packer refuses to build azure-arm.a"), "\(answer.output)")
        #expect(answer.output.contains("Error: no plugin"))
        #expect(program.read("seen") == nil)
        let template = Self.azure("use_azure_cli_auth = true").replacing("${build.Host}", with: "${upper(build.Host)}")
        let other = try self.program(template)
        let refused = try other.roost(["build", "a.pkr.hcl"], environment: environment(other))
        #expect(refused.code == 1)
        #expect(refused.output.contains("cannot be handed to packer"), "\(refused.output)")
    }

    @Test("an interruption lets packer take away what it made, once")
    func interruption() async throws {
        let program = try program(Self.azure("use_azure_cli_auth = true"))
        let build = try ChildProgram(
            "roost",
            ["image", "build", "a.pkr.hcl"],
            environment: environment(program, ["WAITS": "1"]),
            folder: program.folder
        )
        try await build.line(with: "Waiting")
        let packer = try Self.pid(program)
        kill(build.pid, SIGTERM)
        let end = await build.finished()
        #expect(end.code == 1)
        #expect(end.output.contains("removing the resource group"), "\(end.output)")
        #expect(end.output.contains("Cleanly cancelled builds after being interrupted."))
        #expect(program.read("seen.cleaned") == "cleaned\n")
        #expect(kill(packer, 0) != 0)
        #expect(builds(program).isEmpty)
    }

    @Test("what a killed build leaves is asked to end and removed by the next")
    func killed() async throws {
        let program = try program(Self.azure("use_azure_cli_auth = true"))
        let waiting = environment(program, ["WAITS": "1"])
        let build = try ChildProgram(
            "roost",
            ["image", "build", "a.pkr.hcl"],
            environment: waiting,
            folder: program.folder
        )
        try await build.line(with: "Waiting")
        let packer = try Self.pid(program)
        kill(build.pid, SIGKILL)
        _ = await build.finished()
        #expect(kill(packer, 0) == 0)
        #expect(builds(program).count == 2)
        // The first asks it to end, and what it used stays until it has.
        let next = try program.roost(["build", "a.pkr.hcl"], environment: environment(program))
        #expect(next.code == 0, "\(next.output)")
        while !builds(program).isEmpty {
            let later = try program.roost(["build", "a.pkr.hcl"], environment: environment(program))
            try #require(later.code == 0)
        }
        #expect(program.read("seen.cleaned") == "cleaned\n")
    }

    /// Of the scripted packer, when it waits.
    private static func pid(_ program: BuildProgram) throws -> pid_t {
        let text = program.read("seen.pid")?.trimmingCharacters(in: .whitespacesAndNewlines)
        return try #require(text.flatMap { pid_t($0) })
    }

    // MARK: The real packer

    private static let docker = #"""
        #!/bin/sh
        echo "$*" >> "$SEEN"
        case "$1" in
          -v) echo "Docker version 20.10.0, build 1" ;;
          run) echo c0ffee ;;
          commit) echo sha256:1234 ;;
        esac
        """#

    @Test(
        "the real packer builds, runs its own post-processors and gives the artifacts",
        .enabled(if: BuildProgram.hasPacker, "Packer is not installed"),
        arguments: ["hcl", "json"]
    )
    func real(_ language: String) throws {
        let hcl = """
            source "docker" "d" {
              image        = "debian"
              pull         = false
              commit       = true
              communicator = "none"
            }
            build {
              sources = ["docker.d"]
              provisioner "shell-local" {
                inline = ["echo built $PACKER_BUILD_NAME of $PACKER_BUILDER_TYPE", "echo {{ 1 }} > never"]
              }
              post-processors {
                post-processor "docker-tag" {
                  repository = "r"
                  tag        = ["1"]
                }
                post-processor "manifest" {
                  output = "m.json"
                }
              }
            }

            """.replacing(", \"echo {{ 1 }} > never\"", with: "")
        let json = """
            {"builders": [{"type": "docker", "name": "d", "image": "debian", "pull": false, "commit": true,
            "communicator": "none"}], "provisioners": [{"type": "shell-local",
            "inline": ["echo built $PACKER_BUILD_NAME of $PACKER_BUILDER_TYPE"]}],
            "post-processors": [[{"type": "docker-tag", "repository": "r", "tag": ["1"]},
            {"type": "manifest", "output": "m.json"}]]}
            """
        let file = language == "hcl" ? "a.pkr.hcl" : "a.json"
        let program = try BuildProgram([file: language == "hcl" ? hcl : json])
        try program.addProgram("bin/docker", Self.docker)
        let environment = [
            "PATH": "\(program.folder)/bin:/usr/local/bin:/usr/bin:/bin", "SEEN": "\(program.folder)/seen",
            "XDG_CACHE_HOME": "\(program.folder)/cache", "HOME": program.folder,
        ]
        let answer = try program.roost(["build", "--output", "json", file], environment: environment)
        #expect(answer.code == 0, "\(answer.output)")
        let name = language == "hcl" ? "docker.d" : "d"
        #expect(answer.output.contains("    \(name): built d of docker"), "\(answer.output)")
        #expect(answer.output.contains("==> \(name) (docker-tag): "))
        #expect(answer.output.contains("packer.post-processor.docker-tag"))
        #expect(answer.output.contains("sha256:1234"))
        #expect(program.read("m.json")?.contains("\"builder_type\": \"docker\"") == true)
        #expect(program.read("seen")?.contains("rm c0ffee") == true)
        #expect(builds(program).isEmpty)
    }
}
