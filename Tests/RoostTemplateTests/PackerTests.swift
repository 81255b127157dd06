import Foundation
import RoostLanguage
import RoostTesting
import Testing

@testable import RoostTemplate

@Suite("Packer templates of HCL2")
struct PackerTests {
    private static let template = """
        variable "size" {
          type    = number
          default = 3
          validation {
            condition     = var.size < 10
            error_message = "The size is at most nine."
          }
        }
        variable "names" {
          type    = list(string)
          default = ["a"]
        }
        variable "key" {
          type      = string
          default   = "k3y"
          sensitive = true
        }
        variable "needed" {
          type = string
        }
        variables {
          short = "x"
        }
        locals {
          first  = "${local.second}/${var.size}"
          second = upper(join("-", var.names))
        }
        local "hidden" {
          expression = "${var.key}!"
          sensitive  = true
        }

        """

    private func input(
        _ text: String = template,
        values: String? = nil,
        arguments: [String: String] = [:],
        environment: [String: String] = [:]
    ) -> PackerInput {
        PackerInput(
            templates: [HCLFile(native: Array(text.utf8), name: "a.pkr.hcl")],
            variableFiles: values.map { [HCLFile(native: Array($0.utf8), name: "v.pkrvars.hcl")] } ?? [],
            arguments: arguments.sorted { $0.key < $1.key }.map { PackerInput.Argument(name: $0.key, text: $0.value) },
            environment: environment,
            root: "/tmp"
        )
    }

    private func files(_ path: String) -> PackerInput {
        let environment = ProcessInfo.processInfo.environment
        return PackerInput.reading(ImageTemplateInput(path: path, environment: environment, now: Date())).input
    }

    private func evaluate(_ input: PackerInput) -> PackerEvaluation {
        PackerEvaluation(input, now: Date(timeIntervalSince1970: 1_600_000_000))
    }

    @Test("locals are computed in the order in which they need each other")
    func locals() {
        let evaluation = evaluate(input())
        #expect(evaluation.diagnostics.isEmpty)
        #expect(evaluation.locals["first"]?.json == "\"A/3\"")
        #expect(evaluation.locals["hidden"]?.consoleText == "<sensitive>")
        #expect(evaluation.variables["key"]?.value.isSensitive == true)
        #expect(evaluation.variables["needed"] == nil)
    }

    @Test("the command line is over files, files over the environment, the environment over defaults")
    func precedence() {
        let environment = ["PKR_VAR_size": "4", "PKR_VAR_names": "[\"e\"]", "PKR_VAR_short": "e", "PKR_VAR_other": "e"]
        let evaluation = evaluate(
            input(values: "names = [\"f\"]\nshort = \"f\"\n", arguments: ["short": "c"], environment: environment)
        )
        #expect(evaluation.diagnostics.isEmpty)
        #expect(
            evaluation.variables.mapValues(\.origin) == [
                "size": .environment, "names": .variableFile, "short": .argument, "key": .defaultValue,
            ]
        )
        #expect(evaluation.locals["first"]?.json == "\"F/4\"")
    }

    @Test(
        "what is wrong with values is said",
        arguments: [
            (nil, ["size": "12"], "1:1-1:16 Invalid value for variable"),
            (nil, ["size": "x"], "1:1-1:16 Invalid value for variable"),
            (nil, ["names": "[bare]"], "1:2-1:6 Variables not allowed"),
            (nil, ["siez": "1"], "Undefined -var variable"),
            ("siez = 1\n", [:], "1:1-1:5 Undefined variable"),
            ("size = {}\n", [:], "1:8-1:10 Invalid value for variable"),
            ("variable \"size\" {}\n", [:], "1:1-1:16 Declaration in a file of values"),
            ("size = nothing\n", [:], "1:8-1:15 Variables not allowed"),
        ] as [(String?, [String: String], String)]
    )
    func values(_ file: String?, _ arguments: [String: String], _ expected: String) {
        #expect(listed(evaluate(input(values: file, arguments: arguments)).diagnostics) == expected)
    }

    @Test(
        "what is wrong with declarations is said, and where",
        arguments: [
            ("locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\n", "2:3-2:4 Locals depend on each other"),
            ("locals {\n  a = local.a\n}\n", "2:3-2:4 Locals depend on each other"),
            ("locals {\n  a = var.nothing\n}\n", "2:10-2:18 Unsupported attribute"),
            ("variable \"a\" {}\nlocals {\n  a = var.a\n}\n", "3:7-3:12 Unset variable \"a\""),
            ("variable \"a\" {}\nbuild {\n  x {\n    y = [\"${var.a}\"]\n  }\n}\n", "4:13-4:18 Unset variable \"a\""),
            ("variable \"a\" {}\nvariables {\n  a = 1\n}\n", "3:3-3:4 Duplicate variable"),
            ("locals {\n  a = 1\n}\nlocal \"a\" {\n  expression = 2\n}\n", "4:7-4:10 Duplicate local definition"),
            ("variabel \"a\" {}\n", "1:1-1:9 Unsupported block type"),
            ("variable \"a\" {\n  typ = string\n}\n", "2:3-2:6 Unsupported argument"),
            (
                "variable \"a\" {\n  type = number\n  default = \"x\"\n}\n",
                "3:13-3:16 Invalid default value for variable"
            ),
            ("variable \"a\" {\n  default = var.b\n}\n", "2:13-2:18 Variables not allowed"),
            (
                "variable \"a\" {\n  validation {\n    condition = true\n    error_message = \"no\"\n  }\n}\n",
                "3:17-3:21 Invalid variable validation condition\n4:21-4:25 Invalid validation error message"
            ),
        ]
    )
    func declarations(_ text: String, _ expected: String) {
        #expect(listed(evaluate(input(text)).diagnostics) == expected)
    }

    @Test("texts in JSON files of values are no templates")
    func jsonValues() {
        var given = input()
        given.variableFiles = [
            HCLFile(json: Array("{\"short\": \"${x} %{\", \"size\": \"5\", \"nmaes\": []}".utf8), name: "v.json")
        ]
        let evaluation = evaluate(given)
        #expect(listed(evaluation.diagnostics) == "1:35-1:42 Undefined variable")
        #expect(evaluation.variables["short"]?.value.text == "${x} %{")
        #expect(evaluation.variables["size"]?.value.numeral == HCLNumber(5))
    }

    @Test("a default may look at the environment, and nothing else may")
    func environment() {
        let text = "variable \"a\" {\n  default = env(\"HOME_OF\")\n}\nlocals {\n  b = env(\"HOME_OF\")\n}\n"
        let evaluation = evaluate(input(text, environment: ["HOME_OF": "here"]))
        #expect(evaluation.variables["a"]?.value.text == "here")
        #expect(listed(evaluation.diagnostics) == "5:7-5:11 Error in function call")
    }

    @Test(
        "real templates are read; what they need is all that is missing",
        arguments: Shared.files(Shared.images, ending: ".pkr.hcl")
    )
    func corpus(_ path: String) throws {
        let folder = try #require(Shared.images)
        let whole = "\(folder)/\(path)"
        let evaluation = evaluate(files((whole as NSString).deletingLastPathComponent))
        let wrong = evaluation.diagnostics.filter { $0.isError && $0.code != "hcl.packer.unset" }
        // Files that a template reads, and one that declares variables, are not in the corpus; an image has to be chosen.
        let unexplained = wrong.filter { problem in
            let isFile = (problem.detail ?? "").contains("no file exists")
            let isVariable = problem.code == "hcl.no-attribute" && path.contains("debian-cloudimg")
            return !isFile && !isVariable && !problem.notes.contains { $0.text == "var.image_os is \"\"" }
        }
        #expect(unexplained.isEmpty, "\(listed(unexplained))")
    }

    private static let hasPacker = (try? ShortCommand.run(["sh", "-c", "command -v packer"]).code) == 0

    @Test("Packer computes the same", .enabled(if: hasPacker, "Packer is not installed"))
    func packer() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        // The oldest Packer that is still around knows no local block.
        let text = try #require(Self.template.components(separatedBy: "local \"hidden\"").first)
        try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/a.pkr.hcl"))
        try Data("names = [\"p\", \"q\"]\n".utf8).write(to: URL(filePath: "\(folder.path)/b.auto.pkrvars.hcl"))
        try Data("{\"size\": 5}".utf8).write(to: URL(filePath: "\(folder.path)/c.auto.pkrvars.json"))
        var input = files(folder.path)
        input.arguments = [.init(name: "short", text: "s"), .init(name: "needed", text: "n")]
        let evaluation = evaluate(input)
        #expect(evaluation.diagnostics.isEmpty)
        for expression in [
            "local.first", "local.second", "var.names", "var.short", "[for x in var.names : \"${x}${var.size}\"]",
        ] {
            let words = [
                "env", "CHECKPOINT_DISABLE=1", "PACKER_CONFIG_DIR=\(folder.path)", "packer", "console", "-var",
                "short=s", "-var", "needed=n", folder.path,
            ]
            let (_, output) = try ShortCommand.run(words, input: Data("\(expression)\n".utf8))
            let ours = HCLExpression.parse(expression, name: "x").expression.value(in: evaluation.scope).value
                .consoleText
            #expect(String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines) == ours)
        }
    }
}

@Suite("Builds of Packer templates")
struct PackerBuildTests {
    private static let sources = "source \"null\" \"a\" {}\nsource \"qemu\" \"b\" {\n  x = 1\n}\n"

    private func read(_ text: String) -> (builds: [PackerBuild], problems: String) {
        let file = HCLFile(native: Array((Self.sources + text).utf8), name: "a.pkr.hcl")
        let evaluation = PackerEvaluation(PackerInput(templates: [file]), functions: HCLFunctions.pure)
        let (builds, problems) = evaluation.builds()
        return (builds, listed(evaluation.diagnostics + problems))
    }

    @Test("a build names its targets, steps and chains")
    func whole() throws {
        let text = """
            build {
              name    = "n"
              sources = ["source.null.a"]
              source "qemu.b" {
                name = "c"
                y    = 2
              }
              provisioner "shell" {
                only         = ["qemu.c"]
                pause_before = "1m30s"
                timeout      = "5m"
                max_retries  = 2
                override     = { c = { inline = [] } }
                inline       = ["x"]
              }
              error-cleanup-provisioner "shell" {
                inline = ["y"]
              }
              post-processor "manifest" {}
              post-processors {
                post-processor "compress" {
                  keep_input_artifact = true
                }
                post-processor "checksum" {
                  except = ["null.a"]
                }
              }
            }

            """
        let (builds, problems) = read(text)
        #expect(problems == "")
        let build = try #require(builds.first)
        #expect(build.sources.map(build.targetName) == ["n.null.a", "n.qemu.c"])
        let shell = try #require(build.provisioners.first)
        // Both the pause and the limit count, where Packer forgets the limit.
        #expect(shell.pauseBefore == .seconds(90) && shell.timeout == .seconds(300) && shell.retries == 2)
        #expect(build.sources.map(shell.applies) == [false, true])
        #expect(shell.body.attributes().attributes.map(\.name) == ["inline"])
        #expect(build.sources[1].additions?.attributes().attributes.map(\.name) == ["y"])
        #expect(build.postProcessors.map { $0.map(\.type) } == [["manifest"], ["compress", "checksum"]])
        #expect(build.postProcessors[1][0].keepsInputArtifact == true)
        #expect(build.sources.map(build.postProcessors[1][1].applies) == [false, true])
        #expect(build.errorCleanup?.type == "shell")
    }

    @Test(
        "what is wrong in a build is said, all of it",
        arguments: [
            ("build {}\n", "5:1-5:6 Missing source reference"),
            ("build {\n  sources = [\"null.x\", \"qemu.b\"]\n}\n", "6:13-6:33 Unknown source null.x"),
            ("build {\n  sources = [\"null\", \"null.a\"]\n}\n", "6:13-6:31 Invalid source reference"),
            (
                "build {\n  sources = [\"null.a\"]\n  provisioner \"s\" {\n    only = [\"z\"]\n    timeout = \"x\"\n  }\n}\n",
                "9:15-9:18 Invalid duration\n7:3-7:18 Unknown source z"
            ),
            (
                "build {\n  sources = [\"null.a\"]\n  provisioner \"s\" {\n    only = [\"a\"]\n    except = [\"a\"]\n  }\n}\n",
                "9:5-9:11 Only one of only and except may be given"
            ),
            ("build {\n  sources = [\"null.a\"]\n  provisoner \"s\" {}\n}\n", "7:3-7:13 Unsupported block type"),
            ("source \"null\" \"a\" {}\n", "5:1-5:18 Duplicate source block"),
        ]
    )
    func wrong(_ text: String, _ expected: String) { #expect(read(text).problems == expected) }

    @Test("targets are chosen by patterns, and a pattern without a target is known")
    func filter() throws {
        let names = ["n.null.a", "n.qemu.c", "qemu.d"]
        let filter = try PackerTargetFilter(only: ["*qemu*"], except: ["*.{c,x}", "zzz"])
        #expect(names.filter(filter.includes) == ["qemu.d"])
        let problems = filter.problems(targets: names, postProcessors: [])
        #expect(problems.map(\.description) == ["warning: No target and no post-processor matches -except=zzz."])
        #expect(names.filter(PackerTargetFilter().includes) == names)
    }

    @Test(
        "builds of real templates are as many as the index says",
        arguments: Shared.files(Shared.images, ending: ".pkr.hcl")
    )
    func corpus(_ path: String) throws {
        let folder = try #require(Shared.images)
        let file = HCLFile(native: try Shared.bytes("\(folder)/\(path)"), name: path)
        let (configuration, _) = PackerConfiguration.read([file], functions: HCLFunctions.pure)
        let index = try String(contentsOfFile: "\(folder)/INDEX.tsv", encoding: .utf8)
        let name = try #require(path.split(separator: "/").last)
        let line = try #require(index.split(separator: "\n").first { $0.contains("/\(name)\t") })
        let fact = { (key: String) in
            line.split { $0 == "\t" || $0 == ";" }.map { $0.drop { $0 == " " } }.first { $0.hasPrefix("\(key)=") }
                .flatMap { Int($0.dropFirst(key.count + 1)) } ?? 0
        }
        #expect(configuration.builds.count == fact("builds"))
        #expect(configuration.sources.count == fact("sources"))
        #expect(configuration.variables.count == fact("variables"))
        #expect(configuration.dataSources.count == fact("data"))
        let (builds, _) = PackerEvaluation(PackerInput(templates: [file]), functions: HCLFunctions.pure).builds()
        #expect(builds.flatMap(\.provisioners).count == fact("provisioners"))
    }
}
