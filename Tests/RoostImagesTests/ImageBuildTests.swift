import Foundation
import RoostTesting
import Testing

/// `roost image build` as a person runs it, beside the real packer where it is there.
@Suite("roost image build")
struct ImageBuildTests {
    private static func null(_ steps: String) -> String {
        "source \"null\" \"n\" {\n  communicator = \"none\"\n}\nbuild {\n  sources = [\"null.n\"]\n\(steps)\n}\n"
    }

    private static let wholeTemplate = """
        source "file" "f" {
          target  = "out.txt"
          content = "hello"
        }
        build {
          name    = "b"
          sources = ["file.f"]
          provisioner "shell-local" {
            inline = ["echo out $PACKER_BUILD_NAME $PACKER_BUILDER_TYPE", "sleep 0.05; echo warning >&2"]
          }
          provisioner "shell-local" {
            environment_vars = ["A=it's", "B=2"]
            execute_command  = ["/bin/sh", "-c", "echo {{.Vars}}; {{.Vars}} {{.Script}}"]
            inline           = ["echo $A $B"]
          }
          provisioner "shell-local" {
            command          = "exit 7"
            valid_exit_codes = [0, 7]
            pause_before     = "10ms"
          }
          provisioner "breakpoint" {
            note    = "look"
            disable = true
          }
          post-processor "checksum" {
            checksum_types = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]
            output         = "sums.{{.ChecksumType}}"
          }
          post-processors {
            post-processor "manifest" {
              output      = "m.json"
              custom_data = { a = "<1>", b = "two" }
            }
            post-processor "shell-local" {
              inline = ["echo after $PACKER_BUILD_NAME"]
            }
          }
        }

        """

    @Test(
        "files and lines are those of packer",
        .enabled(if: BuildProgram.hasPacker, "Packer is not installed"),
        arguments: [["-color=false"], ["-machine-readable"]]
    )
    func whole(_ flags: [String]) throws {
        let (ours, theirs) = (
            try BuildProgram(["a.pkr.hcl": Self.wholeTemplate]), try BuildProgram(["a.pkr.hcl": Self.wholeTemplate])
        )
        let here = try ours.run("image", flags)
        let there = try theirs.run("packer", flags)
        #expect(here.code == 0)
        #expect(here.output.normalised == there.output.normalised)
        for name in ["out.txt", "m.json", "sums.md5", "sums.sha224", "sums.sha512"] {
            #expect(ours.read(name)?.normalised == theirs.read(name)?.normalised, "\(name)")
            #expect(ours.read(name) != nil)
        }
    }

    @Test(
        "what fails, and when, is told as packer does",
        .enabled(if: BuildProgram.hasPacker, "Packer is not installed")
    )
    func failures() throws {
        let failing = Self.null(
            """
              provisioner "shell-local" {
                inline      = ["echo one; exit 3"]
                max_retries = 1
              }
            """
        )
        let program = try BuildProgram(["a.pkr.hcl": failing])
        for flags in [["-color=false"], ["-machine-readable"]] {
            let (here, there) = (try program.run("image", flags), try program.run("packer", flags))
            #expect(here.code == there.code)
            #expect(here.output.normalised == there.output.normalised)
        }
    }

    @Test(
        "compressed files hold what packer's do",
        .enabled(if: BuildProgram.hasPacker, "Packer is not installed"),
        arguments: ["c.tar.gz", "c.zip", "c.tar", "c.gz"]
    )
    func compression(_ output: String) throws {
        let text = """
            source "file" "f" {
              target  = "out.txt"
              content = "hello"
            }
            build {
              sources = ["file.f"]
              post-processor "compress" {
                output              = "\(output)"
                keep_input_artifact = false
              }
            }

            """
        let (ours, theirs) = (try BuildProgram(["a.pkr.hcl": text]), try BuildProgram(["a.pkr.hcl": text]))
        let here = try ours.roost("build", "a.pkr.hcl")
        #expect(here.code == 0, "\(here.output)")
        #expect(try theirs.packer("build", "a.pkr.hcl").code == 0)
        #expect(ours.files.filter { !$0.hasPrefix(".") } == theirs.files.filter { !$0.hasPrefix(".") })
        #expect(!ours.files.contains("out.txt"))
        let list = "case $0 in *.tar*) tar -xOf $0 out.txt;; *.zip) unzip -p $0 out.txt;; *) gzip -dc $0;; esac"
        let held = try ShortCommand.run(["sh", "-c", list, "\(ours.folder)/\(output)"])
        #expect(String(decoding: held.output, as: UTF8.self) == "hello")
    }

    /// Whether a process is there and has not ended.
    private static func isRunning(_ number: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(number)/stat") else { return false }
        return !String(decoding: data, as: UTF8.self).contains(") Z ")
    }

    @Test("a limit of time holds together with a pause, and ends everything that was started")
    func limits() throws {
        let program = try BuildProgram([
            "a.pkr.hcl": Self.null(
                """
                  provisioner "shell-local" {
                    inline       = ["echo $$ > pid; sleep 1000 & echo $! > child; wait"]
                    pause_before = "10ms"
                    timeout      = "300ms"
                  }
                  error-cleanup-provisioner "shell-local" {
                    inline = ["echo cleaned > cleaned"]
                  }
                """
            )
        ])
        let answer = try program.roost("build", "a.pkr.hcl")
        #expect(answer.code == 1)
        #expect(answer.output.contains("Pausing 10ms before the next provisioner..."))
        #expect(answer.output.contains("The provisioner shell-local took longer than 300ms"))
        #expect(program.read("cleaned") == "cleaned\n")
        for name in ["pid", "child"] {
            let number = try #require(program.read(name)?.trimmingCharacters(in: .newlines))
            #expect(!Self.isRunning(number), "\(name)")
        }
    }

    @Test("what happens after an error is what -on-error says")
    func onError() throws {
        let program = try BuildProgram([
            "a.pkr.hcl": Self.null(
                """
                  provisioner "shell-local" {
                    inline            = ["exit 4"]
                    continue_on_error = true
                  }
                  provisioner "shell-local" {
                    inline = ["exit 3"]
                  }
                  provisioner "shell-local" {
                    inline = ["echo never > never"]
                  }
                  error-cleanup-provisioner "shell-local" {
                    inline = ["echo x >> cleaned"]
                  }
                """
            )
        ])
        for (choice, count) in [("cleanup", 1), ("abort", 1), ("run-cleanup-provisioner", 2), ("ask", 3)] {
            let answer = try program.roost("build", "-on-error=\(choice)", "a.pkr.hcl")
            #expect(answer.code == 1)
            #expect(answer.output.contains("exit status: 3.Allowed exit codes are: [0]"))
            #expect(program.read("cleaned") == String(repeating: "x\n", count: count), "\(choice)")
        }
        #expect(program.read("never") == nil)
    }

    @Test("what nobody here builds is refused before anything starts, all of it")
    func refusals() throws {
        let program = try BuildProgram([
            "a.pkr.hcl": """
            source "null" "n" {
              communicator = "none"
            }
            source "lxd" "l" {
              image = "i"
            }
            build {
              sources = ["null.n", "lxd.l"]
              provisioner "shell-local" {
                inline = ["echo started > started"]
              }
              provisioner "windows-restart" {}
            }

            """
        ])
        let answer = try program.roost(["build", "a.pkr.hcl"], environment: ["ROOST_PACKER": "/nowhere/packer"])
        #expect(answer.code == 1)
        #expect(answer.output.contains("lxd.l has to be built by packer: the program /nowhere/packer is not there"))
        #expect(answer.output.contains("nothing runs the builder \"lxd\""))
        #expect(answer.output.contains("nothing runs the provisioner \"windows-restart\""))
        #expect(answer.output.contains("-except"))
        #expect(program.read("started") == nil)
    }

    @Test("an interruption cleans up and says so", arguments: ["INT", "TERM"])
    func interruption(_ signal: String) throws {
        let program = try BuildProgram([
            "a.pkr.hcl": Self.null(
                """
                  provisioner "shell-local" {
                    inline = ["echo $$ > pid.new; mv pid.new pid; kill -\(signal) $PPID; sleep 1000"]
                  }
                """
            )
        ])
        let answer = try program.roost("build", "a.pkr.hcl")
        #expect(answer.code == 1)
        #expect(answer.output.contains("Cleanly cancelled builds after being interrupted."))
        let number = try #require(program.read("pid")?.trimmingCharacters(in: .newlines))
        #expect(!Self.isRunning(number))
    }

    @Test(
        "secrets are masked in every form of output",
        arguments: [["-color=true"], ["-machine-readable"], ["-o", "json"]]
    )
    func secrets(_ flags: [String]) throws {
        let program = try BuildProgram([
            "a.pkr.hcl": """
            variable "password" {
              default   = "hunter22"
              sensitive = true
            }
            source "file" "f" {
              target  = "hunter22.txt"
              content = "x"
            }
            build {
              sources = ["file.f"]
              provisioner "shell-local" {
                environment_vars = ["P=${var.password}"]
                inline           = ["echo said $P; echo said $P >&2; tr '\\\\0' ' ' < /proc/$$/cmdline > line"]
              }
              post-processor "shell-local" {
                inline = ["echo later ${var.password}"]
              }
            }

            """
        ])
        let answer = try program.run("image", flags)
        #expect(answer.code == 0)
        #expect(answer.output.contains("said <sensitive>"))
        #expect(answer.output.contains("later <sensitive>"))
        #expect(answer.output.contains("Stored file: <sensitive>.txt"))
        #expect(!answer.output.contains("hunter22"))
        #expect(program.read("line")?.contains("hunter22") == false)
    }
}

extension BuildProgram {
    /// Builds the template with one of both programs.
    fileprivate func run(_ program: String, _ flags: [String]) throws -> Answer {
        try build(with: program, flags + ["a.pkr.hcl"])
    }
}
