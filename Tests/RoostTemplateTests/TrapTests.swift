import Foundation
import RoostTesting
import Testing

@testable import RoostTemplate

/// What surprises people in packer, and what happens here instead.
@Suite("Traps")
struct TrapTests {
    private static let null = "source \"null\" \"a\" {\n  communicator = \"none\"\n}\n"

    private func build(_ body: String) -> String { Self.null + "build {\n  sources = [\"null.a\"]\n\(body)\n}\n" }

    private func plan(_ program: ImageProgram, _ words: String...) throws -> [String: Any] {
        let answer = try program.roost(["inspect", "--output", "json"] + words)
        #expect(answer.code == 0, "\(answer.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
    }

    private func provisioner(_ plan: [String: Any]) throws -> [String: Any] {
        let target = try #require((plan["targets"] as? [[String: Any]])?.first)
        return try #require((target["provisioners"] as? [[String: Any]])?.first)
    }

    @Test("a pause and a limit of one provisioner both hold, in both languages")
    func pauseAndLimit() throws {
        let program = try ImageProgram([
            "a.pkr.hcl": build(
                "  provisioner \"shell-local\" {\n    inline = [\"x\"]\n    pause_before = \"10s\"\n    timeout = \"1m\"\n  }"
            ),
            "b.json": """
            {"builders": [{"type": "null", "communicator": "none"}],
             "provisioners": [{"type": "shell-local", "inline": ["x"], "pause_before": "10s", "timeout": "1m"}]}
            """,
        ])
        for name in ["a.pkr.hcl", "b.json"] {
            let step = try provisioner(try plan(program, name))
            #expect(step["pauseBeforeSeconds"] as? Double == 10)
            #expect(step["timeoutSeconds"] as? Double == 60)
        }
    }

    @Test("a variable that nobody defined is an error, not an empty text")
    func undefined() throws {
        let program = try ImageProgram([
            "a.pkr.hcl": "variable \"name\" {\n  default = \"x\"\n}\n"
                + build("  provisioner \"shell-local\" {\n    inline = [\"echo ${var.nmae}\"]\n  }"),
            "b.json": """
            {"variables": {"name": "x"}, "builders": [{"type": "null", "communicator": "none"}],
             "provisioners": [{"type": "shell-local", "inline": ["echo {{user `nmae`}}"]}]}
            """,
        ])
        for (name, place) in [("a.pkr.hcl", "10:26"), ("b.json", "2:")] {
            let answer = try program.roost("validate", name)
            #expect(answer.code == 1)
            #expect(answer.errors.contains("\(name):\(place)"))
            #expect(answer.errors.contains("Did you mean \"name\"?"))
        }
    }

    @Test("-only that matches nothing is an error that says what there is")
    func onlyNothing() throws {
        let program = try ImageProgram([
            "a.pkr.hcl": build(""), "b.json": "{\"builders\": [{\"type\": \"null\", \"communicator\": \"none\"}]}",
        ])
        for (name, known) in [("a.pkr.hcl", "null.a"), ("b.json", "null")] {
            let answer = try program.roost("validate", "-only=nothing", name)
            #expect(answer.code == 1)
            #expect(answer.errors.contains("nothing"))
            #expect(answer.errors.contains(known))
        }
    }

    @Test("without authentication, that a machine's identity is used is said, with what to give")
    func silentIdentity() throws {
        let program = try ImageProgram([
            "a.pkr.hcl": """
            source "azure-arm" "a" {
              image_publisher                   = "Canonical"
              image_offer                       = "o"
              image_sku                         = "s"
              location                          = "chinanorth3"
              os_type                           = "Linux"
              managed_image_name                = "i"
              managed_image_resource_group_name = "g"
            }
            build {
              sources = ["azure-arm.a"]
            }

            """
        ])
        let answer = try program.roost("validate", "a.pkr.hcl")
        #expect(answer.code == 0)
        #expect(answer.errors.contains("a.pkr.hcl:1:24: warning: builder \"azure-arm\" has no authentication"))
        #expect(answer.errors.contains("\"client_secret\""))
    }

    @Test("all errors are told at once, each with its line")
    func allAtOnce() throws {
        let program = try ImageProgram([
            "a.pkr.hcl": build(
                "  provisioner \"shell\" {\n    inlne = [\"a\"]\n  }\n  provisioner \"file\" {\n    source = var.nothing\n  }\n  provisioner \"shel\" {}"
            )
        ])
        let answer = try program.roost("validate", "a.pkr.hcl")
        let places = answer.errors.matches(of: /a\.pkr\.hcl:(\d+):\d+: error:/).map { String($0.1) }
        #expect(Set(places) == ["7", "9", "10", "12"])
        for line in ["7 |     inlne", "10 |     source = var.nothing", "12 |   provisioner \"shel\""] {
            #expect(answer.errors.contains(line))
        }
    }

    @Test("locals that need each other are told as a circle")
    func circle() throws {
        let program = try ImageProgram(["a.pkr.hcl": "locals {\n  a = local.b\n  b = local.a\n}\n" + build("")])
        #expect(try program.roost("validate", "a.pkr.hcl").errors.contains("local.a → local.b → local.a"))
    }

    @Test("plugins that are asked for are neither downloaded nor an error")
    func plugins() throws {
        let plugins = """
            packer {
              required_version = ">= 1.7.0"
              required_plugins {
                azure = {
                  source  = "github.com/hashicorp/azure"
                  version = "~> 2"
                }
              }
            }

            """
        let program = try ImageProgram(["a.pkr.hcl": plugins + build("")])
        #expect(try program.roost("validate", "a.pkr.hcl").code == 0)
    }

    @Test("a folder for results that exists is told before anything is built")
    func occupied() throws {
        let program = try ImageProgram([
            "a.pkr.hcl": """
            source "qemu" "a" {
              iso_url          = "https://example.org/x.iso"
              iso_checksum     = "none"
              ssh_username     = "root"
              output_directory = "out"
            }
            build {
              sources = ["qemu.a"]
            }

            """,
            "out/old": "x",
        ])
        let answer = try program.roost("validate", "a.pkr.hcl")
        #expect(answer.code == 0, "\(answer.errors)")
        #expect(answer.errors.contains("a.pkr.hcl:5:22: warning: The output folder \"out\" of qemu.a exists already"))
    }
}
