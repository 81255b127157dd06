import Foundation
import RoostTesting
import Testing

@testable import RoostTemplate

/// `roost image` as a person runs it, beside the real packer where it is there.
@Suite("roost image")
struct ImageCommandTests {
    private static let template = """
        variable "place" {
          default     = "north"
          description = "Where it is built."
        }
        variable "password" {
          default   = "hunter22"
          sensitive = true
        }
        variable "needed" {
          type = string
        }
        variable "names" {
          default = ["a", "b"]
        }
        locals {
          greeting = "${var.place}-l"
          sizes    = { small = 1, large = var.names }
        }
        source "null" "one" {
          communicator = "none"
        }
        source "null" "two" {
          communicator = "none"
        }
        build {
          name        = "first"
          description = "The first one."
          sources     = ["source.null.one", "null.two"]
          provisioner "shell-local" {
            inline = ["echo ${var.password} ${var.needed}"]
          }
          post-processor "manifest" {}
          post-processors {
            post-processor "artifice" {
              files = ["x"]
            }
            post-processor "compress" {
              output = "y.tar.gz"
            }
          }
          provisioner "shell-local" {
            inline = ["echo again"]
          }
        }
        build {
          sources = ["null.one"]
        }

        """

    @Test("inspect shows what packer shows", .enabled(if: ImageProgram.hasPacker, "Packer is not installed"))
    func inspect() throws {
        let program = try ImageProgram(["a.pkr.hcl": Self.template])
        for words in [["a.pkr.hcl"], ["-var", "needed=n", "."], ["-var=needed=n", "-var", "place=s", "a.pkr.hcl"]] {
            let ours = try program.roost(["inspect"] + words)
            #expect(ours.output == (try program.packer(["inspect"] + words).output))
            #expect(ours.code == 0)
            #expect(ours.errors.isEmpty)
        }
    }

    @Test("a console answers as packer's does", .enabled(if: ImageProgram.hasPacker, "Packer is not installed"))
    func console() throws {
        let program = try ImageProgram(["a.pkr.hcl": Self.template])
        for line in ["variables", "local.sizes", "upper(var.place)", "var.password", "var.names"] {
            let ours = try program.roost("console", "-var", "needed=n", "a.pkr.hcl", input: "\(line)\n")
            let theirs = try program.packer("console", "-var", "needed=n", "a.pkr.hcl", input: "\(line)\n")
            #expect(ours.output.trimmingCharacters(in: .newlines) == theirs.output.trimmingCharacters(in: .newlines))
            #expect(ours.code == theirs.code)
        }
        let several = try program.roost("console", "-var", "needed=n", "a.pkr.hcl", input: "1 + 1\n\n2 + 2\nexit\n3\n")
        #expect(several.output == "4\n")
        let wrong = try program.roost("console", "a.pkr.hcl", input: "var.plaice\n")
        #expect(wrong.code == 1)
        #expect(wrong.errors.contains("Did you mean \"place\"?"))
    }

    @Test("the exit code and the last line say whether a template is valid")
    func validate() throws {
        let program = try ImageProgram(["a.pkr.hcl": Self.template])
        let unset = try program.roost("validate", "a.pkr.hcl")
        #expect(unset.code == 1)
        #expect(unset.errors.contains("a.pkr.hcl:30:39: error: Unset variable \"needed\""))
        let valid = try program.roost("validate", "-var", "needed=n", ".")
        #expect(valid.code == 0)
        #expect(valid.output == "The configuration is valid.\n")
        #expect(valid.errors.isEmpty)
        let syntax = try program.roost("validate", "-syntax-only", "a.pkr.hcl")
        #expect(syntax.output == "Syntax-only check passed. Everything looks okay.\n")
        let wrong = try program.roost("validate", "-var", "needed=n", "-var", "plaice=s", "a.pkr.hcl")
        #expect(wrong.code == 1)
        #expect(wrong.errors.contains("Did you mean \"place\"?"))
        #expect(try program.roost("validate", "nowhere").errors.contains("'nowhere' cannot be read"))
        #expect(try program.roost("validate").code == 64)
    }

    @Test("what scripts read holds the same as what a person reads")
    func json() throws {
        struct Answer: Decodable {
            struct Entry: Decodable {
                struct Place: Decodable {
                    let file: String
                    let line: Int
                    let column: Int
                }
                let severity: String
                let code: String
                let place: Place?
            }
            let valid: Bool
            let errors: Int
            let targets: [String]
            let diagnostics: [Entry]
        }
        let program = try ImageProgram(["a.pkr.hcl": Self.template])
        let answer = try program.roost("validate", "--output", "json", "--only", "first.*", "a.pkr.hcl")
        let read = try JSONDecoder().decode(Answer.self, from: Data(answer.output.utf8))
        #expect(answer.code == 1)
        #expect(answer.errors.isEmpty)
        #expect(!read.valid && read.errors == 1)
        #expect(read.targets == ["first.null.one", "first.null.two"])
        #expect(read.diagnostics.map(\.code) == ["hcl.packer.unset"])
        #expect(read.diagnostics.first?.place?.line == 30)
    }

    @Test(
        "what is secret is shown in no form",
        arguments: [
            ["inspect"], ["inspect", "-machine-readable"], ["inspect", "--output", "json"],
            ["validate", "-machine-readable"], ["validate"], ["validate", "--output", "json"],
        ]
    )
    func secrets(_ words: [String]) throws {
        // The secret stands in the line that an error shows, and in a message.
        let wrong = """
            source "null" "three" {
              communicatr = "hunter22"
              ssh_port    = var.password
            }
            build {
              sources = ["null.three"]
            }

            """
        let program = try ImageProgram(["a.pkr.hcl": Self.template, "b.pkr.hcl": wrong])
        let answer = try program.roost(words + ["."])
        // Who only looks is not told what components take.
        #expect(answer.code == (words[0] == "validate" ? 1 : 0))
        #expect(!(answer.output + answer.errors).contains("hunter22"))
        let isTold = words[0] == "validate" || words.contains("json")
        #expect((answer.output + answer.errors).contains("communicatr") == isTold)
    }

    @Test("a secret in the name of a file does not hide the name")
    func secretInName() throws {
        let text = """
            source "null" "a" {
              communicator = "none"
              ssh_password = "vagrant"
              ssh_prot     = "vagrant"
            }
            build {
              sources = ["null.a"]
            }

            """
        let program = try ImageProgram(["vagrant.pkr.hcl": text])
        let answer = try program.roost("validate", "vagrant.pkr.hcl")
        #expect(answer.errors.contains("vagrant.pkr.hcl:4:3: error: "))
        #expect(answer.errors.contains("  4 |   ssh_prot     = \"<sensitive>\""))
    }

    @Test("lines for machines are fields between commas")
    func machineLines() throws {
        let program = try ImageProgram(["a.pkr.hcl": Self.template])
        let lines = try program.roost("inspect", "-machine-readable", "a.pkr.hcl").output.split(separator: "\n")
        let fields = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        #expect(fields.allSatisfy { $0.count >= 4 && Int($0[0]) != nil })
        #expect(fields.contains { Array($0[2...]) == ["template-variable", "place", "north", "0"] })
        #expect(fields.contains { Array($0[2...]) == ["template-variable", "password", "<sensitive>", "0"] })
        #expect(fields.contains { Array($0[2...]) == ["template-variable", "needed", "", "1"] })
        #expect(fields.contains { Array($0[2...]) == ["template-builder", "first.null.two", "null"] })
    }

    @Test("fmt does what packer fmt does", .enabled(if: ImageProgram.hasPacker, "Packer is not installed"))
    func formatLikePacker() throws {
        let files = ["x.pkr.hcl": "a=1\nbb  = 2\n", "y.pkrvars.hcl": "a=1\nbb  = 2\n", "z.pkr.hcl": "a = 1\n"]
        let (ours, theirs) = (try ImageProgram(files), try ImageProgram(files))
        for words in [
            ["fmt", "-check", "."], ["fmt", "-diff", "-write=false", "."], ["fmt", "."], ["fmt", "-check", "."],
        ] {
            let (a, b) = (try ours.roost(words), try theirs.packer(words))
            #expect(a.code == b.code)
            #expect(a.output == b.output)
        }
        for name in files.keys { #expect(try ours.read(name) == (try theirs.read(name))) }
    }

    @Test("fmt changes nothing that is no HCL, and keeps a file's rights")
    func format() throws {
        let program = try ImageProgram(["bad.pkr.hcl": "a={\n", "deep/x.pkr.hcl": "a=1\n", "t.json": "{}"])
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o640],
            ofItemAtPath: "\(program.folder)/deep/x.pkr.hcl"
        )
        let bad = try program.roost("fmt", "-recursive", ".")
        #expect(bad.code == 1)
        #expect(bad.errors.contains("bad.pkr.hcl:2:1: error:"))
        #expect(bad.output == "deep/x.pkr.hcl\n")
        #expect(try program.read("bad.pkr.hcl") == "a={\n")
        #expect(try program.read("deep/x.pkr.hcl") == "a = 1\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(program.folder)/deep/x.pkr.hcl")
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(try program.roost("fmt", "-", input: "a=1").output == "a = 1")
        #expect(try program.roost("fmt", "t.json").code == 1)
        #expect(try program.roost("fmt", "nowhere").errors.contains("There is no file or folder 'nowhere'"))
    }

    @Test(
        "fmt gives the files of the corpus the bytes that packer gives them",
        .enabled(if: ImageProgram.hasPacker, "Packer is not installed"),
        arguments: Shared.files(Shared.images, ending: ".pkr.hcl")
    )
    func corpus(_ path: String) throws {
        let text = String(decoding: try Shared.bytes("\(Shared.images ?? "")/\(path)"), as: UTF8.self)
        let (ours, theirs) = (try ImageProgram(["t.pkr.hcl": text]), try ImageProgram(["t.pkr.hcl": text]))
        #expect(try ours.roost("fmt", "t.pkr.hcl").code == 0)
        #expect(try theirs.packer("fmt", "t.pkr.hcl").code == 0)
        #expect(try ours.read("t.pkr.hcl") == (try theirs.read("t.pkr.hcl")))
        #expect(try ours.roost("fmt", "-check", "t.pkr.hcl").code == 0)
    }
}
