import Foundation
import RoostLanguage
import Testing

@testable import RoostTemplate

@Suite("Mistakes in templates of Image Builder")
struct ImageBuilderMistakeTests {
    /// A template without a mistake, which uses nearly everything there is.
    static let whole = #"""
        {
          "type": "Microsoft.VirtualMachineImages/imageTemplates",
          "apiVersion": "2025-10-01",
          "name": "ubuntu",
          "location": "westeurope",
          "tags": { "team": "tools" },
          "identity": {
            "type": "UserAssigned",
            "userAssignedIdentities": {
              "/subscriptions/s/resourceGroups/ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ib": {}
            }
          },
          "properties": {
            "source": {
              "type": "PlatformImage", "publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server",
              "version": "latest",
              "planInfo": { "planName": "p", "planProduct": "q", "planPublisher": "r" }
            },
            "customize": [
              { "type": "Shell", "name": "lines", "inline": ["echo <b>bold</b> <<EOF", "a < b"] },
              { "type": "Shell", "scriptUri": "https://example.org/a.sh",
                "sha256Checksum": "2c6ff6902a4a52deee69e8db26d0036a53388651008aaf31795bb20dabd21fd8" },
              { "type": "File", "sourceUri": "https://example.org/f", "destination": "/tmp/f" }
            ],
            "optimize": { "vmBoot": { "state": "Enabled" },
              "workload": { "state": "Enabled", "scriptUri": "https://example.org/w.sh" } },
            "validate": { "continueDistributeOnFailure": false, "inVMValidations": [
              { "type": "Shell", "inline": ["test -f /tmp/f"] } ] },
            "distribute": [
              { "type": "SharedImage", "runOutputName": "gallery", "artifactTags": { "a": "b" },
                "galleryImageId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/images/def",
                "targetRegions": [ { "name": "westeurope", "replicaCount": 2, "storageAccountType": "Standard_ZRS" } ],
                "excludeFromLatest": true, "versioning": { "scheme": "Latest", "major": 2 } },
              { "type": "ManagedImage", "runOutputName": "managed", "location": "westeurope",
                "imageId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i" },
              { "type": "VHD", "runOutputName": "disk", "uri": "https://acc.blob.core.windows.net/c/d.vhd" }
            ],
            "errorHandling": { "onCustomizerError": "abort" },
            "vmProfile": { "vmSize": "Standard_D2s_v5", "osDiskSizeGB": 64, "vnetConfig": {
              "subnetId": "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/a",
              "containerInstanceSubnetId": "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/b" } },
            "additionalDataDisks": [ { "sizeGB": 10 } ],
            "buildTimeoutInMinutes": 60,
            "stagingResourceGroup": "/subscriptions/s/resourceGroups/staging",
            "autoRun": { "state": "Disabled" },
            "managedResourceTags": { "a": "b" }
          }
        }
        """#

    struct Mistake: CustomTestStringConvertible {
        /// What is replaced in the template.
        var old: String
        var new: String
        /// `line:column summary` of everything that is found.
        var found: [String]
        /// A part of what is said beside it.
        var says: String

        init(_ old: String, _ new: String, _ found: String..., says: String = "") {
            self.old = old
            self.new = new
            self.found = found
            self.says = says
        }

        var testDescription: String { "\(old) -> \(new)" }
    }

    @Test("nothing is wrong in a template without mistakes")
    func noMistake() {
        #expect(listed(imageBuilder(Self.whole).diagnostics) == "")
    }

    @Test("every mistake is found in its place, with what to do", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let range = try #require(Self.whole.range(of: mistake.old))
        let reading = imageBuilder(Self.whole.replacingCharacters(in: range, with: mistake.new))
        let found = reading.diagnostics.map { problem in
            "\(problem.span.map { "\($0.start.line):\($0.start.column) " } ?? "")\(problem.summary)"
        }
        #expect(found == mistake.found)
        let words = reading.diagnostics.map { "\($0.detail ?? "") \($0.advice ?? "")" }.joined(separator: "\n")
        #expect(mistake.says.isEmpty || words.contains(mistake.says), "\(words)")
    }

    @Test("whatever is broken, there is an answer, and what is made of it can be said")
    func broken() {
        let bytes = Array(Self.whole.utf8)
        var random = SeededGenerator(seed: 22)
        let letters = Array("{}[]\",:<>'\\0a/ -".utf8)
        for _ in 0..<600 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[place] = letters[Int.random(in: 0..<letters.count, using: &random)]
                case 1: changed.remove(at: place)
                default:
                    let end = min(changed.count, place + Int.random(in: 1...80, using: &random))
                    changed.removeSubrange(place..<end)
                }
            }
            let reading = imageBuilder(String(decoding: changed, as: UTF8.self), keepsPlaceholders: true)
            let conversion = ImageConversion.of(reading, to: .packerHCL)
            #expect(
                conversion.text.isEmpty || HCLFile(native: Array(conversion.text.utf8), name: "x").diagnostics == []
            )
            #expect(reading.diagnostics.contains(where: \.isError) == conversion.text.isEmpty)
        }
    }

    static let mistakes: [Mistake] = envelope + sources + steps + places + machines

    private static let envelope: [Mistake] = [
        .init("/imageTemplates\"", "/imageTemplate\"", "2:11 This is no image template"),
        .init(
            "2025-10-01",
            "2025-10-10",
            "3:17 Unknown API version \"2025-10-10\"",
            says: "Did you mean \"2025-10-01\"?"
        ),
        .init(
            "2025-10-01",
            "2024-02-01",
            "26:7 Property \"workload\" needs a newer API version",
            "42:5 Property \"additionalDataDisks\" needs a newer API version",
            says: "It exists since 2025-10-01; the template is written for 2024-02-01."
        ),
        .init(
            "2025-10-01",
            "2019-05-01-preview",
            "3:17 API version 2019-05-01-preview was a preview",
            "17:7 Property \"planInfo\" needs a newer API version",
            "25:5 Property \"optimize\" needs a newer API version",
            "26:7 Property \"workload\" needs a newer API version",
            "27:5 Property \"validate\" needs a newer API version",
            "32:9 Property \"targetRegions\" needs a newer API version",
            "33:9 Property \"excludeFromLatest\" needs a newer API version",
            "33:36 Property \"versioning\" needs a newer API version",
            "36:49 Property \"uri\" needs a newer API version",
            "38:5 Property \"errorHandling\" needs a newer API version",
            "39:49 Property \"osDiskSizeGB\" needs a newer API version",
            "39:69 Property \"vnetConfig\" needs a newer API version",
            "41:7 Property \"containerInstanceSubnetId\" needs a newer API version",
            "42:5 Property \"additionalDataDisks\" needs a newer API version",
            "44:5 Property \"stagingResourceGroup\" needs a newer API version",
            "45:5 Property \"autoRun\" needs a newer API version",
            "46:5 Property \"managedResourceTags\" needs a newer API version"
        ),
        .init("\"name\": \"ubuntu\"", "\"name\": \"ubuntu image\"", "4:11 Wrong value for \"name\""),
        .init(
            "\"location\"",
            "\"Location\"",
            "5:3 Unknown property \"Location\"",
            "48:1 Property \"location\" is missing",
            says: "Did you mean \"location\"?"
        ),
        .init("\"westeurope\",\n  \"tags\"", "\"west-europe\",\n  \"tags\"", "5:15 Wrong value for \"location\""),
        .init("{ \"team\": \"tools\" }", "{ \"team\": 1 }", "6:21 Wrong type for \"tags\""),
        .init("\"UserAssigned\"", "\"SystemAssigned\"", "8:13 Wrong value for \"type\""),
        .init("\"UserAssigned\"", "\"None\"", "9:5 Identities with type None"),
        .init(
            "Microsoft.ManagedIdentity/userAssignedIdentities/ib\": {}",
            "Microsoft.Compute/images/ib\": {}",
            "10:7 Wrong name of an identity",
            says: "This names a managed image; a user-assigned managed identity is needed."
        ),
        .init(
            "\"userAssignedIdentities\"",
            "\"userAssignedIdentity\"",
            "9:5 Unknown property \"userAssignedIdentity\"",
            "12:3 The identity names none"
        ),
        .init(
            "\"properties\": {",
            "\"properties\": { \"provisioningState\": \"Succeeded\",",
            "13:19 Property \"provisioningState\" is read-only"
        ),
        .init("\"properties\": {", "\"properties\": { \"source\": {},", "14:5 Property \"source\" is given twice"),
    ]

    private static let sources: [Mistake] = [
        .init(
            "\"PlatformImage\"",
            "\"PlatformImages\"",
            "15:15 Unknown type \"PlatformImages\"",
            says: "Did you mean \"PlatformImage\"?"
        ),
        .init("\"type\": \"PlatformImage\", ", "", "18:5 Property \"type\" is missing"),
        .init("\"publisher\": \"Canonical\", ", "", "18:5 Property \"publisher\" is missing"),
        .init("\"sku\": \"server\"", "\"sku\": \"\"", "15:94 Wrong value for \"sku\""),
        .init("\"planProduct\": \"q\", ", "", "17:59 Property \"planProduct\" is missing"),
        .init(
            "\"type\": \"PlatformImage\"",
            "\"type\": \"ManagedImage\"",
            "15:31 Unknown property \"publisher\"",
            "15:57 Unknown property \"offer\"",
            "15:86 Unknown property \"sku\"",
            "16:7 Unknown property \"version\"",
            "17:7 Unknown property \"planInfo\"",
            "18:5 Property \"imageId\" is missing"
        ),
        .init(
            "\"PlatformImage\", \"publisher\": \"Canonical\", \"offer\": \"ubuntu-24_04-lts\", \"sku\": \"server\",\n      \"version\": \"latest\",\n      \"planInfo\": { \"planName\": \"p\", \"planProduct\": \"q\", \"planPublisher\": \"r\" }",
            "\"SharedImageVersion\", \"imageVersionId\": \"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/images/def\"",
            "15:55 Wrong value for \"imageVersionId\""
        ),
        .init(
            "\"PlatformImage\"",
            "\"ISO\"",
            "15:15 Type \"ISO\" exists no longer",
            "15:22 Unknown property \"publisher\"",
            "15:48 Unknown property \"offer\"",
            "15:77 Unknown property \"sku\"",
            "16:7 Unknown property \"version\"",
            "17:7 Unknown property \"planInfo\"",
            "18:5 Property \"sha256Checksum\" is missing"
        ),
    ]

    private static let steps: [Mistake] = [
        .init(
            "\"inline\": [\"echo",
            "\"script\": [\"echo",
            "20:43 Property \"script\" exists no longer",
            "20:53 Wrong type for \"script\"",
            "20:60 Placeholder <b> has no value"
        ),
        .init(
            "\"inline\": [\"echo <b>bold</b> <<EOF\", \"a < b\"]",
            "\"inline\": []",
            "20:53 The Shell step has no script"
        ),
        .init(
            "\"inline\": [\"echo",
            "\"scriptUri\": \"https://example.org/b\", \"inline\": [\"echo",
            "20:81 Both \"inline\" and \"scriptUri\""
        ),
        .init(
            "\"inline\": [\"echo",
            "\"sha256Checksum\": \"2c6ff6902a4a52deee69e8db26d0036a53388651008aaf31795bb20dabd21fd8\", \"inline\": [\"echo",
            "20:43 \"sha256Checksum\" without \"scriptUri\""
        ),
        .init("[\"echo <b>bold</b> <<EOF\", \"a < b\"]", "\"echo a\"", "20:53 Wrong type for \"inline\""),
        .init("\"https://example.org/a.sh\"", "\"./a.sh\"", "21:39 Wrong value for \"scriptUri\""),
        .init(
            "2c6ff6902a4a52deee69e8db26d0036a53388651008aaf31795bb20dabd21fd8",
            "2c6ff",
            "22:27 Wrong value for \"sha256Checksum\"",
            says: "A SHA-256 checksum has 64 digits of 0-9 and a-f; this has 5 characters."
        ),
        .init("\"type\": \"File\"", "\"type\": \"Files\"", "23:17 Unknown type \"Files\""),
        .init("\"destination\": \"/tmp/f\"", "\"destination\": \"tmp/f\"", "23:78 Wrong value for \"destination\""),
        .init(", \"destination\": \"/tmp/f\"", "", "23:62 Property \"destination\" is missing"),
        .init(
            "\"type\": \"File\",",
            "\"type\": \"PowerShell\", \"runAsSystem\": true, \"validExitCodes\": [\"0\"], \"inline\": [\"dir\"] }, { \"type\": \"File\",",
            "23:17 Steps of Linux and of Windows in one template",
            "23:31 \"runAsSystem\" without \"runElevated\"",
            "23:71 Wrong type for \"validExitCodes\""
        ),
        .init(
            "\"type\": \"File\",",
            "\"type\": \"WindowsRestart\", \"restartTimeout\": \"5 minutes\" }, { \"type\": \"File\",",
            "23:17 Steps of Linux and of Windows in one template",
            "23:53 Wrong value for \"restartTimeout\""
        ),
        .init(
            "\"type\": \"File\",",
            "\"type\": \"WindowsUpdate\", \"filters\": [\"$true\"], \"updateLimit\": -1 }, { \"type\": \"File\",",
            "23:17 Steps of Linux and of Windows in one template",
            "23:46 Wrong value for \"filters\"",
            "23:71 Wrong value for \"updateLimit\""
        ),
        .init(
            "{ \"type\": \"Shell\", \"inline\": [\"test",
            "{ \"type\": \"WindowsRestart\", \"inline\": [\"test",
            "28:17 Unknown type \"WindowsRestart\"",
            "28:17 Steps of Linux and of Windows in one template"
        ),
        .init(
            "\"continueDistributeOnFailure\": false",
            "\"continueDistributeOnFailure\": \"false\"",
            "27:50 Wrong type for \"continueDistributeOnFailure\""
        ),
        .init(
            "\"continueDistributeOnFailure\": false",
            "\"sourceValidationOnly\": true",
            "19:5 \"customize\" has no effect"
        ),
        .init(
            "\"vmBoot\": { \"state\": \"Enabled\" }",
            "\"vmBoot\": { \"state\": \"enabled\" }",
            "25:40 Wrong value for \"state\""
        ),
        .init(", \"scriptUri\": \"https://example.org/w.sh\"", "", "26:40 Property \"scriptUri\" is missing"),
    ]

    private static let places: [Mistake] = [
        .init(
            "\"runOutputName\": \"disk\"",
            "\"runOutputName\": \"gallery\"",
            "36:41 Output name \"gallery\" is used twice"
        ),
        .init(
            "\"runOutputName\": \"disk\"",
            "\"runOutputName\": \"the disk\"",
            "36:41 Wrong value for \"runOutputName\""
        ),
        .init("\"runOutputName\": \"disk\", ", "", "36:75 Property \"runOutputName\" is missing"),
        .init(
            "/galleries/gal/images/def\"",
            "/galleries/gal\"",
            "31:27 Wrong value for \"galleryImageId\"",
            says: "This names a gallery; an image definition in a gallery or an image version in a gallery is needed."
        ),
        .init(
            "/galleries/gal/images/def\"",
            "/galleries/gal/images/def/versions/1.0\"",
            "31:27 Wrong value for \"galleryImageId\"",
            "33:36 \"versioning\" with a given version"
        ),
        .init(
            "/galleries/gal/images/def\"",
            "/galleries/gal/images/def/versions/1.0.0\"",
            "33:36 \"versioning\" with a given version"
        ),
        .init(
            "/galleries/gal/images/def\"",
            "/galleries/gal/images/def/versions/latest\"",
            "31:27 \"latest\" cannot be made",
            "33:36 \"versioning\" with a given version"
        ),
        .init(
            "\"excludeFromLatest\": true",
            "\"replicationRegions\": [\"westeurope\"]",
            "33:9 Property \"replicationRegions\" is deprecated",
            "33:9 Both \"targetRegions\" and \"replicationRegions\""
        ),
        .init(
            "\"excludeFromLatest\": true",
            "\"storageAccountType\": \"Standard_LRS\"",
            "33:9 Property \"storageAccountType\" is deprecated",
            "33:9 \"storageAccountType\" without \"replicationRegions\""
        ),
        .init(
            "\"targetRegions\": [ { \"name\": \"westeurope\", \"replicaCount\": 2, \"storageAccountType\": \"Standard_ZRS\" } ],",
            "",
            "33:85 The gallery has no regions"
        ),
        .init("\"replicaCount\": 2", "\"replicaCount\": 0", "32:68 Wrong value for \"replicaCount\""),
        .init("\"replicaCount\": 2", "\"replicas\": 2", "32:52 Unknown property \"replicas\""),
        .init("\"Standard_ZRS\"", "\"Standard_GRS\"", "32:93 Wrong value for \"storageAccountType\""),
        .init(
            "\"targetRegions\": [ ",
            "\"targetRegions\": [ { \"name\": \"West Europe\" }, ",
            "32:65 Region \"westeurope\" is named twice"
        ),
        .init("\"scheme\": \"Latest\"", "\"scheme\": \"latest\"", "33:62 Unknown scheme \"latest\""),
        .init("\"major\": 2", "\"major\": -2", "33:81 Wrong value for \"major\""),
        .init(
            "\"excludeFromLatest\": true",
            "\"replicationMode\": \"Shallow\"",
            "32:68 Shallow replication to several places"
        ),
        .init(
            "\"imageId\": \"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i\"",
            "\"imageId\": \"i\"",
            "35:20 Wrong value for \"imageId\""
        ),
        .init("\"uri\": \"https://acc", "\"uri\": \"acc", "36:56 Wrong value for \"uri\""),
        .init("\"type\": \"VHD\"", "\"type\": \"Vhd\"", "36:17 Unknown type \"Vhd\""),
    ]

    private static let machines: [Mistake] = [
        .init(
            "\"onCustomizerError\": \"abort\"",
            "\"onCustomizerError\": \"stop\"",
            "38:45 Wrong value for \"onCustomizerError\""
        ),
        .init(
            "\"osDiskSizeGB\": 64",
            "\"osDiskSizeGb\": 64",
            "39:49 Unknown property \"osDiskSizeGb\"",
            says: "Did you mean \"osDiskSizeGB\"?"
        ),
        .init("\"osDiskSizeGB\": 64", "\"osDiskSizeGB\": 63.5", "39:65 Wrong value for \"osDiskSizeGB\""),
        .init(
            "virtualNetworks/v/subnets/a\"",
            "virtualNetworks/v\"",
            "40:19 Wrong value for \"subnetId\"",
            says: "This names a virtual network; a subnet is needed."
        ),
        .init(
            "virtualNetworks/v/subnets/b\"",
            "virtualNetworks/w/subnets/b\"",
            "41:36 Subnets of two networks",
            says: "Take another subnet of network \"v\"."
        ),
        .init(
            "virtualNetworks/v/subnets/b\"",
            "virtualNetworks/v/subnets/a\"",
            "41:36 One subnet for machines and containers"
        ),
        .init(
            "\"subnetId\"",
            "\"proxyVmSize\": \"Standard_A1_v2\", \"subnetId\"",
            "40:7 \"proxyVmSize\" with \"containerInstanceSubnetId\""
        ),
        .init(
            "\"buildTimeoutInMinutes\": 60",
            "\"buildTimeoutInMinutes\": 961",
            "43:30 Wrong value for \"buildTimeoutInMinutes\""
        ),
        .init(
            "/resourceGroups/staging",
            "/resourceGroups/G",
            "44:29 The staging group is in use",
            says: "but \"galleryImageId\" at t.json:31,27-115 is in it."
        ),
        .init("/subscriptions/s/resourceGroups/staging", "staging", "44:29 Wrong value for \"stagingResourceGroup\""),
        .init("\"autoRun\"", "\"autorun\"", "45:5 Unknown property \"autorun\""),
    ]
}

/// The same numbers every time.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
    }
}
