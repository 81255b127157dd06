import Foundation
import RoostLanguage
import RoostTesting
import Testing

@testable import RoostTemplate

@Suite("Conversion between Packer and Image Builder")
struct ImageConversionTests {
    private static let identity =
        "/subscriptions/s/resourceGroups/i/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ib"

    /// A template of which Packer can say everything.
    private static func template(
        windows: Bool = false,
        steps: String? = nil,
        place: String = gallery,
        more: String = ""
    ) -> String {
        #"""
        { "type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "name": "base",
          "location": "westeurope",
          "identity": { "type": "UserAssigned", "userAssignedIdentities": { "\#(identity)": {} } },
          "properties": {
            "source": { "type": "PlatformImage", "publisher": "Canonical", "offer": "o", "sku": "s", "version": "1.2.3",
              "planInfo": { "planName": "a", "planProduct": "b", "planPublisher": "c" } },
            "customize": [ \#(steps ?? (windows ? windowsSteps : linuxSteps)) ],
            "distribute": [ \#(place) ],
            "vmProfile": { "vmSize": "Standard_D2s_v5", "osDiskSizeGB": 64, "userAssignedIdentities": ["\#(identity)"],
              "vnetConfig": { "subnetId": "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/a" } }
            \#(more) } }
        """#
    }

    private static let gallery = #"""
        { "type": "SharedImage", "runOutputName": "out", "artifactTags": { "a": "b", "with blank": "c" },
          "galleryImageId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/images/def/versions/1.0.0",
          "targetRegions": [ { "name": "westeurope", "replicaCount": 2 }, { "name": "northeurope" } ], "excludeFromLatest": true }
        """#

    private static let managed = #"""
        { "type": "ManagedImage", "runOutputName": "out", "location": "westeurope",
          "imageId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i" }
        """#

    private static let sum = "2c6ff6902a4a52deee69e8db26d0036a53388651008aaf31795bb20dabd21fd8"

    private static let linuxSteps = #"""
        { "type": "Shell", "name": "odd", "inline": ["echo \"${HOME}\" %{x} '{{.Names}}' \\ \t<b>", "docker ps --format '{{ .ID }}'"] },
        { "type": "Shell", "scriptUri": "https://e.org/it's.sh?a=1&b={{x}}", "sha256Checksum": "\#(sum)" },
        { "type": "Shell", "name": "plain", "scriptUri": "https://e.org/b.sh" },
        { "type": "File", "name": "f", "sourceUri": "https://e.org/f", "destination": "/tmp/it's", "sha256Checksum": "\#(sum)" }
        """#

    private static let windowsSteps = #"""
        { "type": "PowerShell", "name": "up", "inline": ["dir $env:X", "'{{a}}'"], "runElevated": true, "validExitCodes": [0, 3010] },
        { "type": "PowerShell", "scriptUri": "https://e.org/it's.ps1", "sha256Checksum": "\#(sum)", "runElevated": true, "runAsSystem": true },
        { "type": "File", "sourceUri": "https://e.org/f", "destination": "c:\\it's" },
        { "type": "WindowsRestart", "restartCommand": "shutdown /r", "restartCheckCommand": "echo x > c:\\y", "restartTimeout": "7m" }
        """#

    private func hcl(_ text: String, _ values: [String: String] = [:]) -> ImageTemplateReading {
        let arguments = values.sorted { $0.key < $1.key }.map { PackerInput.Argument(name: $0.key, text: $0.value) }
        let input = ImageTemplateInput(path: "a.pkr.hcl", arguments: arguments, now: Date(timeIntervalSince1970: 0))
        let files = PackerInput(
            templates: [HCLFile(name: "a.pkr.hcl", bytes: Array(text.utf8))],
            arguments: arguments,
            root: "/tmp"
        )
        return PackerTemplate(input, files).reading
    }

    private func json(_ text: String, _ values: [String: String] = [:]) -> ImageTemplateReading {
        let arguments = values.sorted { $0.key < $1.key }.map { PackerInput.Argument(name: $0.key, text: $0.value) }
        let input = ImageTemplateInput(path: "a.json", arguments: arguments, now: Date(timeIntervalSince1970: 0))
        return PackerJSONTemplate.read(Array(text.utf8), name: "a.json", input)
    }

    private func losses(_ conversion: ImageConversion) -> [String] {
        conversion.diagnostics.filter { $0.code == ImageConversion.lossCode }.map { problem in
            "\(problem.span.map { "\($0.start.line):\($0.start.column) " } ?? "")\(problem.summary)"
        }
    }

    // MARK: There and back

    struct Trip: CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var language: ImagePlan.Language
    }

    private static let trips: [Trip] = [ImagePlan.Language.packerHCL, .packerJSON].flatMap { language in
        [
            Trip(testDescription: "Linux, gallery, \(language)", text: template(), language: language),
            Trip(
                testDescription: "Linux, managed image, \(language)",
                text: template(place: managed),
                language: language
            ),
            Trip(testDescription: "Windows, \(language)", text: template(windows: true), language: language),
        ]
    }

    @Test("Image Builder to Packer and back gives the same base, steps and places", arguments: trips)
    func roundTrip(_ trip: Trip) throws {
        let first = imageBuilder(trip.text, keepsPlaceholders: true)
        #expect(first.diagnostics == [])
        let there = ImageConversion.of(first, to: trip.language)
        // Provisioners of JSON have no names.
        let isNamed = trip.language == .packerHCL
        #expect(losses(there).filter { isNamed || !$0.hasSuffix("The name of a step cannot be said") } == [])
        let packer = trip.language == .packerHCL ? hcl(there.text) : json(there.text)
        #expect(packer.diagnostics.filter(\.isError) == [], "\(there.text)")
        let back = ImageConversion.of(packer, to: .imageBuilder)
        #expect(losses(back) == [], "\(back.text)")
        let second = imageBuilder(back.text, ["imgBuilderId": Self.identity])
        #expect(second.diagnostics == [], "\(back.text)")
        let (one, other) = (try #require(first.plan.targets.first), try #require(second.plan.targets.first))
        #expect(one.base == other.base)
        #expect(one.destinations == other.destinations)
        let expected = one.provisioners.map { step in
            var step = step
            if !isNamed { step.name = nil }
            return step
        }
        #expect(other.provisioners == expected)
        #expect(one.settings["vmProfile"] == other.settings["vmProfile"])
        #expect(one.settings["identity"] == other.settings["identity"])
        #expect(!isNamed || one.name == other.name)
        let target = try #require(packer.plan.targets.first)
        #expect(target.base == one.base)
    }

    @Test(
        "what is written in HCL2 is laid out, and packer takes it",
        .enabled(if: ImageProgram.hasPacker, "Packer is not installed")
    )
    func packerTakesIt() throws {
        for windows in [false, true] {
            let text = Self.template(
                windows: windows,
                place:
                    "\(Self.managed), \(Self.gallery.replacing("out", with: "g").replacing("\"replicaCount\": 2", with: "\"replicaCount\": 1"))"
            )
            let program = try ImageProgram(["t.json": text])
            for (name, language) in [("a.pkr.hcl", "packer-hcl2"), ("b.json", "packer-json")] {
                let made = try program.roost("convert", "t.json", "--to", language, "--lossy", "--output-file", name)
                #expect(made.code == 0, "\(made.errors)")
                let checked = try program.packer("validate", name)
                #expect(checked.code == 0, "\(checked.output)\(checked.errors)")
            }
            #expect(try program.packer("fmt", "-check", "a.pkr.hcl").code == 0)
        }
    }

    // MARK: Variables

    @Test("placeholders and parameters without a value become variables, also within commands and addresses")
    func variables() throws {
        let steps =
            #"{ "type": "Shell", "inline": ["echo <rgName> <b>"] }, { "type": "Shell", "scriptUri": "https://<host>/a.sh" }"#
        let text = Self.template(
            steps: steps,
            place: Self.managed.replacing("/resourceGroups/g/", with: "/resourceGroups/<rgName>/")
        )
        for language in [ImagePlan.Language.packerHCL, .packerJSON] {
            let made = ImageConversion.of(imageBuilder(text, keepsPlaceholders: true), to: language)
            let values = ["rgName": "builds", "host": "e.org"]
            let packer = language == .packerHCL ? hcl(made.text, values) : json(made.text, values)
            #expect(packer.diagnostics.filter(\.isError) == [], "\(made.text)")
            #expect(packer.plan.variables.map(\.name) == ["host", "rgName"])
            let target = try #require(packer.plan.targets.first)
            #expect(target.settings.text("managed_image_resource_group_name") == "builds")
            #expect(target.provisioners[0].settings.texts("inline") == ["echo builds <b>"])
            #expect(target.provisioners[1].settings.texts("inline").contains { $0.hasSuffix("'https://e.org/a.sh'") })
        }
    }

    @Test("a secret of a deployment is not written, also when its value is given")
    func secrets() throws {
        let resource = Self.template(
            steps: #"{ "type": "Shell", "inline": ["[parameters('key')]"] }"#,
            place: Self.managed
        )
        let text =
            #"{ "contentVersion": "1", "parameters": { "key": { "type": "securestring" } }, "resources": [ \#(resource) ] }"#
        for language in [ImagePlan.Language.packerHCL, .packerJSON] {
            let made = ImageConversion.of(imageBuilder(text, ["key": "h1dden"], keepsPlaceholders: true), to: language)
            #expect(!made.text.isEmpty && !made.text.contains("h1dden"))
            let packer = language == .packerHCL ? hcl(made.text, ["key": "v"]) : json(made.text, ["key": "v"])
            #expect(packer.plan.variables.first?.isSensitive == true, "\(made.text)")
            #expect(packer.plan.targets.first?.provisioners[0].settings["inline"]?.hasSensitivePart == true)
        }
    }

    @Test(
        "real templates become templates of Packer that are right when values are given",
        .enabled(if: Shared.images != nil, "\(Shared.absence)"),
        arguments: ImageBuilderTests.Indexed.all
    )
    func realTemplate(_ indexed: ImageBuilderTests.Indexed) throws {
        let bytes = try Shared.bytes("\(Shared.images ?? "")/\(indexed.path)")
        let isDeployment = indexed.features["arm_wrapper"] == "1"
        let values = isDeployment ? ["api-version": "2022-02-14"] : [:]
        let reading = imageBuilder(String(decoding: bytes, as: UTF8.self), values, keepsPlaceholders: true)
        let made = ImageConversion.of(reading, to: .packerHCL)
        let names = hcl(made.text).plan.variables.map(\.name)
        let given = Dictionary(uniqueKeysWithValues: names.map { ($0, $0 == "image_version" ? "1.0.0" : "a") })
        let packer = hcl(made.text, given)
        // A VHD is no place that Packer knows, so that one is left without any.
        let isVHD = indexed.features["distributor_types"] == "VHD"
        let errors = packer.diagnostics.filter(\.isError)
        #expect(errors.count == (isVHD ? 1 : 0), "\(listed(errors))\n\(made.text)")
        let target = try #require(packer.plan.targets.first)
        #expect("\(target.provisioners.count - 1)" == indexed.features["customizers"])
        #expect(target.base == reading.plan.targets.first?.base)
    }

    // MARK: Losses

    @Test("everything that Packer cannot say is listed at its place")
    func lossesToPacker() {
        let made = ImageConversion.of(
            imageBuilder(ImageBuilderMistakeTests.whole, keepsPlaceholders: true),
            to: .packerHCL
        )
        #expect(
            losses(made) == [
                "41:7 \"containerInstanceSubnetId\" cannot be said", "33:36 The choice of a version cannot be said",
                "34:50 Output name \"managed\" cannot be said", "36:41 Output name \"disk\" cannot be said",
                "36:17 A VHD cannot be said", "34:17 Other tags for another place cannot be said",
                "36:17 Other tags for another place cannot be said", "28:17 A validation cannot be said",
                "6:3 \"tags\" cannot be said", "25:5 \"optimize\" cannot be said",
                "38:5 \"errorHandling\" cannot be said",
                "43:5 \"buildTimeoutInMinutes\" cannot be said", "44:5 \"stagingResourceGroup\" cannot be said",
                "46:5 \"managedResourceTags\" cannot be said",
            ]
        )
        #expect(made.withLossesAccepted.diagnostics.allSatisfy { !$0.isError })
    }

    private static let packer = """
        source "azure-arm" "a" {
          client_id                         = "c"
          client_secret                     = "h1dden"
          subscription_id                   = "s"
          image_publisher                   = "p"
          image_offer                       = "o"
          image_sku                         = "k"
          location                          = "westeurope"
          os_type                           = "Linux"
          managed_image_name                = "i"
          managed_image_resource_group_name = "g"
          secure_boot_enabled               = true
          ssh_username                      = "u"
        }
        variable "key" {
          default   = "h1dden"
          sensitive = true
        }
        build {
          sources = ["source.azure-arm.a"]
          provisioner "shell" {
            environment_vars = ["A=it's", "B=2"]
            inline           = ["echo $A"]
            pause_before     = "5s"
            max_retries      = 2
          }
          provisioner "shell" {
            execute_command = "sudo sh -c '{{ .Vars }} {{ .Path }}'"
            inline          = ["echo ${build.ID}"]
          }
          provisioner "shell" {
            script = "a.sh"
          }
          provisioner "shell" {
            inline = ["login ${var.key}"]
          }
          provisioner "file" {
            source      = "a"
            destination = "/tmp/a"
          }
          provisioner "shell-local" {
            inline = ["true"]
          }
          provisioner "shell" {
            inline = ["sleep 30", "/usr/sbin/waagent -force -deprovision+user && export HISTSIZE=0 && sync"]
          }
          error-cleanup-provisioner "shell" {
            inline = ["true"]
          }
          post-processor "manifest" {
          }
        }

        """

    @Test("everything that Image Builder cannot say is listed at its place, and no secret is written")
    func lossesToImageBuilder() throws {
        let made = ImageConversion.of(hcl(Self.packer), to: .imageBuilder)
        #expect(
            losses(made) == [
                "21:3 \"pause_before\" cannot be said", "21:3 \"max_retries\" cannot be said",
                "28:5 \"execute_command\" of shell cannot be said", "29:24 \"inline\" is known later only",
                "32:5 A local script cannot be said", "35:15 A secret is not written",
                "38:5 A local file cannot be said",
                "41:3 Provisioner \"shell-local\" cannot be said", "12:3 \"secure_boot_enabled\" cannot be said",
                "50:3 Post-processor \"manifest\" cannot be said", "47:3 The provisioner for errors cannot be said",
            ]
        )
        #expect(!made.text.contains("h1dden") && !"\(made.diagnostics)".contains("h1dden"))
        let target = try #require(imageBuilder(made.text, ["imgBuilderId": Self.identity]).plan.targets.first)
        #expect(target.provisioners.count == 1)
        let lines = ["export A='it'\"'\"'s'", "export B='2'", "echo $A"]
        #expect(target.provisioners.first?.settings.texts("inline") == lines)
    }

    @Test("other ways, other builders and several images are errors that say what to do")
    func otherWays() {
        let same = ImageConversion.of(hcl(Self.packer), to: .packerHCL)
        #expect(same.diagnostics.last?.summary == "The template is one of packer-hcl2 already")
        let docker =
            "source \"docker\" \"a\" {\n image = \"x\"\n commit = true\n}\nbuild {\n sources = [\"docker.a\"]\n}\n"
        // Nothing would be left of it, which nobody can take as a loss.
        let other = ImageConversion.of(hcl(docker), to: .imageBuilder).withLossesAccepted
        #expect(other.text.isEmpty && other.diagnostics.hasErrors)
        #expect(other.diagnostics.last?.summary == "Builder \"docker\" cannot be said")
        let two =
            docker.replacing("\"docker.a\"]", with: "\"docker.a\", \"null.b\"]")
            + "source \"null\" \"b\" {\n communicator = \"none\"\n}\n"
        let several = ImageConversion.of(hcl(two), to: .imageBuilder)
        #expect(several.text.isEmpty && several.diagnostics.last?.advice == "Choose one with -only.")
    }

    @Test("templates and values come from standard input and pipes, too")
    func pipes() throws {
        let program = try ImageProgram([
            "t.json": Self.template(place: Self.managed),
            "run.sh": """
            "$1" image convert --to packer-json <(cat t.json) -var-file <(echo '{}') > a.json && "$1" image convert --to packer-json - < t.json > b.json
            """,
        ])
        let roost = "\(ChildProgram.buildFolder)/roost"
        let (code, _) = try ShortCommand.run(["bash", "run.sh", roost], in: program.folder)
        // The names of two steps cannot be said in JSON.
        #expect(code == 1)
        try program.write("run.sh", try program.read("run.sh").replacing("packer-json", with: "packer-hcl2"))
        #expect(try ShortCommand.run(["bash", "run.sh", roost], in: program.folder).code == 0)
        let (first, second) = (try program.read("a.json"), try program.read("b.json"))
        #expect(first == second && first.contains("source \"azure-arm\" \"out\""))
    }

    @Test("JSON of Packer becomes HCL2 as upgrade makes it, and no file is written over unless it is said")
    func upgrade() throws {
        let program = try ImageProgram([
            "t.json": "{ \"builders\": [ { \"type\": \"null\", \"communicator\": \"none\" } ] }"
        ])
        #expect(try program.roost("upgrade", "t.json", "-output-file", "a.pkr.hcl").code == 0)
        let refused = try program.roost("convert", "t.json", "--to", "packer-hcl2", "--output-file", "a.pkr.hcl")
        #expect(refused.code == 1 && refused.errors.contains("a.pkr.hcl"))
        let made = try program.roost("convert", "t.json", "--to", "packer-hcl2")
        let upgraded = try program.read("a.pkr.hcl")
        #expect(made.code == 0 && made.output == upgraded, "\(made.errors)")
    }

    @Test("the command writes nothing when something is lost, unless it may be")
    func command() throws {
        let program = try ImageProgram(["t.json": ImageBuilderMistakeTests.whole])
        let refused = try program.roost("convert", "t.json", "--to", "packer-hcl2", "--output-file", "a.pkr.hcl")
        #expect(refused.code == 1 && refused.errors.contains("14 things cannot be said; --lossy leaves them out."))
        #expect((try? program.read("a.pkr.hcl")) == nil)
        let taken = try program.roost(
            "convert",
            "t.json",
            "--to",
            "packer-hcl2",
            "--lossy",
            "-output-file",
            "a.pkr.hcl"
        )
        #expect(taken.code == 0 && taken.errors.contains("cannot be said"))
        let valid = try program.roost("validate", "-var", "image_version=1.0.0", "a.pkr.hcl")
        #expect(valid.code == 0, "\(valid.errors)")
        let back = try program.roost("convert", "a.pkr.hcl", "-var", "image_version=1.0.0", "--to", "image-builder")
        #expect(back.code == 0 && back.output.contains("/imageTemplates\""), "\(back.errors)")
        try program.write("b.json", back.output)
        #expect(try program.roost("validate", "-var", "imgBuilderId=\(Self.identity)", "b.json").code == 0)
    }
}
