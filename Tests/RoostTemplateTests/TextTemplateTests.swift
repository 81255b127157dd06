import Foundation
import RoostLanguage
import RoostTesting
import Testing

@testable import RoostTemplate

@Suite("Text templates")
struct TextTemplateTests {
    private static let context = TextTemplateContext(
        variables: [
            "name": SettingText("box"), "size": SettingText("12"), "secret": SettingText("s3", isSensitive: true),
            "run": SettingText("sh {{.Path}}", isTemplate: true), "braces": SettingText("a{{b"),
        ],
        now: Date(timeIntervalSince1970: 1_600_000_000),
        templateFolder: "/templates",
        workingFolder: "/work",
        buildName: "one",
        buildType: "azure-arm",
        random: { [UInt8](repeating: 7, count: $0) }
    )

    /// The settled value of one option of a provisioner, or what is wrong with it.
    private func settled(
        _ text: String,
        option: String = "x",
        of component: ComponentName = ComponentName(.provisioner, "any"),
        in context: TextTemplateContext = context
    ) -> String {
        let source = SourceText(name: "t", text: "\"\(text)\"")
        let value = SettingValue(.text(text), range: HCLRange(source, 0..<(text.utf8.count + 2)))
        let (settings, problems) = context.settled(ImageSettings([.init(option, value)]), of: component)
        guard problems.isEmpty else { return listed(problems) }
        guard let value = settings[option] else { return "" }
        let form = if case .template = value.form { "template " } else { "" }
        return form + (value.text ?? "") + (value.isSensitive ? " (sensitive)" : "")
    }

    @Test(
        "what is known is put in",
        arguments: [
            ("{{user `name`}}-{{ user \"size\" }}", "box-12"),
            ("{{user `secret`}}!", "s3! (sensitive)"),
            ("{{if eq (user `secret`) `s3`}}y{{end}}", "y (sensitive)"),
            (
                "{{timestamp}} {{isotime}} {{isotime `2006-01-02`}} {{strftime `%Y`}}",
                "1600000000 2020-09-13T12:26:40Z 2020-09-13 2020"
            ),
            ("{{template_dir}} {{pwd}} {{build_name}} {{build_type}}", "/templates /work one azure-arm"),
            ("{{uuid}}", "07070707-0707-4707-8707-070707070707"),
            ("{{user `name` | upper | printf `%s-%03d:%s` `a` 7}}", "a-007:BOX"),
            ("{{split `a-b-c` `-` 1}} {{replace `a` `b` 1 `aa`}} {{replace_all `a` `b` `aa`}}", "b ba bb"),
            ("{{upper `a`}}{{lower `A`}} {{len `abc`}} {{index `abc` 1}} {{slice `abcd` 1 3}}", "Aa 3 98 bc"),
            ("{{printf `%d %v %q %5.2f|%-4s|%x` 3 1.5 `a` 2.0 `b` 255}}", "3 1.5 \"a\"  2.00|b   |ff"),
            (
                "{{print 1 2 `a` `b` true}} {{html `<a>`}} {{urlquery `a b&`}} {{js `'x'`}}",
                "1 2abtrue &lt;a&gt; a+b%26 \\'x\\'"
            ),
            ("{{if and true (gt 2 1)}}a{{else if false}}b{{else}}c{{end}}{{with `x`}}[{{.}}]{{end}}", "a[x]"),
            ("{{$a := `q`}}{{range 3}}{{if eq . 1}}{{continue}}{{end}}{{.}}{{$a = print $a .}}{{end}}{{$a}}", "02q02"),
            ("{{define `t`}}<{{.}}>{{end}}{{template `t` `z`}}{{block `u` 1}}{{.}}{{end}}", "<z>1"),
            ("a  {{- /* no */ -}}  b {{- ` c ` -}} d", "ab c d"),
            ("{{`{{`}}.Names}}", "{{.Names}}"),
            ("{{not true}} {{or `` `x`}} {{ne 1 2}} {{le 1 1}} {{nil | printf `%v`}}", "false x true true <nil>"),
            ("{{0x1f}} {{1e3}} {{1.50}} {{'a'}} {{-3}}", "31 1000 1.5 97 -3"),
            ("no braces }}", "no braces }}"),
        ]
    )
    func known(_ text: String, _ expected: String) {
        #expect(settled(text) == expected)
    }

    @Test(
        "what only a running build knows stays",
        arguments: [
            ("{{user `name`}} {{ .Path }}", "template box {{.Path}}"),
            ("{{user `braces`}} {{.Path}}", "template a{{`{{`}}b {{.Path}}"),
            ("{ {{- .Path}}{", "template {{`{`}}{{.Path}}{"),
            ("{{build `ID`}}/{{build `Host` | upper}}", "template {{build `ID`}}/{{build `Host` | upper}}"),
            ("{{if .A}}{{user `name`}}{{else}}{{timestamp}}{{end}}", "template {{if .A}}box{{else}}1600000000{{end}}"),
            ("{{printf `%s-%s` (user `size`) .Name}}", "template {{printf `%s-%s` `12` .Name}}"),
            ("{{user `secret`}} {{.Vars}}", "template s3 {{.Vars}} (sensitive)"),
            ("{{user `run`}} {{timestamp}}", "template sh {{.Path}} 1600000000"),
            ("{{user `run` | upper}}", "SH {{.PATH}}"),
            (
                "{{$x := .A}}{{range $i, $e := .B}}{{$i}}{{upper `k`}}{{end}}",
                "template {{$x := .A}}{{range $i, $e := .B}}{{$i}}K{{end}}"
            ),
            ("{{if true}}{{.A}}{{end}}", "template {{.A}}"),
        ]
    )
    func later(_ text: String, _ expected: String) {
        #expect(settled(text) == expected)
        // What is left means the same when it is read again.
        if expected.hasPrefix("template "), !expected.hasSuffix("(sensitive)") {
            #expect(settled(String(expected.dropFirst(9))) == expected)
        }
    }

    @Test(
        "what is wrong is said, and where in the text",
        arguments: [
            ("a {{bogus}}", "1:6-1:11 Unknown function"),
            ("{{user `naem`}}", "1:4-1:15 Undefined variable"),
            ("{{user `naem`}} {{user `x1`}} {{.Path}}", "1:4-1:15 Undefined variable\n1:20-1:29 Undefined variable"),
            ("{{env `HOME`}}", "1:4-1:14 Function not allowed here"),
            ("{{sed `a` `b`}}", "1:4-1:15 Function not allowed here"),
            ("{{clean_resource_name `a`}}", "1:4-1:23 Unknown function"),
            ("{{ user `name`", "1:2-1:4 Invalid text template"),
            ("{{if}}{{end}}", "1:6-1:8 Invalid text template"),
            ("{{if true}}", "1:4-1:6 Invalid text template"),
            ("{{end}}", "1:4-1:7 Invalid text template"),
            ("{{upper 1}}", "1:4-1:11 Error in function call"),
            ("{{split `a-b` `-` 5}}", "1:4-1:21 Error in function call"),
            ("{{upper}}", "1:4-1:9 Error in function call"),
            ("{{$x}}", "1:4-1:6 Unknown variable"),
            ("{{`a}}", "1:4-1:5 Invalid text template"),
            ("{{1 | 2}}", "1:8-1:9 Invalid text template"),
            ("{{template `none`}}", "1:13-1:19 Unknown template"),
            ("{{define `r`}}{{template `r`}}{{end}}{{template `r`}}", "1:27-1:30 Error in function call"),
            ("{{range 100001}}{{end}}", "1:10-1:16 Error in function call"),
            ("{{range 1000}}{{range 1000}}x{{end}}{{end}}", "1:1-1:46 Template does not end"),
        ]
    )
    func wrong(_ text: String, _ expected: String) {
        #expect(settled(text) == expected)
    }

    @Test(
        "templates that would grow without end are refused",
        arguments: [
            "{{$a := `abcd`}}{{range 60}}{{$a = print $a $a}}{{end}}{{$a}}",
            "{{$a := `abcd`}}{{range 17}}{{$a = print $a $a}}{{end}}{{replace_all `` $a $a}}",
            "{{range 90000}}{{printf `%9999d` 1}}{{end}}",
        ]
    )
    func growth(_ text: String) {
        let time = ContinuousClock().measure {
            #expect(settled(text).contains("Error in function call") || settled(text).contains("does not end"))
        }
        #expect(time < .seconds(20))
    }

    @Test("deep nesting is refused")
    func deep() {
        for (open, close) in [("{{if true}}", "{{end}}"), ("{{(", ")}}"), ("{{if true}}{{else if true}}", "{{end}}")] {
            let text =
                open == "{{("
                ? "{{" + String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000) + "}}"
                : String(repeating: open, count: 5000) + String(repeating: close, count: 5000)
            #expect(settled(text).contains("Invalid text template"))
        }
    }

    @Test("components that are known well say what their options may ask for")
    func runData() {
        let shell = ComponentName(.provisioner, "shell")
        #expect(settled("{{.Vars}} {{.Path}}", option: "execute_command", of: shell) == "template {{.Vars}} {{.Path}}")
        #expect(settled("{{.Pth}}", option: "execute_command", of: shell) == "1:4-1:8 Unknown data")
        #expect(settled("docker ps {{.Names}}", option: "inline", of: shell) == "1:14-1:20 Unknown data")
        #expect(settled("{{.ID}}", option: "inline", of: shell) == "template {{.ID}}")
        #expect(settled("{{build `ID`}}", of: ComponentName(.builder, "null")) == "1:4-1:14 Function not allowed here")
    }

    @Test("names are cleaned as each cloud wants them, for builders alone")
    func cleaning() {
        let text = "{{clean_resource_name `A b:c_é-`}}"
        #expect(settled(text, of: ComponentName(.builder, "azure-arm")) == "A-b-c")
        #expect(settled(text, of: ComponentName(.builder, "amazon-ebs")) == "A b-c_---")
        #expect(settled(text, of: ComponentName(.builder, "googlecompute")) == "a-b-c----")
        #expect(settled(text, of: ComponentName(.builder, "qemu")).contains("Unknown function"))
    }

    @Test("HCL2 has names of its own for variables and folders")
    func hcl() {
        var context = Self.context
        context.variables = nil
        for (text, advice) in [
            ("user `name`", "${var.NAME}"), ("template_dir", "${path.root}"), ("build `ID`", "${build.ID}"),
        ] {
            let value = SettingValue(.list([SettingValue(.text("{{\(text)}}"))]))
            let component = ComponentName(.provisioner, "shell")
            let problems = context.settled(ImageSettings([.init("inline", value)]), of: component).diagnostics
            #expect(problems.count == 1)
            #expect(problems.first?.advice?.contains(advice) == true)
        }
        #expect(settled("{{timestamp}} {{upper `a`}}", in: context) == "1600000000 A")
    }

    @Test("a running build renders the rest")
    func rendering() throws {
        let text = "{{.Vars}} {{build `ID`}} {{if eq .Path `/p`}}{{upper `x`}}{{end}}"
        let rendered = try TextTemplate.rendered(
            text,
            data: ["Vars": .text("A=1"), "Path": .text("/p")],
            build: ["ID": "7"],
            in: Self.context
        )
        #expect(rendered == "A=1 7 X")
        #expect(throws: Diagnostic.self) { try TextTemplate.rendered("{{.Nope}}", in: Self.context) }
        #expect(throws: Diagnostic.self) { try TextTemplate.rendered("{{build `Nope`}}", in: Self.context) }
    }

    private static let hasPacker = (try? ShortCommand.run(["sh", "-c", "command -v packer"]).code) == 0

    @Test("Packer renders the same", .enabled(if: hasPacker, "Packer is not installed"))
    func packer() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        // Packer renders options of provisioners twice, so that braces which a template makes are not compared.
        let texts = [
            "{{user `name`}}", "{{printf `%d|%v|%q|%5.2f|%-4s|%x|%05d|%+d|%t` 3 1.5 `a\"` 2.0 `b` 255 42 7 true}}",
            "{{print 1 2 `a` `b` true}}", "{{html `<a '&>`}}", "{{urlquery `a b&/`}}", "{{len `abc`}}",
            "{{index `abc` 1}}", "{{if and true (gt 2 1)}}a{{else if false}}b{{else}}c{{end}}",
            "{{with `x`}}[{{.}}]{{end}}",
            "{{split `a-b-c` `-` 2}}", "{{replace `a` `b` 1 `caa`}}", "{{replace_all `a` `b` `caa`}}",
            "{{replace `` `-` 2 `abc`}}", "{{replace_all `` `-` `abc`}}", "x  {{- ` a ` -}}  y {{/* c */}}z",
            "{{0x1f}} {{1e3}} {{1.50}} {{'a'}} {{-3}} {{1e30}} {{.5}}", "{{$a := `q`}}{{$a = print $a 1}}{{$a}}",
            "{{define `t`}}<{{.}}>{{end}}{{template `t` `z`}}", "{{or `` `x`}} {{not 0}} {{ne 1 2}} {{lt `a` `b`}}",
            "{{eq `a` `b` `a`}}", "{{upper `straße`}}", "{{print nil}}",
        ]
        let template = """
            {"variables": {"name": "box"}, "builders": [{"type": "null", "communicator": "none"}],
             "provisioners": [{"type": "shell-local", "environment_vars": [\(
                texts.enumerated().map { HCLValue.string("V\($0)=\($1)").json }.joined(separator: ","))],
             "inline": ["\(texts.indices.map { "echo \\\"<$V\($0)>\\\"" }.joined(separator: "; "))"]}]}
            """
        let path = "\(folder.path)/t.json"
        try Data(template.utf8).write(to: URL(filePath: path))
        let words = [
            "env", "CHECKPOINT_DISABLE=1", "PACKER_CONFIG_DIR=\(folder.path)", "packer", "build", "-color=false",
        ]
        let (_, output) = try ShortCommand.run(words + [path])
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap { line -> String? in
            guard let start = line.firstIndex(of: "<"), line.hasPrefix("    null: <") else { return nil }
            return String(line[start...])
        }
        #expect(lines == texts.map { "<\(settled($0))>" })
    }
}
