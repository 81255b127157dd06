import RoostLanguage
import Testing

@testable import RoostTemplate

/// Settings of `azure-arm` that are right.
enum AzureTemplate {
    static let access = "use_azure_cli_auth = true\n"
    static let source = "image_publisher = \"p\"\nimage_offer = \"o\"\nimage_sku = \"s\"\n"
    static let destination = "managed_image_name = \"i\"\nmanaged_image_resource_group_name = \"g\"\n"
    static let machine = "os_type = \"Linux\"\nlocation = \"westeurope\"\n"
    static let whole = access + source + destination + machine

    static func gallery(_ more: String) -> String {
        """
        shared_image_gallery_destination {
          gallery_name   = "g"
          resource_group = "r"
          image_name     = "i"
          image_version  = "1.0.0"
          \(more)
        }

        """
    }
}

struct ComponentCase: CustomTestStringConvertible {
    var component: String
    var text: String
    /// Summaries of errors, and of warnings with a `~` before them.
    var problems: [String] = []

    init(_ component: String, _ text: String, _ problems: String...) {
        self.component = component
        self.text = text
        self.problems = problems
    }

    var testDescription: String { "\(component): \(text)" }
}

@Suite("What has to hold between settings")
struct ComponentRuleTests {
    private func problems(_ test: ComponentCase) -> [String] {
        CheckedComponent(test.component, test.text).diagnostics.map { ($0.isError ? "" : "~") + $0.summary }
    }

    private static let scriptsCases: [ComponentCase] = [
        ComponentCase("provisioner shell", "inline = [\"a\"]"),
        ComponentCase("provisioner shell", "script = later"),
        ComponentCase("provisioner shell", "", "provisioner \"shell\" needs \"inline\", \"script\" or \"scripts\""),
        ComponentCase(
            "provisioner shell",
            "inline = [\"a\"]\nscript = \"b\"\nscripts = []",
            "\"inline\" and \"script\" of provisioner \"shell\" exclude each other"
        ),
        ComponentCase("provisioner shell", "script = \"a\"\nenvironment_vars = [\"A=1\", \"B=\", later]"),
        ComponentCase(
            "provisioner shell",
            "script = \"a\"\nenvironment_vars = [\"A\", \"=b\", secret]",
            "\"A\" in \"environment_vars\" of provisioner \"shell\" has not the form NAME=value",
            "\"=b\" in \"environment_vars\" of provisioner \"shell\" has not the form NAME=value",
            "An entry in \"environment_vars\" of provisioner \"shell\" has not the form NAME=value"
        ),
        ComponentCase("provisioner shell-local", "command = \"a\"\nonly_on = [\"linux\"]"),
        ComponentCase(
            "post-processor shell-local",
            "command = \"a\"\ninline = [\"a\"]",
            "\"command\" and \"inline\" of post-processor \"shell-local\" exclude each other"
        ),
        ComponentCase("provisioner powershell", "script = \"a\"\nelevated_user = \"u\"\nelevated_password = \"p\""),
        ComponentCase(
            "provisioner powershell",
            "script = \"a\"\nelevated_password = \"p\"",
            "\"elevated_password\" of provisioner \"powershell\" needs \"elevated_user\", too"
        ),
        ComponentCase("provisioner windows-shell", "scripts = [\"a\"]"),
        ComponentCase(
            "provisioner windows-shell",
            "scripts = []",
            "provisioner \"windows-shell\" needs \"inline\", \"script\" or \"scripts\""
        ),
        ComponentCase("provisioner file", "content = \"a\"\ndestination = \"b\""),
        ComponentCase("provisioner file", "source = \"a\"\nsources = [\"b\"]\ndestination = \"c\""),
        ComponentCase(
            "provisioner file",
            "destination = \"a\"",
            "provisioner \"file\" needs \"source\", \"sources\" or \"content\""
        ),
        ComponentCase("provisioner file", "source = \"a\"", "provisioner \"file\" needs \"destination\""),
        ComponentCase(
            "provisioner file",
            "content = \"a\"\nsource = \"a\"\ndestination = \"b\"",
            "\"content\" and \"source\" of provisioner \"file\" exclude each other"
        ),
        ComponentCase(
            "provisioner file",
            "content = \"a\"\ndestination = \"b\"\ndirection = \"download\"",
            "provisioner \"file\" cannot download \"content\""
        ),
        ComponentCase("provisioner ansible-local", "playbook_files = [\"a\"]"),
        ComponentCase(
            "provisioner ansible-local",
            "playbook_file = \"a\"\nplaybook_files = [\"a\"]",
            "\"playbook_file\" and \"playbook_files\" of provisioner \"ansible-local\" exclude each other"
        ),
        ComponentCase("provisioner ansible", "", "provisioner \"ansible\" needs \"playbook_file\""),
        ComponentCase("provisioner hcp-sbom", "auto_generate = true"),
        ComponentCase("provisioner hcp-sbom", "", "provisioner \"hcp-sbom\" needs \"source\" or \"auto_generate\""),
    ]

    private static let buildersCases: [ComponentCase] = [
        ComponentCase("builder file", "target = \"a\"\ncontent = \"b\""),
        ComponentCase("builder file", "target = \"a\"", "~The file of builder \"file\" will be empty"),
        ComponentCase(
            "builder file",
            "target = \"a\"\ncontent = \"b\"\nsource = \"c\"",
            "\"content\" and \"source\" of builder \"file\" exclude each other"
        ),
        ComponentCase("builder null", "communicator = \"none\""),
        ComponentCase("builder null", "communicator = later"),
        ComponentCase("builder null", "ssh_host = \"h\"\nssh_username = \"u\"\nssh_private_key_file = \"k\""),
        ComponentCase(
            "builder null",
            "communicator = \"winrm\"\nwinrm_host = \"h\"",
            "builder \"null\" needs \"winrm_username\"",
            "builder \"null\" needs \"winrm_password\""
        ),
        ComponentCase("builder docker", "image = \"a\"\ncommit = true\nexport_path = \"\""),
        ComponentCase(
            "builder docker",
            "image = \"a\"\ncommit = false",
            "builder \"docker\" needs \"commit\", \"export_path\" or \"discard\""
        ),
        ComponentCase(
            "builder docker",
            "image = \"a\"\ncommit = true\nexport_path = \"x\"\ndiscard = true",
            "\"commit\" and \"export_path\" of builder \"docker\" exclude each other",
            "\"commit\" and \"discard\" of builder \"docker\" exclude each other"
        ),
        ComponentCase(
            "builder docker",
            "image = \"a\"\ndiscard = true\nbuild {\n  pull = true\n}\n",
            "builder \"docker\" needs \"build.path\"",
            "\"image\" and \"build\" of builder \"docker\" exclude each other"
        ),
        ComponentCase("builder docker", "image = \"a\"\ndiscard = true\necr_login = true\nlogin_server = \"s\""),
        ComponentCase(
            "builder docker",
            "image = \"a\"\ndiscard = true\necr_login = true\nlogin = true",
            "\"ecr_login\" of builder \"docker\" needs \"login_server\", too"
        ),
        ComponentCase(
            "builder docker",
            "image = \"a\"\ndiscard = true\ncommunicator = \"lxc\"",
            "\"communicator\" of builder \"docker\" has to be \"ssh\", \"winrm\", \"none\", \"docker\" or \"dockerWindowsContainer\", not \"lxc\""
        ),
        ComponentCase("builder qemu", "iso_urls = [\"a\"]\niso_checksum = \"none\"\ncommunicator = \"none\""),
        ComponentCase(
            "builder qemu",
            "iso_url = \"a\"\niso_urls = [\"a\"]\niso_checksum = \"none\"\nhost_port_min = 5\nhost_port_max = 4",
            "\"iso_url\" and \"iso_urls\" of builder \"qemu\" exclude each other",
            "builder \"qemu\" needs \"ssh_username\"",
            "\"host_port_min\" of builder \"qemu\" is larger than \"host_port_max\""
        ),
        ComponentCase(
            "builder qemu",
            "iso_url = \"a\"\niso_checksum = \"none\"\nssh_username = \"u\"\nformat = \"raw\"\nuse_backing_file = true\nhttp_content = { a = \"b\" }\nhttp_directory = \"d\"",
            "\"http_directory\" and \"http_content\" of builder \"qemu\" exclude each other",
            "\"use_backing_file\" of builder \"qemu\" needs \"disk_image\", too",
            "\"use_backing_file\" of builder \"qemu\" needs the format \"qcow2\""
        ),
        ComponentCase("builder lxc", "config_file = \"a\""),
        ComponentCase("builder lxd", "", "builder \"lxd\" needs \"image\""),
        ComponentCase("post-processor artifice", "files = [\"a\"]"),
        ComponentCase("post-processor artifice", "", "post-processor \"artifice\" needs \"files\""),
        ComponentCase("post-processor compress", "compression_level = -1"),
        ComponentCase(
            "post-processor compress",
            "compression_level = 10",
            "\"compression_level\" of post-processor \"compress\" has to be from -1 to 9, not 10"
        ),
        ComponentCase(
            "post-processor docker-tag",
            "tags = [\"a\"]",
            "post-processor \"docker-tag\" needs \"repository\""
        ),
        ComponentCase("data source http", "url = \"a\""),
        ComponentCase("data source http", "", "data source \"http\" needs \"url\""),
        ComponentCase(
            "data source hcp-packer-artifact",
            "bucket_name = \"b\"\nplatform = \"azure\"\nregion = \"r\"",
            "data source \"hcp-packer-artifact\" needs \"channel_name\" or \"version_fingerprint\""
        ),
    ]

    @Test("scripts, files and playbooks", arguments: scriptsCases)
    func scripts(_ test: ComponentCase) { #expect(problems(test) == test.problems) }

    @Test("builders, post-processors and data sources", arguments: buildersCases)
    func builders(_ test: ComponentCase) { #expect(problems(test) == test.problems) }
}
