import Foundation
import RoostLanguage
import RoostTesting
import Testing

@testable import RoostTemplate

@Suite("Packer templates of JSON")
struct PackerJSONTests {
    private func input(
        _ arguments: [String: String] = [:],
        files: [String] = [],
        environment: [String: String] = [:],
        only: [String] = [],
        except: [String] = []
    ) -> ImageTemplateInput {
        ImageTemplateInput(
            path: "/t/a.json",
            variableFiles: files,
            arguments: arguments.sorted { $0.key < $1.key }.map { .init(name: $0.key, text: $0.value) },
            environment: environment,
            workingFolder: "/work",
            now: Date(timeIntervalSince1970: 1_600_000_000),
            only: only,
            except: except
        )
    }

    private func read(_ text: String, _ given: ImageTemplateInput? = nil) -> ImageTemplateReading {
        PackerJSONTemplate.read(Array(text.utf8), name: "/t/a.json", given ?? input())
    }

    private static let template = """
        {
          "_comment": "what this is for",
          "description": "boxes",
          "variables": {
            "key": "k3y", "size": "{{user `base`}}0", "base": "1", "home": "{{env `HOME_OF`}}", "run": "sh {{.Path}}"
          },
          "sensitive-variables": ["key"],
          "builders": [
            {"type": "null", "name": "one-{{user `base`}}", "communicator": "none"},
            {"type": "null", "communicator": "none"}
          ],
          "provisioners": [
            {
              "type": "shell", "inline": "echo {{user `key`}} {{user `size`}} {{build_name}} {{template_dir}}",
              "execute_command": "{{user `run`}}", "pause_before": "10s", "timeout": "1m", "max_retries": "2",
              "override": {"null": {"inline": ["other"]}}
            },
            {"type": "shell", "inline": ["x"], "only": ["null"]},
            {"type": "shell", "inline": ["y"], "except": "null"}
          ],
          "error-cleanup-provisioner": {"type": "shell-local", "inline": ["z {{user `home`}}"]},
          "post-processors": [
            "manifest",
            {"type": "checksum", "name": "sums", "keep_input_artifact": true, "only": ["null"]},
            [{"type": "artifice", "files": ["a"]}, {"type": "compress", "name": "pack"}, "manifest"]
          ]
        }
        """

    @Test("a template becomes a plan, one target for each builder")
    func plan() throws {
        let reading = read(Self.template, input(environment: ["HOME_OF": "/h"]))
        #expect(listed(reading.diagnostics) == "")
        let plan = reading.plan
        #expect(plan.description == "boxes")
        #expect(plan.targets.map(\.name) == ["one-1", "null"])
        #expect(plan.variables.map(\.name) == ["base", "home", "key", "run", "size"])
        #expect(plan.variables.map { $0.value?.text } == ["1", "/h", "k3y", "sh {{.Path}}", "10"])
        let target = try #require(plan.targets.first)
        #expect(target.settings["communicator"]?.text == "none")
        #expect(target.provisioners.map { $0.settings["inline"]?.list?.first?.text } == ["echo k3y 10 one-1 /t", "y"])
        let step = try #require(target.provisioners.first)
        #expect(step.settings["inline"]?.hasSensitivePart == true)
        #expect(step.settings["execute_command"]?.form == .template("sh {{.Path}}"))
        // Both hold, where Packer forgets the timeout.
        #expect(step.pauseBefore == .seconds(10) && step.timeout == .seconds(60) && step.retries == 2)
        #expect(target.errorCleanup?.settings["inline"]?.list?.first?.text == "z /h")
        #expect(target.postProcessors.map { $0.map(\.type) } == [["manifest"], ["artifice", "compress", "manifest"]])
        let other = plan.targets[1]
        #expect(other.provisioners.map { $0.settings["inline"]?.list?.first?.text } == ["other", "x"])
        #expect(other.postProcessors.map { $0.map(\.name) } == [[nil], ["sums"], [nil, "pack", nil]])
        #expect(other.postProcessors[1][0].keepsInputArtifact == true)
    }

    @Test("the command line is over files, later files over earlier ones, files over defaults")
    func precedence() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        for (name, text) in [("a", "{\"base\": \"2\", \"run\": \"r\"}"), ("b", "{\"base\": \"3\", \"kye\": \"\"}")] {
            try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name).json"))
        }
        let files = ["\(folder.path)/a.json", "\(folder.path)/b.json"]
        let reading = read(
            Self.template,
            input(["home": "{{env `X`}}{{user `base`}}"], files: files, environment: ["X": "x"])
        )
        #expect(listed(reading.diagnostics) == "1:15-1:20 Undefined variable")
        #expect(reading.diagnostics.first?.advice == "Did you mean \"key\"?")
        #expect(reading.plan.variables.map { $0.value?.text } == ["3", "x3", "k3y", "r", "30"])
    }

    @Test(
        "targets and post-processors are chosen by their exact names",
        arguments: [
            (["null"], [], ["null"], ""),
            ([], ["null"], ["one-1"], ""),
            ([], ["pack"], ["one-1", "null"], ""),
            (["nul"], [], [], "No builder is called \"nul\", which -only names."),
            (
                [], ["nul*"], ["one-1", "null"],
                "No builder and no post-processor is called \"nul*\", which -except names."
            ),
            (["null"], ["null"], [], "-only and -except leave no builder to build."),
        ] as [([String], [String], [String], String)]
    )
    func choice(_ only: [String], _ except: [String], _ targets: [String], _ problems: String) {
        let reading = read(Self.template, input(only: only, except: except))
        #expect(reading.plan.targets.map(\.name) == targets)
        #expect(listed(reading.diagnostics) == problems)
        if except == ["pack"] { #expect(reading.plan.targets[0].postProcessors.map(\.count) == [1, 1]) }
    }

    @Test("everything that is wrong is said at once, and where")
    func problems() {
        let text = """
            {
              "bilders": [], "_c": 1, "min_packer_version": "1.0.0",
              "variables": {"a": 1, "b": "{{user `c`}}", "c": "{{user `b`}}", "d": "{{user `aa`}}", "e": null, "f": "{{x}}"},
              "sensitive-variables": ["bb"],
              "builders": [
                {"type": "null", "communicator": "none", "communicator": "none"}, {"name": "x"}, {"type": "nul"}, 5,
                {"type": "null", "ssh_hots": "{{user `e`}}", "ssh_port": "{{user `e`}}", "ssh_timeout": "5"}
              ],
              "provisioners": [
                {"type": "shell", "only": ["nil"], "except": ["null"], "inline": ["a {{user `g`}} {{env `H`}}"]},
                {"type": "shell", "inline": ["b"], "pause_before": "5", "timeout": [], "max_retries": -1, "override": {"q": 1}},
                {"inline": ["c"]}
              ],
              "post-processors": [["manifest", ["manifest"]], {"type": "manifst"}, 7]
            }
            """
        #expect(
            listed(read(text).diagnostics)
                == [
                    "2:3-2:12 Unknown root level key",
                    "2:24-2:25 Wrong type of value",
                    "3:22-3:23 Wrong type of value",
                    "3:51-3:65 Variables depend on each other",
                    "3:75-3:84 Undefined variable",
                    "3:89-3:92 Unset variable \"e\"",
                    "3:108-3:109 Unknown function",
                    "4:27-4:31 No variable \"bb\" is declared that could be sensitive",
                    "6:46-6:60 Duplicate object attribute",
                    "6:71-6:72 Missing type",
                    "6:95-6:100 There is no builder \"nul\"",
                    "6:103-6:104 Wrong type of value",
                    "7:14-7:20 Two builders are called \"null\"",
                    "7:22-7:32 builder \"null\" has no option \"ssh_hots\"",
                    "7:93-7:96 \"ssh_timeout\" of builder \"null\" has to be a duration, not \"5\"",
                    "7:96-7:97 builder \"null\" needs \"ssh_username\"",
                    "7:96-7:97 builder \"null\" needs \"ssh_password\", \"ssh_private_key_file\" or \"ssh_agent_auth\"",
                    "10:32-10:37 No builder is called \"nil\"",
                    "10:51-10:57 Both only and except",
                    "10:76-10:84 Undefined variable",
                    "10:89-10:96 Function not allowed here",
                    "11:56-11:59 Invalid duration",
                    "11:72-11:73 Wrong type of value",
                    "11:91-11:93 Wrong type of value",
                    "11:108-11:111 No builder is called \"q\"",
                    "11:113-11:114 Wrong type of value",
                    "12:5-12:6 Missing type",
                    "14:36-14:37 Chain within a chain",
                    "14:60-14:69 There is no post-processor \"manifst\"",
                    "14:72-14:73 Wrong type of value",
                ].joined(separator: "\n")
        )
    }

    @Test("a variable that is not declared is no empty text")
    func undefined() {
        let text =
            "{\"builders\": [{\"type\": \"null\", \"ssh_host\": \"h\", \"ssh_username\": \"a\", \"ssh_password\": \"\\n{{user `x`}}\"}]}"
        #expect(listed(read(text).diagnostics) == "1:91-1:99 Undefined variable")
        #expect(listed(read(text, input(["y": "1"])).diagnostics).hasPrefix("Undefined -var variable"))
    }

    @Test("what other servers keep is unknown until somebody asks them, and secret")
    func lookups() {
        let text = """
            {"variables": {"a": "{{vault `secret/x` `k`}}", "b": "<{{user `a`}}>"},
             "builders": [{"type": "null", "ssh_host": "{{user `b`}}", "ssh_username": "u", "ssh_password": "p"}]}
            """
        var given = input()
        let unknown = read(text, given)
        #expect(listed(unknown.diagnostics) == "")
        #expect(unknown.plan.variables.map(\.value) == [nil, nil])
        #expect(unknown.plan.variables.map(\.isSensitive) == [true, true])
        #expect(given.lookups.unanswered == [.vault(path: "secret/x", key: "k")])
        given.lookups = given.lookups.adding([.vault(path: "secret/x", key: "k"): .found(.string("v"))])
        let known = read(text, given)
        #expect(known.plan.targets[0].settings["ssh_host"]?.text == "<v>")
        #expect(known.plan.targets[0].settings["ssh_host"]?.isSensitive == true)
        given.lookups = given.lookups.adding([.vault(path: "secret/x", key: "k"): .failed("Nobody is there.")])
        #expect(listed(read(text, given).diagnostics) == "1:24-1:44 Error in function call")
    }

    @Test("a name that is used takes a value, also when only a file or the command line declares it")
    func undeclared() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let file = "\(folder.path)/v.json"
        try Data("{\"host\": \"h-{{user `user`}}\", \"more\": \"\"}".utf8).write(to: URL(filePath: file))
        let text = """
            {"builders": [{"type": "null", "ssh_host": "{{user `host`}}", "ssh_username": "{{user `user`}}", "ssh_password": "p"}]}
            """
        let reading = read(text, input(["user": "u"], files: [file]))
        #expect(listed(reading.diagnostics) == "1:31-1:37 Undefined variable")
        #expect(reading.plan.targets[0].settings["ssh_host"]?.text == "h-u")
    }

    @Test("variables that hold each other twice and twice again have an end")
    func growth() {
        for (seed, problem) in [("{{.X}}", "Error in function call"), ("0123456789", "Error in function call")] {
            let names = (1...40).map { "\"v\($0)\": \"{{user `v\($0 - 1)`}}{{user `v\($0 - 1)`}}\"" }
            let text = """
                {"variables": {"v0": "\(seed)", \(names.joined(separator: ", "))},
                 "builders": [{"type": "null", "communicator": "none"}]}
                """
            #expect(listed(read(text).diagnostics).contains(problem))
        }
    }

    @Test("a template for a later Packer says only that")
    func version() {
        let text = "{\"min_packer_version\": \"99.1\", \"buidlers\": []}"
        #expect(listed(read(text).diagnostics) == "1:24-1:30 Unsupported Packer version")
        #expect(listed(read("{\"min_packer_version\": \"x\"}").diagnostics) == "1:24-1:27 Invalid version")
    }

    @Test("files of other languages are told apart by their keys")
    func recognition() {
        #expect(PackerJSONTemplate.recognises(Array("\n{\"Builders\": []}".utf8)))
        #expect(!PackerJSONTemplate.recognises(Array("{\"type\": \"Microsoft.VirtualMachineImages\"}".utf8)))
        #expect(!PackerJSONTemplate.recognises(Array("builders = []".utf8)))
        #expect(!PackerJSONTemplate.recognises([]))
    }

    // MARK: Real templates

    struct Row: Sendable, CustomTestStringConvertible {
        var path: String
        var features: [String: String]
        var testDescription: String { path }
    }

    static var rows: [Row] {
        guard let folder = Shared.images,
            let index = try? String(contentsOfFile: "\(folder)/INDEX.tsv", encoding: .utf8)
        else { return [] }
        let files = Shared.files(folder, ending: ".json")
        return index.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 8, fields[3] == "packer-json" else { return nil }
            let owner = fields[0].replacing("/", with: "__")
            guard let path = files.first(where: { $0.hasPrefix(owner) && $0.hasSuffix("/" + fields[2]) }) else {
                return nil
            }
            let pairs = fields[7].split(separator: "; ").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
            return Row(path: "\(folder)/\(path)", features: Dictionary(pairs.map { ($0[0], $0[1]) }) { $1 })
        }
    }

    @Test("real templates are read whole", .enabled(if: Shared.images != nil, "\(Shared.absence)"), arguments: rows)
    func corpus(_ row: Row) throws {
        let bytes = try Shared.bytes(row.path)
        #expect(PackerJSONTemplate.recognises(bytes))
        let (syntax, problems) = PackerJSONReader.read(HCLJSONReader.read(bytes, name: row.path))
        #expect(listed(problems) == "")
        func count(_ name: String) -> Int { Int(row.features[name] ?? "0") ?? -1 }
        func types(_ steps: [String]) -> String { Set(steps).sorted().joined(separator: ",") }
        #expect(syntax.builders.count == count("builders"))
        #expect(types(syntax.builders.map(\.type.text)) == row.features["builder_types"])
        #expect(syntax.provisioners.count == count("provisioners"))
        #expect(types(syntax.provisioners.map(\.type.text)) == row.features["provisioner_types"])
        #expect(syntax.variables.count == count("variables"))
        #expect(syntax.sensitiveVariables.count == count("sensitive"))
        #expect(syntax.provisioners.filter { $0.pauseText != nil }.count == count("pause_before"))
        #expect(syntax.provisioners.filter { $0.retries > 0 }.count == count("max_retries"))
        #expect(syntax.postProcessors.flatMap { $0 }.count == count("post_processors"))
        #expect(syntax.postProcessors.filter { $0.count > 1 }.count == count("pp_chains"))
    }

    private static let hasPacker = (try? ShortCommand.run(["sh", "-c", "command -v packer"]).code) == 0

    @Test(
        "Packer sees the same in them",
        .enabled(if: hasPacker && Shared.images != nil, "Packer is not installed"),
        arguments: rows
    )
    func inspection(_ row: Row) throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let words = [
            "env", "CHECKPOINT_DISABLE=1", "PACKER_CONFIG_DIR=\(folder.path)", "packer", "inspect", "-machine-readable",
        ]
        let (_, output) = try ShortCommand.run(words + [row.path])
        let theirs = String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap { line -> String? in
            let fields = line.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
            return fields.count == 3 && fields[2].hasPrefix("template-") ? String(fields[2]) : nil
        }
        let (syntax, _) = PackerJSONReader.read(HCLJSONReader.read(try Shared.bytes(row.path), name: row.path))
        func field(_ text: String) -> String { text.replacing(",", with: "%!(PACKER_COMMA)") }
        let variables = syntax.variables.map { variable in
            let isSensitive = syntax.sensitiveVariables.contains { $0.text == variable.name }
            let text = isSensitive ? "<sensitive>" : variable.defaultValue?.text ?? ""
            return "template-variable,\(field(variable.name)),\(field(text)),\(variable.defaultValue == nil ? 1 : 0)"
        }
        let builders = syntax.builders.map { "template-builder,\(field($0.rawName)),\(field($0.type.text))" }
        let provisioners = syntax.provisioners.map { "template-provisioner,\(field($0.type.text))" }
        #expect(theirs.sorted() == (variables + builders + provisioners).sorted())
    }
}
