import Foundation
import RoostLanguage
import Testing

@testable import RoostTemplate

@Suite("Plans of HCL2 templates")
struct PackerPlanTests {
    private func read(
        _ text: String,
        only: [String] = [],
        except: [String] = [],
        name: String = "a.pkr.hcl"
    ) -> ImageTemplateReading {
        let input = ImageTemplateInput(path: name, now: Date(timeIntervalSince1970: 0), only: only, except: except)
        let files = PackerInput(templates: [HCLFile(name: name, bytes: Array(text.utf8))], root: "/tmp")
        return PackerTemplate(input, files).reading
    }

    private func problems(_ text: String, only: [String] = [], except: [String] = []) -> String {
        listed(read(text, only: only, except: except).diagnostics)
    }

    private static let sources = """
        source "null" "a" {
          communicator = "none"
        }
        source "docker" "b" {
          image  = "debian"
          commit = true
        }

        """

    @Test("a build is spread over its sources; what it adds, filters and overrides is where it belongs")
    func spread() throws {
        let reading = read(
            Self.sources + """
                build {
                  name    = "n"
                  sources = ["null.a"]
                  source "docker.b" {
                    name    = "c"
                    changes = ["USER x"]
                  }
                  provisioner "shell" {
                    inline       = ["echo ${source.name}"]
                    only         = ["docker.c"]
                    pause_before = "10s"
                    timeout      = "1m30s"
                    max_retries  = 2
                  }
                  provisioner "shell" {
                    inline   = ["one"]
                    override = { c = { inline = ["two"], binary = true } }
                  }
                  error-cleanup-provisioner "shell-local" {
                    inline = ["clean"]
                  }
                  post-processor "manifest" {
                    except = ["null.a"]
                  }
                  post-processors {
                    post-processor "docker-tag" {
                      repository = "r"
                    }
                    post-processor "docker-push" {
                      name = "push"
                    }
                  }
                }

                """,
            except: ["push"]
        )
        #expect(listed(reading.diagnostics) == "")
        let targets = reading.plan.targets
        #expect(targets.map(\.name) == ["n.null.a", "n.docker.c"])
        let (a, c) = (try #require(targets.first), try #require(targets.last))
        #expect(c.settings["changes"]?.list?.first?.text == "USER x")
        #expect(c.settings["commit"]?.truth == true)
        #expect(a.provisioners.map { $0.settings["inline"]?.list?.first?.text } == ["one"])
        #expect(c.provisioners.map { $0.settings["inline"]?.list?.first?.text } == ["echo c", "two"])
        // Both the pause and the limit hold (packer drops the limit of a provisioner with a pause).
        #expect(c.provisioners[0].pauseBefore == .seconds(10))
        #expect(c.provisioners[0].timeout == .seconds(90))
        #expect(c.provisioners[0].retries == 2)
        #expect(c.provisioners[1].settings["binary"]?.truth == true)
        #expect(c.errorCleanup?.settings["inline"]?.list?.first?.text == "clean")
        #expect(a.postProcessors.map { $0.map(\.type) } == [["docker-tag"]])
        #expect(c.postProcessors.map { $0.map(\.type) } == [["manifest"], ["docker-tag"]])
    }

    @Test("what is known when a build runs only is computed then, with everything else that is known")
    func later() throws {
        let reading = read(
            Self.sources + """
                build {
                  sources = ["null.a"]
                  provisioner "shell-local" {
                    inline = ["echo ${build.Host} ${source.type}", "plain"]
                    env    = { HOST = build.Host }
                  }
                }

                """
        )
        #expect(listed(reading.diagnostics) == "")
        let settings = try #require(reading.plan.targets.first?.provisioners.first?.settings)
        guard case .later(let expression)? = settings["inline"]?.list?.first?.form else {
            Issue.record("\(settings)")
            return
        }
        #expect(expression.templateText == "echo ${build.Host} ${source.type}")
        let value = try expression.value(knowing: ["build": .object(["Host": .string("h")])])
        #expect(value.text == "echo h null")
        #expect(settings["inline"]?.list?.last?.text == "plain")
        #expect(throws: HCLFailure.self) { try expression.value(knowing: ["build": .object([:])]) }
    }

    @Test(
        "targets that are wanted, and patterns that nothing matches",
        arguments: [
            (["null.*"], [], ["null.a"], ""), ([], ["*.b"], ["null.a"], ""),
            (["zzz"], [], [], "No target matches -only=zzz."), (["*.{a,b}"], [], ["null.a", "docker.b"], ""),
            (["null.a"], ["*a"], [], "-only and -except leave no target to build."),
            ([], ["zz"], ["null.a", "docker.b"], "No target and no post-processor matches -except=zz."),
        ]
    )
    func choice(_ only: [String], _ except: [String], _ names: [String], _ problem: String) {
        let text = Self.sources + "build {\n  sources = [\"null.a\", \"docker.b\"]\n}\n"
        let reading = read(text, only: only, except: except)
        #expect(reading.plan.targets.map(\.name) == names)
        #expect(listed(reading.diagnostics) == problem)
    }

    @Test(
        "problems are told at once, each once, at its place",
        arguments: [
            (
                "build {\n  sources = [\"null.a\", \"docker.b\"]\n  provisioner \"shell\" {\n    inlne = [source.name]\n  }\n}\n",
                "11:5-11:10 provisioner \"shell\" has no option \"inlne\""
            ),
            (
                "build {\n  sources = [\"null.a\"]\n  provisioner \"shell\" {\n    inline = [var.no]\n    x = 1\n  }\n}\n",
                "11:18-11:21 Unsupported attribute\n12:5-12:6 provisioner \"shell\" has no option \"x\""
            ),
            (
                "build {\n  source \"docker.b\" {\n    image = \"x\"\n  }\n}\n",
                "10:5-10:10 Duplicate argument"
            ),
            (
                "build {\n  sources = [\"null.a\"]\n  provisioner \"shell\" {\n    inline = [\"a\"]\n    override = { a = 1 }\n  }\n}\n",
                "12:16-12:25 Invalid override"
            ),
            (
                "source \"null\" \"c\" {\n  communicatr = \"none\"\n}\nbuild {\n  sources = [\"null.a\"]\n}\n",
                "9:3-9:14 builder \"null\" has no option \"communicatr\""
            ),
            ("", "1:1-1:18 Missing build block"),
            (
                "build {\n  sources = [\"null.a\", \"null.a\"]\n}\n",
                "9:13-9:33 Two targets are called null.a"
            ),
            (
                "locals {\n  a = local.b\n  b = local.a\n}\nbuild {\n  sources = [\"null.a\"]\n}\n",
                "9:3-9:4 Locals depend on each other"
            ),
        ]
    )
    func wrong(_ text: String, _ expected: String) {
        #expect(problems(Self.sources + text) == expected)
    }

    @Test("a cycle of locals is named whole")
    func cycle() {
        let reading = read("locals {\n  a = local.b\n  b = local.a\n}\n")
        #expect(reading.diagnostics.first?.detail == "None of them can be computed first: local.a → local.b → local.a.")
    }

    // MARK: Versions and plugins

    private func header(_ text: String) -> String {
        problems("packer {\n\(text)\n}\n" + Self.sources + "build {\n  sources = [\"null.a\"]\n}\n")
    }

    @Test(
        "versions that are asked for",
        arguments: [
            (">= 1.7.0, < 2.0.0", true), ("~> 1.8", true), ("~> 1.15.0", false), ("1.16.0", true), ("v1.16", true),
            ("!= 1.16.0", false), ("> 1.16.0", false), ("<= 1.16", true), ("= 1.16.0-beta1", false),
            (">= 1.16.0-beta1", true), ("~> 2", false), ("~>1", true),
        ]
    )
    func versions(_ constraint: String, _ isMet: Bool) {
        let answer = header("  required_version = \"\(constraint)\"\n  nonsense = 1")
        // Of a template for another version nothing else is said.
        let unknown = "3:3-3:11 Unsupported argument"
        #expect(answer.contains("Unsupported Packer version") == !isMet)
        #expect(isMet ? answer == unknown : !answer.contains(unknown) || answer.contains("Unsupported Packer version"))
    }

    @Test(
        "plugins that are asked for",
        arguments: [
            ("azure = { source = \"github.com/hashicorp/azure\", version = \"~> 2\" }", ""),
            ("azure = \"x\"", "3:13-3:16 Invalid plugin requirement"),
            ("azure = { source = \"azure\" }", "3:13-3:33 Invalid plugin source"),
            (
                "azure = { source = \"github.com/hashicorp/packer-plugin-azure\" }",
                "3:13-3:68 Invalid plugin source"
            ),
            ("azure = { source = \"a/b/c\", version = \"x\" }", "3:13-3:48 Invalid version constraint"),
            ("azure = { sorce = \"a/b/c\" }", "3:13-3:32 Invalid plugin requirement"),
        ]
    )
    func plugins(_ text: String, _ expected: String) {
        #expect(header("  required_plugins {\n    \(text)\n  }") == expected)
    }

    @Test("components of a plugin that is asked for are not checked, others have to be known")
    func pluginComponents() {
        let build = "source \"cargo-bay\" \"a\" {\n  x = 1\n}\nbuild {\n  sources = [\"cargo-bay.a\"]\n}\n"
        #expect(problems(build) == "1:8-1:19 There is no builder \"cargo-bay\"")
        let plugin =
            "packer {\n  required_plugins {\n    cargo = { source = \"example.com/x/cargo\", version = \"1.0\" }\n  }\n}\n"
        #expect(problems(plugin + build) == "")
    }
}
