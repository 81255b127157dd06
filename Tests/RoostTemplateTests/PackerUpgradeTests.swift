import Foundation
import RoostLanguage
import RoostTesting
import Testing

@testable import RoostTemplate

@Suite("Templates of JSON become HCL2")
struct PackerUpgradeTests {
    /// Uses whatever the language has.
    private static let everything = """
        {
          "_comment": "Boxes for everybody.\\nAsk before changing.",
          "_owner": "the image team",
          "description": "all \\"boxes\\" for ${nobody}",
          "min_packer_version": "1.5.0",
          "variables": {
            "base": "1", "size": "{{user `base`}}0", "home": "{{env `HOME_OF`}}", "mixed": "{{env `HOME_OF`}}/{{user `base`}}",
            "needed": null, "secret": "{{env `SECRET`}}", "run": "chmod +x {{.Path}}; {{.Vars}} {{.Path}}",
            "empty": "", "list": "a,b", "truth": "True", "braces": "a ${b} %{c} \\\\ \\"q\\" $", "stamp": "t-{{timestamp}}",
            "derived_secret": "<{{user `secret`}}>"
          },
          "sensitive-variables": ["secret"],
          "builders": [
            {"type": "null", "name": "first box", "ssh_host": "{{user `braces`}}{{user `size`}}", "ssh_port": "{{user `empty`}}",
             "ssh_username": "{{user `needed` | upper}}", "ssh_password": "{{user `derived_secret`}}", "ssh_pty": "{{user `truth`}}",
             "ssh_timeout": "1h", "ssh_clear_authorized_keys": "1", "ssh_handshake_attempts": "12"},
            {"type": "null", "communicator": "none"},
            {"type": "file", "name": "build_of_file", "target": "/tmp/{{build_name}}-{{user `stamp`}}", "content": "$${x}\\n\\t{{build_type}}"},
            {"type": "docker", "name": "dock", "image": "debian", "discard": true, "run_command": ["-d", "{{.Image}}"],
             "changes": "ENV A=1,ENV B={{user `base`}}", "volumes": {"/a b": "/{{user `base`}}", "for": "x"}}
          ],
          "provisioners": [
            {"type": "shell", "inline": "echo {{user `list`}}", "execute_command": "{{user `run`}} {{ .Vars }} $ {{.Path}}",
             "environment_vars": ["A={{build_name}}", "B={{build `ID`}}", "C=$${{user `base`}}", "D={{template_dir}}", "E={{pwd}}"],
             "pause_before": "10s", "timeout": "1m", "max_retries": 2, "only": ["first box", "dock"],
             "override": {"first box": {"inline": ["other {{user `home`}}"], "valid_exit_codes": "0,2"}}},
            {"type": "shell-local", "inline": ["{{isotime `2006`}} {{if eq (user `base`) `1`}}one{{else}}other{{end}}", "{{`{{`}}.Names}}",
              "{{replace_all `a` `b` `banana`}} {{split (user `list`) `,` 1}} {{user `mixed` | replace_all `/` `-`}} {{upper `x`}}"],
             "except": "null", "execute_command": ["/bin/sh", "-c", "{{.Vars}} {{.Script}}"]},
            {"type": "file", "source": "/etc/hostname", "destination": "/tmp/{{ uuid | len }}", "only": ["null"]}
          ],
          "error-cleanup-provisioner": {"type": "shell-local", "inline": ["echo {{user `home`}}"]},
          "post-processors": [
            "manifest",
            {"type": "manifest", "name": "second", "keep_input_artifact": true, "custom_data": {"size": "{{user `size`}}", "a.b": "c"}, "except": ["null"]},
            [{"type": "shell-local", "inline": ["x"]}, {"type": "manifest", "output": "m.json", "strip_path": "true"}]
          ]
        }
        """

    /// Builders, provisioners and post-processors of many kinds, also some that are not known here.
    private static let kinds = """
        {
         "variables": {"needed": null, "empty": "", "n": "22"},
         "builders": [
          {"type":"docker","name":"my box 1","image":"debian","discard":true,"login":"{{user `empty`}}","volumes":{"/a b":"/c"}},
          {"type":"null","name":"a","communicator":"none"},
          {"type":"file","target":"/tmp/x","content":"{{build_name}}"},
          {"type":"qemu","name":"q","iso_url":"http://x/{{user `needed`}}.iso","iso_checksum":"none","ssh_username":"u","ssh_password":"p","boot_command":["<esc>","{{.HTTPIP}}:{{ .HTTPPort }}{{user `empty`}}"],"qemuargs":[["-m","1024"],["-x","{{.Name}}"]],"memory":"{{user `empty`}}","cpus":"{{user `n`}}","headless":"{{user `empty`}}"},
          {"type":"amazon-ebs","name":"aws","region":"us-east-1","source_ami_filter":{"filters":{"name":"x*","virtualization-type":"hvm"},"owners":["1"],"most_recent":true},"instance_type":"t2","ssh_username":"u","ami_name":"n {{timestamp}}","access_key":"a","secret_key":"b","skip_region_validation":true,"ami_block_device_mappings":[{"device_name":"/dev/sda","volume_size":8}],"tags":{"a":"b","c.d":"{{user `n`}}"}},
          {"type":"virtualbox-iso","iso_url":"x.iso","iso_checksum":"none","ssh_username":"u","vboxmanage":[["modifyvm","{{.Name}}","--memory","{{user `n`}}"]],"guest_additions_path":"VBox_{{.Version}}.iso","shutdown_command":"x"},
          {"type":"lxc","config_file":"/etc/hostname","template_name":"t","template_environment_vars":["A=1"],"name":"lx"}
         ],
         "provisioners":[
          {"type":"shell","inline":["a"],"environment_vars":"A=1,B=2","valid_exit_codes":["0",1],"expect_disconnect":"true"},
          {"type":"ansible-local","playbook_file":"/etc/hostname","extra_arguments":["--extra-vars","\\"x={{user `n`}}\\""],"only":["my box 1"]},
          {"type":"breakpoint","disable":true,"note":"hi {{user `n`}}"},
          {"type":"windows-restart","restart_timeout":"5m","except":["a","my box 1"]},
          {"type":"powershell","inline":"Write-Host hi","elevated_user":"SYSTEM","elevated_password":"","only":["a"]},
          {"type":"file","source":"/etc/hostname","destination":"/tmp/"}
         ],
         "post-processors":[
          {"type":"shell-local","inline":["echo {{.BuildName}} {{build `ID`}}"]},
          ["compress",{"type":"checksum","checksum_types":["md5","sha1"],"output":"{{.BuildName}}_{{.ChecksumType}}"}],
          {"type":"vagrant","only":["virtualbox-iso"],"output":"{{.Provider}}.box"},
          [{"type":"docker-tag","repository":"r","tag":"{{user `n`}}","only":["my box 1"]},{"type":"docker-push","only":["my box 1"]}],
          {"type":"artifice","files":"a,b"}
         ]
        }
        """

    private func input(
        _ arguments: [String: String] = ["needed": "n"],
        name: String = "/t/a.json"
    ) -> ImageTemplateInput {
        ImageTemplateInput(
            path: name,
            arguments: arguments.sorted { $0.key < $1.key }.map { .init(name: $0.key, text: $0.value) },
            environment: ["HOME_OF": "/h", "SECRET": "s3cr3t"],
            workingFolder: "/work",
            now: Date(timeIntervalSince1970: 1_600_000_000)
        )
    }

    private func plan(hcl text: String, _ input: ImageTemplateInput) -> ImageTemplateReading {
        let files = PackerInput(
            templates: [HCLFile(native: Array(text.utf8), name: input.path + ".pkr.hcl")],
            arguments: input.arguments,
            environment: input.environment,
            root: input.folder,
            workingFolder: input.workingFolder
        )
        return PackerTemplate(input, files).reading
    }

    /// Where the plans of a template and of what it became are not the same.
    private func differences(_ bytes: [UInt8], _ input: ImageTemplateInput) -> [String] {
        let upgraded = PackerUpgrade.upgraded(bytes, name: input.path)
        let theirs = PackerJSONTemplate.read(bytes, name: input.path, input)
        let ours = plan(hcl: upgraded.text, input)
        var differences: [String] = []
        if upgraded.diagnostics.hasErrors { differences.append("upgrade: " + listed(upgraded.diagnostics)) }
        // What is wrong in the original is wrong afterwards, too, though it is said in other words.
        if theirs.diagnostics.hasErrors != ours.diagnostics.hasErrors {
            differences.append("JSON:\n\(listed(theirs.diagnostics))\nHCL2:\n\(listed(ours.diagnostics))")
        }
        if theirs.plan.description != ours.plan.description { differences.append("description") }
        if theirs.plan.targets.count != ours.plan.targets.count { differences.append("number of targets") }
        for (left, right) in zip(theirs.plan.targets, ours.plan.targets)
        where !left.knownAlike.hasSameWork(as: right.knownAlike) {
            differences.append("\(left.name): " + difference(left.knownAlike, right.knownAlike))
        }
        return differences
    }

    /// Variables that have no default.
    private func needed(_ bytes: [UInt8]) -> [String] {
        let (syntax, _) = PackerJSONReader.read(HCLJSONReader.read(bytes, name: ""))
        let names = PackerUpgradeWriter.names(syntax)
        return syntax.variables.filter { $0.defaultValue == nil }.map(\.name) + names.undeclared.map(\.name)
    }

    private func difference(_ left: ImageTarget, _ right: ImageTarget) -> String {
        if left.settings != right.settings { return "settings \(told(left.settings)) \(told(right.settings))" }
        for (one, other) in zip(left.provisioners, right.provisioners) where one != other {
            return
                "provisioner \(one.type) \(told(one.settings)) \(told(other.settings)) \(one.timeout) \(other.timeout)"
        }
        for (one, other) in zip(left.postProcessors.flatMap { $0 }, right.postProcessors.flatMap { $0 })
        where one != other {
            return
                "post-processor \(one.type) \(told(one.settings)) \(told(other.settings)) \(one.name ?? "") \(other.name ?? "")"
        }
        return left.errorCleanup == right.errorCleanup ? "steps" : "error-cleanup-provisioner"
    }

    private func told(_ settings: ImageSettings) -> String {
        settings.entries.map { "\($0.name)=\(told($0.value))" }.sorted().joined(separator: " ")
    }

    private func told(_ value: SettingValue) -> String {
        let mark = value.isSensitive ? "!" : ""
        return switch value.form {
        case .null: "null"
        case .text(let text): "\"\(text)\"\(mark)"
        case .template(let text): "<\(text)>\(mark)"
        case .number(let number): "\(number)\(mark)"
        case .truth(let truth): "\(truth)\(mark)"
        case .list(let elements): "[\(elements.map(told).joined(separator: ","))]\(mark)"
        case .object(let settings): "{\(told(settings))}\(mark)"
        case .later(let later): "later(\(later.text))\(mark)"
        }
    }

    /// What becomes of a text in a list of a provisioner, and what is said of it.
    private func upgraded(inline text: String) -> (source: String, problems: String) {
        let template = """
            {"variables": {"a": "x", "stamp": "{{timestamp}}"},
             "builders": [{"type": "null", "communicator": "none"}],
             "provisioners": [{"type": "shell-local", "inline": [\(HCLValue.string(text).json)]}]}
            """
        let (text, problems, _) = PackerUpgrade.upgraded(Array(template.utf8), name: "t.json")
        let line = text.split(separator: "\n").first { $0.contains("inline = [") } ?? ""
        return (String(line.drop { $0 == " " }.dropFirst("inline = [".count).dropLast()), listed(problems))
    }

    @Test(
        "texts become expressions where HCL2 has them, and stay templates where it has not",
        arguments: [
            ("{{user `a`}}", "var.a"),
            ("{{user \"a\"}}-{{ user `stamp` }}", "\"${var.a}-${var.stamp}\""),
            ("${x} %{y} \\ \"q\" \n\t", "\"$${x} %%{y} \\\\ \\\"q\\\" \\n\\t\""),
            ("$$", "\"$$\""),
            ("1$${{user `a`}}", "\"1${\"$$\"}${var.a}\""),
            ("${{.Vars}} { {{- user `a`}}", "\"$${{.Vars}} {${var.a}\""),
            ("{ {{- .Vars}}{{pwd}}", "\"{{`{`}}{{.Vars}}${path.cwd}\""),
            ("{{build_name}}/{{build_type}}/{{build `ID`}}", "\"${source.name}/${source.type}/${build.ID}\""),
            ("{{template_dir}} {{packer_version}}", "\"${path.root} ${packer.version}\""),
            (
                "{{ .Vars }} {{timestamp}} {{isotime \"2006\"}}",
                "\"{{ .Vars }} {{timestamp}} {{isotime \\\"2006\\\"}}\""
            ),
            ("{{user `a` | upper | lower}}", "lower(upper(var.a))"),
            ("{{replace_all `.` `-` (user `a`)}}", "replace(var.a, \".\", \"-\")"),
            ("{{split (user `a`) `.` 1}}", "split(\".\", var.a)[1]"),
            ("{{replace `a` `b` 1 (user `a`)}}", "\"{{replace `a` `b` 1 `${var.a}`}}\""),
            (
                "{{if eq (user `a`) `b`}}{{user `a`}}{{else}}{{.X}}{{end}}",
                "\"{{if eq `${var.a}` `b`}}${var.a}{{else}}{{.X}}{{end}}\""
            ),
            ("{{`{{`}}.Names}}", "\"{{`{{`}}.Names}}\""),
        ]
    )
    func texts(_ text: String, _ expected: String) { #expect(upgraded(inline: text).source == expected) }

    @Test(
        "what HCL2 cannot say is never left out silently",
        arguments: [
            ("{{env `X`}}", "This cannot be said in HCL2"), ("{{sed `a` `b`}}", "This cannot be said in HCL2"),
            ("{{user (print `a`)}}", "This cannot be said in HCL2"), ("{{bogus}}", "Unknown function"),
            ("{{user `stamp` | upper}}", "\"upper\" gets a text before templates in it are rendered"),
            ("{{printf `%s` (user `a`)}}", "A value must not hold a backtick"),
            ("{{user `b`}}", "Variable \"b\" is used and not declared; in HCL2 it has to be given a value"),
        ]
    )
    func doubts(_ text: String, _ expected: String) {
        let problems = upgraded(inline: text).problems
        #expect(
            problems.hasSuffix(" " + expected) && problems.hasPrefix("3:") && !problems.contains("\n"),
            "\(problems)"
        )
    }

    @Test("components of all kinds keep their settings")
    func allKinds() {
        #expect(differences(Array(Self.kinds.utf8), input(["needed": "n"])) == [])
        let overridden = Self.kinds.replacing(
            "\"output\":\"{{.Provider}}.box\"",
            with: "\"override\": {\"x\": {\"output\": \"y\"}}"
        )
        let (text, problems, _) = PackerUpgrade.upgraded(Array(overridden.utf8), name: "t.json")
        #expect(text.contains("    override = {\n      x = {\n        output = \"y\"\n"))
        #expect(
            listed(problems)
                == "23:47-23:57 Packer takes no objects in \"override\" of post-processor \"vagrant\" in HCL2"
        )
    }

    @Test("the command writes a file, and never over another one")
    func command() throws {
        let program = try ImageProgram(["t.json": Self.everything, "bad.json": "{\"builders\": [}"])
        let first = try program.roost("upgrade", "t.json")
        #expect(first.code == 0 && first.output == "Wrote t.json.pkr.hcl.\n")
        #expect(first.errors.contains("A value must not hold a backtick"))
        #expect(try program.read("t.json.pkr.hcl").hasPrefix("# Boxes for everybody.\n# Ask before changing.\n"))
        #expect(try program.roost("upgrade", "t.json").code == 1)
        let text = try program.roost("upgrade", "-output-file", "-", "-with-annotations", "t.json").output
        #expect(text.contains("# A machine that becomes an image.\nsource \"null\" \"first_box\" {"))
        #expect(try program.roost("fmt", "-check", "t.json.pkr.hcl").code == 0)
        #expect(try program.roost("upgrade", "bad.json").code == 1)
        #expect(throws: (any Error).self) { try program.read("bad.json.pkr.hcl") }
    }

    @Test("nothing is lost: the plan is the same")
    func everything() {
        let bytes = Array(Self.everything.utf8)
        #expect(differences(bytes, input()) == [])
        #expect(
            differences(bytes, input(["needed": "n", "size": "7", "truth": "false", "empty": "22", "home": "/x"])) == []
        )
        let upgraded = PackerUpgrade.upgraded(bytes, name: "/t/a.json")
        #expect(listed(upgraded.diagnostics) == "27:65-27:85 A value must not hold a backtick")
    }

    @Test(
        "real templates keep their plans",
        .enabled(if: Shared.images != nil, "\(Shared.absence)"),
        arguments: PackerJSONTests.rows
    )
    func corpus(_ row: PackerJSONTests.Row) throws {
        let bytes = try Shared.bytes(row.path)
        let arguments = Dictionary(uniqueKeysWithValues: needed(bytes).map { ($0, "1") })
        #expect(differences(bytes, input(arguments, name: row.path)) == [])
    }

    private static let hasPacker = (try? ShortCommand.run(["sh", "-c", "command -v packer"]).code) == 0

    /// What `packer validate` says to a template: whether it is accepted, and in which words.
    private func verdict(
        _ file: String,
        _ arguments: [String: String],
        in folder: String
    ) throws -> (isAccepted: Bool, text: String) {
        var words = [
            "env", "-C", folder, "CHECKPOINT_DISABLE=1", "PACKER_CONFIG_DIR=\(folder)", "HOME_OF=/h", "SECRET=s3cr3t",
        ]
        words += ["packer", "validate"] + arguments.flatMap { ["-var", "\($0.key)=\($0.value)"] } + [file]
        let (code, output) = try ShortCommand.run(words)
        return (code == 0, String(decoding: output, as: UTF8.self))
    }

    /// Makes the files that steps name, so that Packer finds them; those within others make those folders.
    private func makeFiles(of plan: ImagePlan, in folder: String) throws {
        let options = ["script", "scripts", "source", "sources", "playbook_file", "galaxy_file"]
        let values = plan.targets.flatMap(\.provisioners).flatMap { step in
            options.flatMap { name in step.settings[name].map { $0.list ?? [$0] } ?? [] }
        }
        let paths = Set(values.compactMap(\.text)).map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
        for path in paths.sorted(by: { $0.count > $1.count }) {
            let url = URL(filePath: path).standardizedFileURL
            guard !FileManager.default.fileExists(atPath: url.path) else { continue }
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data("x".utf8).write(to: url)
        }
    }

    /// Compares what Packer says to a template and to what it became.
    private func comparison(
        _ bytes: [UInt8],
        _ arguments: [String: String]
    ) throws -> (original: String, upgraded: String)? {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        // Templates name files in folders above their own.
        let folder = scratch.path + "/a/b/c"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = "\(folder)/t.json"
        try Data(bytes).write(to: URL(filePath: path))
        let text = PackerUpgrade.upgraded(bytes, name: path).text
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/t.pkr.hcl"))
        try makeFiles(
            of: PackerJSONTemplate.read(bytes, name: path, input(arguments, name: path)).plan,
            in: folder
        )
        let original = try verdict("t.json", arguments, in: folder)
        let upgraded = try verdict("t.pkr.hcl", arguments, in: folder)
        return original.isAccepted == upgraded.isAccepted ? nil : (original.text, upgraded.text)
    }

    @Test(
        "Packer accepts what became of real templates where it accepts them",
        .enabled(if: hasPacker && Shared.images != nil, "Packer is not installed"),
        arguments: PackerJSONTests.rows
    )
    func acceptance(_ row: PackerJSONTests.Row) throws {
        let bytes = try Shared.bytes(row.path)
        let arguments = Dictionary(uniqueKeysWithValues: needed(bytes).map { ($0, "1") })
        let difference = try comparison(bytes, arguments)
        #expect(difference == nil)
    }

    @Test(
        "Packer accepts what became of a template that uses whatever there is",
        .enabled(if: hasPacker, "Packer is not installed")
    )
    func acceptanceOfEverything() throws {
        // The oldest Packer that is still around knows neither of these in HCL2.
        let unknown = ["\"error-cleanup-provisioner\"", "\"_cleanup\""]
        var text = Self.everything.replacing(/"error-cleanup-provisioner": {[^}]*}}[^}]*},/, with: "")
        text = text.replacing("\"post-processors\"", with: "\"post-processors\"")
        #expect(unknown.allSatisfy { !text.contains($0) })
        for (text, arguments) in [(text, ["needed": "n", "empty": "22"]), (Self.kinds, ["needed": "n"])] {
            let difference = try comparison(Array(text.utf8), arguments)
            #expect(difference == nil)
        }
    }
}

extension ImageTarget {
    /// With what a running build knows named in one way: JSON has templates for it, HCL2 expressions.
    fileprivate var knownAlike: ImageTarget {
        var target = self
        target.settings = settings.knownAlike
        target.provisioners = provisioners.map(\.knownAlike)
        target.postProcessors = postProcessors.map { $0.map(\.knownAlike) }
        return target
    }
}

extension ImageStep {
    fileprivate var knownAlike: ImageStep {
        var step = self
        step.settings = settings.knownAlike
        return step
    }
}

extension ImageSettings {
    fileprivate var knownAlike: ImageSettings {
        var settings = self
        for place in entries.indices { settings.entries[place].value = entries[place].value.knownAlike }
        return settings
    }
}

extension SettingValue {
    fileprivate var knownAlike: SettingValue {
        var value = self
        switch form {
        case .later(let later): value.form = .template(later.templateText)
        case .template(let text):
            value.form = .template(text.replacing(/{{build `([A-Za-z]+)`}}/) { "${build.\($0.1)}" })
        // One block of a component that is not known may be one of several, or the only one that can be.
        case .list(let elements) where elements.count == 1 && elements[0].settings != nil:
            value = elements[0].knownAlike
        case .list(let elements): value.form = .list(elements.map(\.knownAlike))
        case .object(let settings): value.form = .object(settings.knownAlike)
        default: break
        }
        return value
    }
}
