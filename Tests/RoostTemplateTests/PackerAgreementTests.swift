import Foundation
import RoostTesting
import Testing

@testable import RoostTemplate

/// Templates that packer takes or refuses, and what is said of them here.
@Suite("Agreement with packer")
struct PackerAgreementTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        /// Whether packer takes it.
        let isTaken: Bool
        /// The beginning of what is said here instead, where packer is too mild.
        var stricter: String?

        var testDescription: String { text }
    }

    private static func step(
        _ kind: String,
        _ type: String,
        _ body: String,
        _ isTaken: Bool,
        stricter: String? = nil
    ) -> Case {
        let null = "source \"null\" \"a\" {\n  communicator = \"none\"\n}\n"
        let text = "\(null)build {\n  sources = [\"null.a\"]\n  \(kind) \"\(type)\" {\n    \(body)\n  }\n}\n"
        return Case(text: text, isTaken: isTaken, stricter: stricter)
    }

    private static func builder(_ type: String, _ body: String, _ isTaken: Bool) -> Case {
        Case(
            text: "source \"\(type)\" \"a\" {\n  \(body)\n}\nbuild {\n  sources = [\"\(type).a\"]\n}\n",
            isTaken: isTaken
        )
    }

    private static let provisioners = [
        step("provisioner", "shell-local", "command = \"a\"\n    inline = [\"b\"]", false),
        step("provisioner", "shell-local", "", false),
        step("provisioner", "shell-local", "script = \"nowhere.sh\"", false),
        step("provisioner", "shell-local", "inline = [\"a\"]\n    only_on = [\"beos\"]", false),
        step("provisioner", "shell-local", "inline = [\"a\"]\n    valid_exit_codes = [\"0\", 1]", true),
        step("provisioner", "shell-local", "inline = [\"a\"]\n    valid_exit_codes = [\"x\"]", false),
        step("provisioner", "shell-local", "inline = [\"a\"]\n    environment_vars = [\"FOO=1\", \"=x\"]", false),
        step("provisioner", "shell", "inline = \"a\"", false),
        step("provisioner", "shell", "inline = [1, true]", true),
        step("provisioner", "shell", "inline = [\"a\"]\n    start_retry_timeout = \"5x\"", false),
        step("provisioner", "shell", "inline = [\"a\"]\n    skip_clean = \"true\"", true),
        step("provisioner", "shell", "inline = [\"a\"]\n    skip_clean = \"yes\"", false),
        step("provisioner", "shell", "inline = [\"a\"]\n    skip_clean = null", true),
        step("provisioner", "shell", "inline = []", false),
        step("provisioner", "shell", "inline = [\"a\"]\n    override = { a = { nope = [\"b\"] } }", false),
        step("provisioner", "shell", "inline = [\"{{ nope }}\"]", false),
        step("provisioner", "shell", "inline = [\"{{ .Nope }}\"]", true, stricter: "Unknown data"),
        step("provisioner", "shell", "inline = [\"${source.nope}\"]", false),
        step("provisioner", "file", "source = \"nowhere\"\n    destination = \"/x\"\n    generated = true", true),
        step("provisioner", "file", "source = \"nowhere\"\n    destination = \"/x\"", false),
        step(
            "provisioner",
            "file",
            "source = \"a.pkr.hcl\"\n    destination = \"/x\"\n    direction = \"sideways\"",
            false
        ),
        step("provisioner", "powershell", "inline = [\"a\"]\n    debug_mode = 7", false),
        step("provisioner", "windows-restart", "", true),
    ]

    private static let others = [
        step("post-processor", "manifest", "custom_data = [\"b\"]", false),
        step("post-processor", "checksum", "checksum_types = [\"md6\"]", false),
        step(
            "post-processor",
            "compress",
            "compression_level = 30",
            true,
            stricter: "\"compression_level\" of post-processor \"compress\" has to be from -1 to 9"
        ),
        step("post-processor", "artifice", "", false),
        builder("null", "", false),
        builder("null", "ssh_host = \"h\"\n  ssh_username = \"u\"\n  ssh_password = \"p\"\n  ssh_port = \"x\"", false),
        builder("file", "target = \"x\"\n  content = \"y\"\n  source = \"a.pkr.hcl\"", false),
        builder("docker", "image = \"x\"\n  commit = true\n  discard = true", false),
        builder("docker", "image = \"x\"\n  export_path = \"y\"", true),
        builder("qemu", "iso_checksum = \"none\"\n  ssh_username = \"u\"", false),
    ]

    static let cases = provisioners + others

    @Test("what packer refuses is refused, and what it takes is taken or better refused", arguments: cases)
    func ours(_ example: Case) throws {
        let program = try ImageProgram(["a.pkr.hcl": example.text])
        let answer = try program.roost("validate", "a.pkr.hcl")
        #expect((answer.code == 0) == (example.isTaken && example.stricter == nil), "\(answer.errors)")
        if let stricter = example.stricter { #expect(answer.errors.contains(stricter)) }
    }

    @Test("packer says so", .enabled(if: ImageProgram.hasPacker, "Packer is not installed"), arguments: cases)
    func theirs(_ example: Case) throws {
        let answer = try ImageProgram(["a.pkr.hcl": example.text]).packer("validate", "a.pkr.hcl")
        #expect((answer.code == 0) == example.isTaken, "\(answer.errors)")
    }
}
