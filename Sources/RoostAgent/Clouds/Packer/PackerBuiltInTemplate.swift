import FoundationEssentials
import RoostContent
import RoostModel

/// The template that `PackerBuild@1` makes by itself: copies a package onto a machine of Azure, runs a script of it, generalises.
struct PackerBuiltInTemplate {
    typealias Value = PlainJSON

    /// Credentials come in when it is built.
    let document: Value

    private let work: StepWork
    private let isWindows: Bool
    private let package: String
    /// Relative to the package.
    private let script: String

    /// - Throws: ``PackerTaskFailure``, ``TaskFailure``.
    init(_ work: StepWork) throws {
        self.work = work
        let base = try Self.base(work)
        isWindows = base["os_type"] == .text("Windows")
        package = try Self.found(work.base, "packagePath", work)
        let script = try Self.found(package, "deployScriptPath", work)
        self.script = String(script.dropFirst(package.count + 1))
        var builder: [String: Value] = ["type": .text("azure-arm"), "vm_size": .text("Standard_D3_v2")]
        builder.merge(base) { $1 }
        builder.merge(try Self.destination(work)) { $1 }
        if isWindows {
            builder.merge(Self.windowsCommunicator) { $1 }
        }
        builder.merge(try Self.more(work)) { $1 }
        let steps = isWindows ? Self.windowsSteps : Self.linuxSteps
        let provisioners = steps(package, self.script, work)
        document = .object(["builders": .list([.object(builder)]), "provisioners": .list(provisioners)])
    }

    // MARK: Builder

    private static func base(_ work: StepWork) throws -> [String: Value] {
        let source = try work.word("baseImageSource", of: ["default", "customVhd"], default: "default")
        guard source == "default" else {
            guard !work.isManaged else { throw PackerTaskFailure.managedFromDisk }
            let system = try work.word("customImageOSType", of: ["windows", "linux"], default: "windows")
            return [
                "image_url": .text(try work.required("customImageUrl")),
                "os_type": .text(system == "windows" ? "Windows" : "Linux"),
            ]
        }
        let text = work.input("baseImage") ?? "MicrosoftWindowsServer:WindowsServer:2012-R2-Datacenter:windows"
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let system = ["linux": "Linux", "windows": "Windows"][parts[3].lowercased()] else {
            throw PackerTaskFailure.baseImage(text)
        }
        return [
            "image_publisher": .text(parts[0]), "image_offer": .text(parts[1]), "image_sku": .text(parts[2]),
            "os_type": .text(system),
        ]
    }

    private static func destination(_ work: StepWork) throws -> [String: Value] {
        let group = Value.text(try work.required("azureResourceGroup"))
        var settings = ["location": Value.text(try work.required("location"))]
        if work.isManaged {
            settings["managed_image_name"] = .text(try work.required("managedImageName"))
            settings["managed_image_resource_group_name"] = group
        } else {
            let prefix = work.variables["Release.ReleaseName"] ?? work.variables["Build.BuildNumber"]
            settings["resource_group_name"] = group
            settings["storage_account"] = .text(try work.required("storageAccountName"))
            settings["capture_container_name"] = .text("vsts-buildimagetask")
            settings["capture_name_prefix"] = .text(prefix ?? "vstscapture")
        }
        return settings
    }

    private static let windowsCommunicator: [String: Value] = [
        "communicator": .text("winrm"), "winrm_use_ssl": .truth(true), "winrm_insecure": .truth(true),
        "winrm_timeout": .text("15m"), "winrm_username": .text("packer"),
    ]

    /// More keys of the builder, over those above.
    private static func more(_ work: StepWork) throws -> [String: Value] {
        guard let text = work.input("additionalBuilderParameters") else { return [:] }
        guard let keys = try? JSONDecoder().decode([String: Value].self, from: Data(text.utf8)) else {
            throw PackerTaskFailure.notJSON(input: "additionalBuilderParameters", expected: "a JSON object")
        }
        return keys
    }

    // MARK: Files

    /// The first file or folder that an input's pattern fits.
    private static func found(_ folder: String, _ input: String, _ work: StepWork) throws -> String {
        let pattern = try work.required(input)
        let place = pattern.hasPrefix("/") ? pattern.withoutDots : "\(folder)/\(pattern)".withoutDots
        if FileTree.exists(place) { return place }
        let search = try FoundFiles(folder, pattern, options: PatternOptions(), work)
        let found = try search.collect(followingLinks: true) { !$0.isBroken }
        guard let first = found.map(\.place).min() else {
            throw PackerTaskFailure.nothingFits(input: input, pattern: pattern, folder: folder)
        }
        return first
    }

    // MARK: Steps

    private static func step(_ type: String, _ settings: [String: Value]) -> Value {
        .object(settings.merging(["type": .text(type)]) { $1 })
    }

    private static func linuxSteps(_ package: String, _ script: String, _ work: StepWork) -> [Value] {
        let place = "/deployTemp/\(package.lastPart)"
        let path = ShellQuoting.quoted("\(place)/\(script)")
        let arguments = work.input("deployScriptArguments").map { " \($0)" } ?? ""
        func shell(_ lines: [String], _ more: [String: Value] = [:]) -> Value {
            let settings: [String: Value] = [
                "execute_command": .text("chmod +x {{ .Path }}; {{ .Vars }} sudo -E sh '{{ .Path }}'"),
                "inline": .list(lines.map { .text(literal($0)) }),
            ]
            return step("shell", settings.merging(more) { $1 })
        }
        return [
            shell(["rm -rf /deployTemp", "mkdir /deployTemp", "chmod 777 /deployTemp"]),
            step("file", ["source": .text(literal(package)), "destination": .text(literal(place))]),
            shell(["cd /deployTemp", "chmod +x \(path)", "\(path)\(arguments)"]),
            shell(
                ["/usr/sbin/waagent -force -deprovision+user && export HISTSIZE=0 && sync"],
                ["skip_clean": .truth(work.flag("skipTempFileCleanupDuringVMDeprovision", default: true))]
            ),
        ]
    }

    private static func windowsSteps(_ package: String, _ script: String, _ work: StepWork) -> [Value] {
        let path = "C:\\DeployTemp\\\(package.lastPart)\\\(script.replacing("/", with: "\\"))"
        let arguments = work.input("deployScriptArguments").map { " \($0)" } ?? ""
        let answers = "$Env:SystemRoot\\system32\\Sysprep\\unattend.xml"
        func lines(_ texts: [String]) -> [String: Value] { ["inline": .list(texts.map { .text(literal($0)) })] }
        return [
            step(
                "powershell",
                lines(["Remove-Item -Recurse -Force -ErrorAction Ignore C:\\DeployTemp", "mkdir C:\\DeployTemp"])
            ),
            step("file", ["source": .text(literal(package)), "destination": .text("C:\\DeployTemp")]),
            step("powershell", lines(["cd C:\\DeployTemp", "& '\(path.replacing("'", with: "''"))'\(arguments)"])),
            step(
                "powershell",
                lines([
                    "if (Test-Path \(answers)) { Remove-Item -Force \(answers) }",
                    "& $Env:SystemRoot\\System32\\Sysprep\\Sysprep.exe /oobe /generalize /quit /quiet",
                ])
            ),
        ]
    }

    /// A text in which nothing is a template.
    private static func literal(_ text: String) -> String { text.replacing("{{", with: "{{`{{`}}") }
}
