import Foundation
import RoostImages
import Synchronization
import Testing

/// Provisioners that work in a machine; here it is a folder of this one.
@Suite("Provisioners of machines")
struct MachineProvisionerTests {

    @Test("scripts see their variables, what the build knows, and are gone afterwards")
    func shell() async throws {
        let build = try HostBuild(
            """
              provisioner "shell" {
                environment_vars = ["A=it's", "B=${build.ID}"]
                env              = { C = "c" }
                remote_folder    = "${var.folder}"
                inline           = ["echo $A $B $C $PACKER_BUILD_NAME", "echo ${build.Password}"]
              }
              provisioner "shell" {
                environment_vars = ["A=it's"]
                remote_path      = "${var.folder}/custom"
                execute_command  = "chmod +x {{.Path}}; env {{.Vars}} sh {{.Path}}"
                scripts          = ["${var.folder}/s.sh"]
                skip_clean       = true
              }
              provisioner "shell" {
                environment_vars = ["A=it's"]
                remote_folder    = "${var.folder}"
                use_env_var_file = true
                inline           = ["echo file $A"]
              }
            """,
            files: ["s.sh": "echo from windows $A\r\n"]
        )
        let result = try await build.run()
        #expect(build.lines.contains("it's machine-1 c m"))
        #expect(build.lines.contains("<sensitive>"))
        #expect(build.lines.contains("from windows it's"))
        #expect(build.lines.contains("file it's"))
        #expect(build.program.files == ["a.pkr.hcl", "custom", "s.sh"])
        guard case .finished(let artifacts)? = result?.outcome else {
            Issue.record("\(build.lines)")
            return
        }
        #expect(artifacts.map(\.text) == ["This machine"])
        #expect(build.machine.isDiscarded.withLock { $0 })
    }

    @Test("files and folders go in and come out as their slashes say")
    func files() async throws {
        let build = try HostBuild(
            """
              provisioner "file" {
                content     = "text"
                destination = "${var.folder}/content"
              }
              provisioner "file" {
                source      = "a.txt"
                destination = "${var.folder}/in/"
              }
              provisioner "file" {
                source      = "${var.folder}/content"
                destination = "out/renamed"
                direction   = "download"
              }
              provisioner "file" {
                source      = "${var.folder}/content"
                destination = "out/folder/"
                direction   = "download"
              }
            """,
            files: ["a.txt": "a"]
        )
        try FileManager.default.createDirectory(atPath: "\(build.program.folder)/in", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            atPath: "\(build.program.folder)/out",
            withIntermediateDirectories: true
        )
        let result = try await build.run()
        guard case .finished? = result?.outcome else {
            Issue.record("\(String(describing: result))")
            return
        }
        #expect(build.program.read("in/a.txt") == "a")
        #expect(build.program.read("out/renamed") == "text")
        #expect(build.program.read("out/folder/content") == "text")
    }

    @Test("a result that is there already is not made again, and only what the machine has counts")
    func layers() async throws {
        let steps = """
              provisioner "shell-local" {
                inline = ["true"]
              }
              provisioner "shell" {
                remote_path = "/nonexistent/x"
                script      = "s.sh"
              }
            """
        let first = try HostBuild(steps, files: ["s.sh": "echo one\n"])
        guard case .failed? = try await first.run()?.outcome else {
            Issue.record("there is no such folder")
            return
        }
        let keys = first.machine.keys.withLock { $0 }
        #expect(keys.map(\.name) == ["shell"])
        #expect(first.machine.isDiscarded.withLock { $0 })

        let known = Set(keys.map(\.digest))
        let second = try HostBuild(steps, files: ["s.sh": "echo one\n"], known: known)
        guard case .finished? = try await second.run()?.outcome else {
            Issue.record("\(second.lines)")
            return
        }
        #expect(second.lines.contains("==> Reusing the result of shell"))

        let changed = try HostBuild(steps, files: ["s.sh": "echo two\n"], known: known)
        guard case .failed? = try await changed.run()?.outcome else {
            Issue.record("\(changed.lines)")
            return
        }
    }

    @Test("a machine stays when the person wants it")
    func abort() async throws {
        let build = try HostBuild("  provisioner \"shell\" {\n    inline = [\"exit 9\"]\n  }")
        let result = try await build.run(ImageBuildOptions(onError: .abort))
        guard case .failed(let reason)? = result?.outcome else {
            Issue.record("\(build.lines)")
            return
        }
        #expect(reason == "Script exited with non-zero exit status: 9.Allowed exit codes are: [0]")
        #expect(!build.machine.isDiscarded.withLock { $0 })
    }
}
