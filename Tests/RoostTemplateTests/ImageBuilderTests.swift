import Foundation
import RoostLanguage
import Testing

@testable import RoostTemplate

/// Reads a template of Image Builder out of a text.
func imageBuilder(
    _ text: String,
    _ values: [String: String] = [:],
    files: [String] = [],
    only: [String] = [],
    keepsPlaceholders: Bool = false
) -> ImageTemplateReading {
    let input = ImageTemplateInput(
        path: "t.json",
        variableFiles: files,
        arguments: values.sorted { $0.key < $1.key }.map { .init(name: $0.key, text: $0.value) },
        now: Date(timeIntervalSince1970: 1_700_000_000),
        only: only
    )
    return ImageBuilderTemplate.read(Array(text.utf8), name: "t.json", input, keepsPlaceholders: keepsPlaceholders)
}

/// Values for all placeholders of the quick-starts.
let quickStartValues = [
    "subscriptionID": "0000-11", "rgName": "builds", "region": "westeurope", "region1": "westeurope",
    "region2": "West US 2", "imageDefName": "ubuntu", "sharedImageGalName": "gallery", "acgName": "gallery",
    "runOutputName": "out", "imageName": "image", "vnetRgName": "net", "vnetName": "vnet", "subnetName": "default",
    "imgBuilderId":
        "/subscriptions/0000-11/resourceGroups/builds/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ib",
]

@Suite("Templates of Image Builder")
struct ImageBuilderTests {
    // MARK: Real templates

    /// A line of the index of real templates.
    struct Indexed: CustomTestStringConvertible {
        var path: String
        var features: [String: String]
        var testDescription: String { path }

        /// Of the templates of Image Builder.
        static let all: [Indexed] = {
            guard let folder = Shared.images,
                let text = try? String(contentsOfFile: "\(folder)/INDEX.tsv", encoding: .utf8)
            else { return [] }
            return text.split(separator: "\n").compactMap { line in
                let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                guard columns.count >= 8, columns[3] == "aib-json" else { return nil }
                let pairs = columns[7].components(separatedBy: "; ").map { $0.split(separator: "=", maxSplits: 1) }
                let features = pairs.map { (String($0[0]), $0.count > 1 ? String($0[1]) : "") }
                let path = "\(columns[0].replacing("/", with: "__"))/\(columns[2])"
                return Indexed(path: path, features: Dictionary(features) { $1 })
            }
        }()
    }

    @Test(
        "real templates are read whole, as the index counts them",
        .enabled(if: Shared.images != nil, "\(Shared.absence)"),
        arguments: Indexed.all
    )
    func realTemplate(_ indexed: Indexed) throws {
        let bytes = try Shared.bytes("\(Shared.images ?? "")/\(indexed.path)")
        #expect(ImageBuilderTemplate.recognises(bytes))
        let text = String(decoding: bytes, as: UTF8.self)
        var values = quickStartValues.filter { text.contains("<\($0.key)>") }
        if indexed.features["arm_wrapper"] == "1" {
            values["imageTemplateName"] = "windows"
            values["api-version"] = "2022-02-14"
            values["svclocation"] = "westeurope"
        }
        let reading = imageBuilder(text, values)
        #expect(reading.diagnostics.filter(\.isError) == [])
        let target = try #require(reading.plan.targets.first)
        let types = { (steps: [String]) in Set(steps).sorted().joined(separator: ",") }
        let packerTypes = (indexed.features["customizer_types"] ?? "").split(separator: ",").map {
            ["WindowsRestart": "windows-restart", "WindowsUpdate": "windows-update"][$0] ?? $0.lowercased()
        }
        #expect("\(target.provisioners.count)" == indexed.features["customizers"])
        #expect(types(target.provisioners.map(\.type)) == types(packerTypes))
        let places = target.settings.blocks("distribute")
        #expect("\(places.count)" == indexed.features["distributors"])
        #expect(types(places.compactMap { $0.text("type") }) == indexed.features["distributor_types"])
        #expect(target.settings.block("source")?.text("type") == indexed.features["source"])
        #expect(target.destinations?.count == places.count)
        guard case .marketplace? = target.base else {
            Issue.record("The base is \(String(describing: target.base)).")
            return
        }
    }

    @Test("all real templates are there", .enabled(if: Shared.images != nil, "\(Shared.absence)"))
    func realTemplates() { #expect(Indexed.all.count == 6) }

    @Test("a trigger is known for what it is")
    func trigger() {
        let text = #"{ "location": "<region1>", "properties": { "kind": "SourceImage" } }"#
        #expect(ImageBuilderTemplate.recognises(Array(text.utf8)))
        let reading = imageBuilder(text)
        #expect(
            listed(reading.diagnostics) == "1:52-1:65 This is a trigger of kind SourceImage, not an image template"
        )
        #expect(reading.plan.targets.isEmpty)
        let other = imageBuilder(#"{ "properties": { "kind": "Source", "Kind": 1 } }"#)
        #expect(other.diagnostics.first?.summary == "Unknown kind \"Source\"")
    }

    @Test(
        "templates of Packer and other JSON are none",
        arguments: [#"{"builders": [{"type": "null"}]}"#, "[]", "", "{"]
    )
    func notRecognised(_ text: String) { #expect(!ImageBuilderTemplate.recognises(Array(text.utf8))) }

    // MARK: Placeholders

    private static let eight = #"""
        { "apiVersion": "2022-07-01", "location": "<region1>", "tags": { "of": "<rgName>-<region2>" },
          "identity": { "type": "UserAssigned", "userAssignedIdentities": { "<imgBuilderId>": {} } },
          "properties": {
            "source": { "type": "PlatformImage", "publisher": "p", "offer": "o", "sku": "s" },
            "customize": [ { "type": "Shell", "inline": ["cat <EOF", "a <b> c < d", "echo <rgName> <<region1>", "x <Thing> y"] } ],
            "distribute": [ { "type": "SharedImage", "runOutputName": "<runOutputName>",
              "galleryImageId": "/subscriptions/<subscriptionID>/resourceGroups/<rgName>/providers/Microsoft.Compute/galleries/<sharedImageGalName>/images/<imageDefName>",
              "targetRegions": [ { "name": "<region1>" }, { "name": "<region2>" } ] } ] } }
        """#

    private static let names = [
        "subscriptionID", "rgName", "region1", "region2", "imageDefName", "sharedImageGalName", "runOutputName",
        "imgBuilderId",
    ]

    @Test("all places without a value are listed, and commands are left alone")
    func unresolved() {
        let found = imageBuilder(Self.eight).diagnostics.map { problem in
            "\(problem.span?.start.line ?? 0):\(problem.span?.start.column ?? 0) \(problem.summary)"
        }
        #expect(
            found == [
                "1:44 Placeholder <region1> has no value", "1:73 Placeholder <rgName> has no value",
                "1:82 Placeholder <region2> has no value", "2:70 Placeholder <imgBuilderId> has no value",
                "5:83 Placeholder <rgName> has no value", "5:108 <Thing> is read as plain text",
                "6:64 Placeholder <runOutputName> has no value", "7:41 Placeholder <subscriptionID> has no value",
                "7:73 Placeholder <rgName> has no value", "7:120 Placeholder <sharedImageGalName> has no value",
                "7:148 Placeholder <imageDefName> has no value", "8:37 Placeholder <region1> has no value",
                "8:62 Placeholder <region2> has no value",
            ]
        )
    }

    private static func files() throws -> [(path: String, text: String)] {
        let values = quickStartValues.filter { names.contains($0.key) }.sorted { $0.key < $1.key }
        let folder = FileManager.default.temporaryDirectory.path
        let id = UUID().uuidString
        let json = values.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ",")
        let parameters = values.map { "\"\($0.key)\": { \"value\": \"\($0.value)\" }" }.joined(separator: ",")
        return [
            ("\(folder)/\(id).json", "{ \(json) }"),
            (
                "\(folder)/\(id).parameters.json",
                "{ \"contentVersion\": \"1.0.0.0\", \"parameters\": { \(parameters) } }"
            ),
            ("\(folder)/\(id).pkrvars.hcl", values.map { "\($0.key) = \"\($0.value)\"\n" }.joined()),
        ]
    }

    @Test("the eight placeholders of the quick-starts are filled from the command line and from every kind of file")
    func filled() throws {
        let flags = imageBuilder(Self.eight, quickStartValues.filter { Self.names.contains($0.key) })
        #expect(flags.diagnostics.map(\.summary) == ["<Thing> is read as plain text"])
        let target = try #require(flags.plan.targets.first)
        #expect(target.settings.text("location") == "westeurope")
        #expect(target.settings.map("tags") == ["of": "builds-West US 2"])
        let identities = target.settings.block("identity")?.block("userAssignedIdentities")?.entries.map(\.name)
        #expect(identities == quickStartValues["imgBuilderId"].map { [$0] })
        #expect(
            target.provisioners[0].settings.texts("inline")
                == ["cat <EOF", "a <b> c < d", "echo builds <<region1>", "x <Thing> y"]
        )
        #expect(
            target.destinations == [
                ImageDestination(
                    name: "out",
                    place: .gallery(
                        GalleryPublication(
                            image: .init(
                                subscription: "0000-11",
                                resourceGroup: "builds",
                                gallery: "gallery",
                                image: "ubuntu"
                            ),
                            version: .generated,
                            regions: [.init(name: "westeurope"), .init(name: "West US 2")]
                        )
                    )
                )
            ]
        )
        #expect(flags.plan.variables.map(\.name) == Self.names.sorted())
        for file in try Self.files() {
            try Data(file.text.utf8).write(to: URL(filePath: file.path))
            defer { try? FileManager.default.removeItem(atPath: file.path) }
            let reading = imageBuilder(Self.eight, files: [file.path])
            #expect(reading.plan.targets == flags.plan.targets, "\(file.path)")
            #expect(reading.diagnostics.map(\.summary) == ["<Thing> is read as plain text"])
        }
    }

    @Test("a value for nothing is an error with the near name, and the command line wins over files")
    func undeclared() throws {
        let values = quickStartValues.filter { Self.names.contains($0.key) && $0.key != "rgName" }
        let reading = imageBuilder(Self.eight, values.merging(["rgNam": "x"]) { $1 })
        let problem = try #require(reading.diagnostics.first { $0.code == "image-builder.undeclared" })
        #expect(problem.isError && problem.advice == "Did you mean \"rgName\"?")
        let file = try #require(try Self.files().first)
        try Data(file.text.utf8).write(to: URL(filePath: file.path))
        defer { try? FileManager.default.removeItem(atPath: file.path) }
        let both = imageBuilder(Self.eight, ["region1": "northeurope"], files: [file.path])
        #expect(both.plan.targets.first?.settings.text("location") == "northeurope")
    }

    // MARK: Deployments

    private static func deployment(_ expression: String, parameters: String = "", variables: String = "") -> String {
        """
        { "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0", // a comment
          "parameters": { \(parameters) }, "variables": { \(variables) },
          "resources": [ { "type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2022-07-01",
            "name": "n", "location": "l", "identity": { "type": "None" }, "tags": { "it": "\(expression)" },
            "properties": { "source": { "type": "PlatformImage", "publisher": "p", "offer": "o", "sku": "s" },
              "distribute": [ { "type": "VHD", "runOutputName": "o" } ] } } ] }
        """
    }

    struct Expression: CustomTestStringConvertible {
        var text: String
        var result: String
        var testDescription: String { text }
        init(_ text: String, _ result: String) { (self.text, self.result) = (text, result) }
    }

    @Test("expressions of deployments give what the cloud would make of them", arguments: expressions)
    func expression(_ expression: Expression) {
        let text = Self.deployment(
            expression.text,
            parameters: #"""
                "name": { "type": "string" }, "count": { "type": "int", "defaultValue": 3 },
                "list": { "type": "array", "defaultValue": ["a", "b"] }, "it's": { "type": "string", "defaultValue": "q" },
                "object": { "type": "object", "defaultValue": { "inner": { "deep": [1, "x"] } } },
                "loc": { "type": "string", "defaultValue": "[resourceGroup().location]" }
                """#,
            variables:
                #""v": "[concat(parameters('name'), '-v')]", "o": { "a": "[variables('v')]" }, "c": "[variables('d')]", "d": "[variables('c')]""#
        )
        let values = ["name": "Ab", "resourceGroup.location": "eu", "resourceGroup.name": "rg"]
        let reading = imageBuilder(text, values.merging(["subscription.subscriptionId": "s"]) { $1 })
        let problems = reading.diagnostics.filter { $0.code != "image-builder.undeclared" }
        let result = reading.plan.targets.first?.settings.map("tags")["it"]
        #expect((problems.isEmpty ? result : problems.map(\.summary).joined(separator: "|")) == expression.result)
    }

    private static let expressions: [Expression] = [
        .init("[parameters('NAME')]", "Ab"), .init("[variables('v')]", "Ab-v"), .init("[variables('o').a]", "Ab-v"),
        .init("[[not(an) expression]", "[not(an) expression]"), .init("plain", "plain"),
        .init("[concat('a''b', 1, true())]", "a'b1True"), .init("[format('{0}-{{{1}}}', 'x', 5)]", "x-{5}"),
        .init("[toLower(concat(toUpper('x'), 'Y'))]", "xy"), .init("[resourceGroup().location]", "eu"),
        .init("[parameters('loc')]", "eu"),
        .init("[resourceGroup().id]", "/subscriptions/s/resourceGroups/rg"),
        .init("[subscription().subscriptionId]", "s"),
        .init(
            "[resourceId('Microsoft.Compute/galleries/images', 'g', 'd')]",
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/galleries/g/images/d"
        ),
        .init(
            "[resourceId('t', 'h', 'Microsoft.Compute/images', 'i')]",
            "/subscriptions/t/resourceGroups/h/providers/Microsoft.Compute/images/i"
        ),
        .init("[string(parameters('object').inner.deep)]", #"[1,"x"]"#),
        .init("[string(parameters('object')['inner'].deep[1])]", "x"),
        .init("[if(equals(parameters('count'), 3), 'three', variables('none'))]", "three"),
        .init("[replace('a-b', '-', '_')]", "a_b"), .init("[substring('abcd', 1, 2)]", "bc"),
        .init("[join(split('a,b', ','), '+')]", "a+b"), .init("[first(parameters('list'))]", "a"),
        .init("[last('abc')]", "c"), .init("[string(length(parameters('list')))]", "2"),
        .init("[string(contains(parameters('list'), 'b'))]", "True"), .init("[padLeft(7, 3, '0')]", "007"),
        .init("[string(add(mul(2, 3), sub(10, div(9, 2))))]", "12"), .init("[coalesce(null(), 'z')]", "z"),
        .init("[string(union(createArray('a'), parameters('list')))]", #"["a","b"]"#),
        .init("[base64ToString(base64('hé'))]", "hé"), .init("[utcNow('yyyy-MM-dd')]", "2023-11-14"),
        .init("[uriComponent('a b/c')]", "a%20b%2Fc"), .init("[string(json('{\\\"k\\\": [1]}').k[0])]", "1"),
        .init("[take('hello', 2)]", "he"), .init("[string(indexOf('abc', 'C'))]", "2"),
        .init("[parameters('nam')]", "Unknown parameter \"nam\""), .init("[variables('w')]", "Unknown variable \"w\""),
        .init("[cocat('a')]", "Unknown function \"cocat\""),
        .init("[reference('x').y]", "Function \"reference\" asks the cloud"),
        .init("[listKeys('x', 'y').z]", "Function \"listKeys\" asks the cloud"),
        .init("[concat('a']", "Missing parenthesis"), .init("[a]", "Invalid expression"),
        .init("[concat('a') 'b']", "Extra characters after expression"), .init("['a]", "Unclosed text"),
        .init("[variables('c')]", "Variable refers to itself"), .init("[format('{1}', 1)]", "Error in call to format"),
        .init("[div(1, 0)]", "Error in call to div"), .init("[toLower(1)]", "Error in call to toLower"),
        .init("[substring('a', 5)]", "Error in call to substring"), .init("[resourceGroup().nam]", "Unknown property"),
        .init("[parameters('object').iner]", "Unknown property"), .init("[parameters('list')[2]]", "No such element"),
        .init("[resourceId('Microsoft.Compute/images')]", "Error in call to resourceId"),
    ]

    @Test("problems of expressions are placed within their text")
    func expressionPlace() throws {
        let reading = imageBuilder(Self.deployment("[concat('a', paramters('b'))]"))
        let problem = try #require(reading.diagnostics.first)
        #expect(problem.summary == "Unknown function \"paramters\"" && problem.advice == "Did you mean \"parameters\"?")
        #expect(problem.span.map { $0.end.column - $0.start.column } == "paramters('b')".count)
    }

    @Test("values of parameters are of their types, within their bounds, and secret where they are")
    func parameters() throws {
        let parameters = #"""
            "n": { "type": "int", "maxValue": 5 }, "b": { "type": "bool" }, "l": { "type": "array" },
            "s": { "type": "securestring" }, "k": { "type": "string", "allowedValues": ["x", "y"] }
            """#
        let all =
            "[concat(parameters('s'), string(parameters('n')), parameters('k'), string(parameters('b')), string(parameters('l')))]"
        let text = Self.deployment(all, parameters: parameters)
        let good = imageBuilder(text, ["n": "4", "b": "true", "l": "[1]", "s": "h1dden", "k": "x"])
        #expect(good.diagnostics == [])
        let tags = good.plan.targets.first?.settings.block("tags")
        #expect(tags?.text("it") == "h1dden4xTrue[1]" && tags?["it"]?.isSensitive == true)
        #expect(good.plan.variables.first { $0.name == "s" }?.isSensitive == true)
        let bad = imageBuilder(text, ["n": "6", "b": "h1dden", "l": "1", "k": "z"])
        #expect(
            bad.diagnostics.map(\.summary) == [
                "Wrong value for parameter \"n\"", "Wrong value for parameter \"b\"", "Wrong value for parameter \"l\"",
                "Parameter \"s\" has no value", "Wrong value for parameter \"k\"",
            ]
        )
        #expect(!"\(bad.diagnostics)".contains("h1dden"))
    }

    @Test("of a deployment with several templates the wanted ones are taken, and other resources are told of")
    func severalTemplates() throws {
        let one = #"""
            "apiVersion": "2022-07-01", "location": "l", "identity": { "type": "None" }, "properties": {
              "source": { "type": "PlatformImage", "publisher": "p", "offer": "o", "sku": "s" },
              "distribute": [ { "type": "VHD", "runOutputName": "o" } ] } }
            """#
        let type = #""type": "Microsoft.VirtualMachineImages/imageTemplates""#
        let text = #"""
            { "contentVersion": "1.0.0.0", "resources": [ { "name": "a", \#(type), \#(one), { "name": "b", \#(type), \#(one),
              { "name": "c", "condition": "[equals(1, 2)]", \#(type), \#(one), { "type": "Microsoft.Compute/galleries", "x": "<y>" } ] }
            """#
        let reading = imageBuilder(text, only: ["b"])
        #expect(reading.plan.targets.map(\.name) == ["b"])
        #expect(reading.diagnostics.map(\.summary) == ["Resource of type Microsoft.Compute/galleries is passed over"])
        let none = imageBuilder(text, only: ["bb"])
        #expect(none.diagnostics.contains { $0.summary == "No image template \"bb\"" && $0.isError })
        let other = imageBuilder(#"{ "contentVersion": "1", "resources": [ { "type": "Microsoft.Compute/images" } ] }"#)
        #expect(other.diagnostics.contains { $0.summary == "The deployment holds no image template" })
    }

    @Test("variables that grow without bound are an error, not a flood")
    func flood() {
        var variables = #""v0": "[createArray(1, 2, 3, 4, 5, 6, 7, 8)]""#
        for level in 1...40 {
            let inner = Array(repeating: "variables('v\(level - 1)')", count: 8).joined(separator: ", ")
            variables += #", "v\#(level)": "[createArray(\#(inner))]""#
        }
        let reading = imageBuilder(Self.deployment("[string(variables('v40'))]", variables: variables))
        #expect(reading.diagnostics.contains { $0.summary == "Value too large" })
    }

    // MARK: Steps

    @Test("steps become those of Packer, with the options of Packer")
    func steps() throws {
        let text = #"""
            { "location": "l", "identity": { "type": "None" }, "properties": {
              "source": { "type": "PlatformImage", "publisher": "p", "offer": "o", "sku": "s" },
              "customize": [
                { "type": "PowerShell", "name": "up", "inline": ["dir"], "runElevated": true, "validExitCodes": [0, 3010] },
                { "type": "PowerShell", "scriptUri": "https://e.org/a.ps1", "runElevated": true, "runAsSystem": true },
                { "type": "File", "sourceUri": "https://e.org/f", "destination": "c:\\f", "sha256Checksum": "" },
                { "type": "WindowsRestart", "restartCommand": "r", "restartCheckCommand": "c", "restartTimeout": "7m" },
                { "type": "WindowsUpdate", "searchCriteria": "IsInstalled=0", "filters": ["include:$true"], "updateLimit": 40 } ],
              "validate": { "sourceValidationOnly": false, "inVMValidations": [ { "type": "PowerShell", "inline": ["t"] } ] },
              "distribute": [ { "type": "VHD", "runOutputName": "o" } ] } }
            """#
        let target = try #require(imageBuilder(text).plan.targets.first)
        let list = { (texts: [String]) in SettingValue(.list(texts.map { SettingValue(.text($0)) })) }
        let codes = SettingValue(.list([0, 3010].map { SettingValue(.number(HCLNumber($0))) }))
        let expected: [ImageStep] = [
            step(
                "powershell",
                ("inline", list(["dir"])),
                ("valid_exit_codes", codes),
                ("elevated_user", SettingValue(.template("{{ build `User` }}"))),
                ("elevated_password", SettingValue(.template("{{ build `Password` }}"))),
                name: "up"
            ),
            step(
                "powershell",
                ("script_uri", text_("https://e.org/a.ps1")),
                ("elevated_user", text_("SYSTEM")),
                ("elevated_password", text_(""))
            ),
            step("file", ("source_uri", text_("https://e.org/f")), ("destination", text_("c:\\f"))),
            step(
                "windows-restart",
                ("restart_command", text_("r")),
                ("restart_check_command", text_("c")),
                ("restart_timeout", text_("7m"))
            ),
            step(
                "windows-update",
                ("search_criteria", text_("IsInstalled=0")),
                ("filters", list(["include:$true"])),
                ("update_limit", SettingValue(.number(HCLNumber(40))))
            ),
        ]
        #expect(target.provisioners == expected)
        #expect(target.validations == [step("powershell", ("inline", list(["t"])))])
        #expect(target.settings.block("validate")?.entries.map(\.name) == ["sourceValidationOnly"])
    }

    private func text_(_ text: String) -> SettingValue { SettingValue(.text(text)) }

    private func step(_ type: String, _ settings: (String, SettingValue)..., name: String? = nil) -> ImageStep {
        ImageStep(type: type, name: name, settings: ImageSettings(settings.map { .init($0, $1) }))
    }

    @Test("the schema of targets knows what a whole template sets")
    func schema() throws {
        let target = try #require(imageBuilder(ImageBuilderMistakeTests.whole).plan.targets.first)
        for entry in target.settings.entries {
            #expect(ComponentSchema.azureImageBuilder.option(entry.name) != nil, "\(entry.name)")
        }
    }
}
