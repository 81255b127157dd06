import RoostLanguage
import Testing

@testable import RoostTemplate

struct ComponentReading: CustomTestStringConvertible {
    var component: String
    var text: String
    var shown: [String] = []
    var problems: [String] = []
    var testDescription: String { "\(component): \(text)" }
}

@Suite("Settings of components")
struct ComponentTests {
    private static let shell = "provisioner shell"

    private static let strictCases: [ComponentReading] = [
        ComponentReading(component: shell, text: "inline = [1, true]", shown: ["inline = [\"1\", \"true\"]"]),
        ComponentReading(
            component: "builder docker",
            text: "image = 7\ncommit = \"true\"\nssh_port = \"22\"\nvolumes = { a = 1 }\npull = \"0\"",
            shown: [
                "image = \"7\"", "commit = true", "ssh_port = 22", "volumes = {a = \"1\"}", "pull = false",
            ]
        ),
        ComponentReading(
            component: shell,
            text: "inline = \"echo\"",
            shown: ["inline = \"echo\""],
            problems: ["1:10 \"inline\" of provisioner \"shell\" has to be a list, not a text (\"echo\")"]
        ),
        ComponentReading(
            component: shell,
            text: "script = \"a\"\nbinary = \"yes\"\nvalid_exit_codes = [0, \"x\", 1.5]",
            shown: ["script = \"a\"", "binary = \"yes\"", "valid_exit_codes = [0, \"x\", 1.5]"],
            problems: [
                "2:10 \"binary\" of provisioner \"shell\" has to be true or false, not a text (\"yes\")",
                "3:24 \"valid_exit_codes[1]\" of provisioner \"shell\" has to be a whole number, not a text (\"x\")",
                "3:29 \"valid_exit_codes[2]\" of provisioner \"shell\" has to be a whole number, not a number",
            ]
        ),
        ComponentReading(
            component: shell,
            text: "script = \"a\"\npause_after = 5\nstart_retry_timeout = \"soon\"",
            shown: ["script = \"a\"", "pause_after = \"5\"", "start_retry_timeout = \"soon\""],
            problems: [
                "2:15 \"pause_after\" of provisioner \"shell\" has to be a duration, not \"5\"",
                "3:23 \"start_retry_timeout\" of provisioner \"shell\" has to be a duration, not \"soon\"",
            ]
        ),
        ComponentReading(
            component: "provisioner powershell",
            text: "inline = [\"a\"]\ndebug_mode = 3\nexecution_policy = \"ByPass\"",
            shown: ["inline = [\"a\"]", "debug_mode = 3", "execution_policy = \"bypass\""],
            problems: ["2:14 \"debug_mode\" of provisioner \"powershell\" has to be from 0 to 2, not 3"]
        ),
        ComponentReading(
            component: "post-processor checksum",
            text: "checksum_types = [\"sha256\", \"SHA1\"]",
            shown: ["checksum_types = [\"sha256\", \"SHA1\"]"],
            problems: [
                "1:29 \"checksum_types[1]\" of post-processor \"checksum\" has to be \"md5\", \"sha1\", \"sha224\", \"sha256\", \"sha384\" or \"sha512\", not \"SHA1\""
            ]
        ),
        // What comes later, and what is not there, passes.
        ComponentReading(
            component: "builder docker",
            text: "image = later\ncommit = anything\nssh_port = later\nchanges = anything\nauthor = null",
            shown: ["image = later", "commit = later", "ssh_port = later", "changes = later", "author = null"]
        ),
        ComponentReading(
            component: "builder qemu",
            text: """
                iso_url = "a"
                iso_checksum = "none"
                ssh_username = "root"
                qemuargs = [["-m", 1024], []]
                qemu_img_args {
                  convert = ["-o"]
                  shrink  = 1
                }
                """,
            shown: [
                "iso_url = \"a\"", "iso_checksum = \"none\"", "ssh_username = \"root\"",
                "qemuargs = [[\"-m\", \"1024\"], []]", "qemu_img_args = {convert = [\"-o\"], shrink = 1}",
            ],
            problems: ["7:3 builder \"qemu\" has no option \"qemu_img_args.shrink\""]
        ),
    ]

    @Test("HCL2 converts what HCL converts, and refuses the rest with its place", arguments: strictCases)
    func strict(_ reading: ComponentReading) {
        let checked = CheckedComponent(reading.component, reading.text)
        #expect(checked.shown == reading.shown)
        #expect(checked.problems == reading.problems)
    }

    private static let weakCases: [ComponentReading] = [
        ComponentReading(
            component: shell,
            text: "Inline = \"echo a,echo b\"\nBINARY = \"T\"\nvalid_exit_codes = \"0,2\"",
            shown: ["inline = [\"echo a\", \"echo b\"]", "binary = true", "valid_exit_codes = [0, 2]"]
        ),
        ComponentReading(
            component: "builder docker",
            text: "image = 1.5\ncommit = 1\nssh_port = \"0x16\"\nrun_command = 7\npull = \"\"\nwinrm_port = \"\"",
            shown: [
                "image = \"1.5\"", "commit = true", "ssh_port = 22", "run_command = [\"7\"]", "pull = false",
                "winrm_port = null",
            ]
        ),
        ComponentReading(
            component: "builder docker",
            text: "image = \"a\"\ncommit = true\nvolumes = [{ a = \"b\" }, { c = 1 }]\nchanges = \"\"",
            shown: ["image = \"a\"", "commit = true", "volumes = {a = \"b\", c = \"1\"}", "changes = []"]
        ),
        ComponentReading(
            component: "post-processor manifest",
            text: "custom_data = { a = true }\nstrip_path = \"yes\"",
            shown: ["custom_data = {a = \"1\"}", "strip_path = \"yes\""],
            problems: [
                "~1:15 \"custom_data[\"a\"]\" of post-processor \"manifest\" is true where a text is wanted, and becomes \"1\"",
                "2:14 \"strip_path\" of post-processor \"manifest\" has to be true or false, not a text (\"yes\")",
            ]
        ),
        ComponentReading(
            component: shell,
            text: "script = [\"a\"]\npause_after = 5\nenvironment_vars = {}",
            shown: ["script = [\"a\"]", "pause_after = \"5ns\"", "environment_vars = {}"],
            problems: [
                "1:10 \"script\" of provisioner \"shell\" has to be a text, not a list",
                "~2:15 \"pause_after\" of provisioner \"shell\" is 5 nanoseconds",
                "3:20 \"environment_vars\" of provisioner \"shell\" has to be a list, not an object",
            ]
        ),
        // One object is a list of blocks; a list is not one block.
        ComponentReading(
            component: "builder azure-arm",
            text: """
                use_azure_cli_auth = true
                skip_create_image  = true
                os_type   = "linux"
                location  = "x"
                image_url = "x"
                azure_tag = { name = "a", value = 1 }
                spot      = [{ max_price = "0.4" }]
                """,
            shown: [
                "use_azure_cli_auth = true", "skip_create_image = true", "os_type = \"Linux\"", "location = \"x\"",
                "image_url = \"x\"", "azure_tag = [{name = \"a\", value = \"1\"}]", "spot = [{max_price = \"0.4\"}]",
            ],
            problems: ["7:13 \"spot\" of builder \"azure-arm\" has to be an object, not a list"]
        ),
    ]

    @Test("JSON is as lenient as Packer's own reading of it", arguments: weakCases)
    func weak(_ reading: ComponentReading) {
        let name = CheckedComponent.name(reading.component)
        let (expression, syntax) = HCLExpression.parse("{\n\(reading.text)\n}", name: "x")
        var problems = syntax
        let settings = written(expression, &problems)
        let checked = ComponentCatalog.standard.checked(settings, of: name, in: .packerJSON)
        let shown = CheckedComponent(settings: checked.settings, diagnostics: problems + checked.diagnostics)
        #expect(shown.shown == reading.shown)
        // The first line is the brace.
        #expect(shown.problems(linesBefore: 1) == reading.problems)
    }

    /// Settings with places of their own, as files of JSON give them.
    private func written(_ expression: HCLExpression, _ problems: inout [Diagnostic]) -> ImageSettings {
        guard case .object(let items) = expression.form else { return ImageSettings() }
        var settings = ImageSettings(missingRange: expression.range)
        for item in items {
            let value = SettingValue.reading(item.value, in: testScope, &problems)
            settings.set(String(item.key.range.text), value, nameRange: item.key.range)
        }
        return settings
    }

    @Test("what is unknown or missing is told with its place and the near name, and a misspelling only once")
    func names() {
        let checked = CheckedComponent("provisioner file", "sorce = \"a\"\ncolour = \"red\"")
        #expect(
            checked.problems == [
                "1:1 provisioner \"file\" has no option \"sorce\"", "2:1 provisioner \"file\" has no option \"colour\"",
                "1:1 provisioner \"file\" needs \"destination\"",
            ]
        )
        #expect(checked.diagnostics.map(\.advice) == ["Did you mean \"source\"?", nil, nil])
        #expect(
            checked.diagnostics.map(\.code)
                == ["unknown-option", "unknown-option", "missing-option"].map { "component.\($0)" }
        )
    }

    @Test("a wrong name of the vendor's own example is told with the right one")
    func replicaCount() {
        let checked = CheckedComponent(
            "builder azure-arm",
            AzureTemplate.whole + "shared_gallery_image_version_replica_count = 2\n"
        )
        #expect(checked.diagnostics.map(\.code) == ["component.unknown-option"])
        #expect(checked.diagnostics.first?.advice == "Did you mean \"shared_image_gallery_replica_count\"?")
    }

    @Test("types are known, known by name, of a plugin that the template declares, or unknown")
    func types() {
        var catalog = ComponentCatalog.standard
        func kind(_ kind: ComponentKind, _ type: String) -> String {
            switch catalog.entry(kind, type) {
            case .known: "known"
            case .foreign: "foreign"
            case nil: "unknown"
            }
        }
        #expect(kind(.builder, "qemu") == "known")
        #expect(kind(.builder, "amazon-ebs") == "foreign")
        #expect(kind(.builder, "vsphere-iso") == "foreign")
        #expect(kind(.provisioner, "puppet-masterless") == "foreign")
        #expect(kind(.dataSource, "amazon-ami") == "foreign")
        #expect(kind(.builder, "amazonas") == "unknown")
        #expect(kind(.builder, "shell") == "unknown")
        #expect(kind(.builder, "snow-globe") == "unknown")
        catalog.declaredPlugins = ["snow"]
        #expect(kind(.builder, "snow-globe") == "foreign")
        #expect(kind(.postProcessor, "snow") == "foreign")
        #expect(kind(.builder, "snowflake") == "unknown")
        let checked = CheckedComponent("builder azure-arn", "")
        #expect(checked.problems == ["There is no builder \"azure-arn\""])
        #expect(checked.diagnostics.first?.advice == "Did you mean \"azure-arm\"?")
        #expect(
            CheckedComponent("builder amazn-ebs", "").diagnostics.first?.advice == "Did you mean \"amazon-ebs\"?"
        )
    }

    @Test("secrets are marked, also those of components that are known by name only, and never told")
    func secrets() {
        let known = CheckedComponent("builder docker", "image = \"a\"\ndiscard = true\nlogin_password = [\"hush\"]")
        #expect(known.shown.last == "login_password = <sensitive>")
        #expect(known.problems == ["3:18 \"login_password\" of builder \"docker\" has to be a text, not a list"])
        let typed = CheckedComponent("builder docker", "image = \"a\"\ndiscard = true\nssh_port = secret")
        #expect(typed.problems == ["3:12 \"ssh_port\" of builder \"docker\" has to be a whole number, not a text"])
        let foreign = CheckedComponent(
            "builder amazon-ebs",
            "secret_key = \"hush\"\nregion = \"eu\"\nssh { password = 1 }"
        )
        #expect(
            foreign.shown == ["secret_key = <sensitive>", "region = \"eu\"", "ssh = [{password = <sensitive>}]"]
        )
        #expect(foreign.problems.isEmpty)
    }

    @Test("earlier names become today's, with a warning")
    func earlierNames() {
        let checked = CheckedComponent(
            "builder null",
            "ssh_host = \"h\"\nssh_username = \"u\"\nssh_agent_auth = true\nssh_wait_timeout = \"1m\""
        )
        #expect(checked.shown.last == "ssh_timeout = \"1m\"")
        #expect(checked.problems == ["~4:1 \"ssh_wait_timeout\" of builder \"null\" should no longer be used"])
        #expect(checked.diagnostics.first?.advice == "Use \"ssh_timeout\".")
        let both = CheckedComponent(
            "builder null",
            "communicator = \"none\"\nssh_timeout = \"2m\"\nssh_wait_timeout = \"1m\""
        )
        #expect(both.shown == ["communicator = \"none\"", "ssh_timeout = \"1m\""])
        #expect(
            both.problems == [
                "~3:1 \"ssh_wait_timeout\" of builder \"null\" should no longer be used",
                "~3:1 \"ssh_timeout\" of builder \"null\" is given twice, and the value by its earlier name is used",
            ]
        )
        let turned = CheckedComponent(
            "builder null",
            "communicator = \"none\"\nssh_wait_timeout = \"1m\"\nssh_timeout = \"2m\""
        )
        #expect(turned.shown == both.shown)
        let empty = CheckedComponent(
            "builder null",
            "communicator = \"none\"\nssh_timeout = \"2m\"\nssh_wait_timeout = null"
        )
        #expect(empty.shown == ["communicator = \"none\"", "ssh_timeout = \"2m\""])
        #expect(empty.problems.isEmpty)
        #expect(turned.problems.count == 2)
    }

    @Test("files that have to be there are looked for, unless they are made during the build or come from the machine")
    func files() {
        func missing(_ component: String, _ text: String) -> [String] {
            let name = CheckedComponent.name(component)
            let checked = CheckedComponent(component, text)
            let problems = ComponentCatalog.standard.missingFiles(checked.settings, of: name) { $0 == "there" }
            return CheckedComponent(settings: checked.settings, diagnostics: problems).problems
        }
        #expect(
            missing("provisioner shell", "scripts = [\"there\", \"b.sh\", later, \"${secret}\"]") == [
                "1:21 \"b.sh\", which is \"scripts\" of provisioner \"shell\", is not there",
                "1:36 The file, which is \"scripts\" of provisioner \"shell\", is not there",
            ]
        )
        let file = "destination = \"/\"\nsource = \"a\"\n"
        #expect(
            missing("provisioner file", file) == [
                "2:10 \"a\", which is \"source\" of provisioner \"file\", is not there"
            ]
        )
        #expect(missing("provisioner file", file + "generated = true").isEmpty)
        #expect(missing("provisioner file", file + "direction = \"download\"").isEmpty)
        #expect(missing("builder amazon-ebs", "ssh_private_key_file = \"a\"").isEmpty)
        #expect(
            missing("builder docker", "discard = true\nbuild {\n  path = \"Dockerfile\"\n}\n") == [
                "3:10 \"Dockerfile\", which is \"path\" of builder \"docker\", is not there"
            ]
        )
    }
}
