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

    static let mistakes: [Mistake] = envelope + sources + steps + places + machines

    private static let envelope: [Mistake] = [
        .init("/imageTemplates\"", "/imageTemplate\"", "x"),
        .init("2025-10-01", "2025-10-10", "x"),
        .init("2025-10-01", "2024-02-01", "x"),
        .init("2025-10-01", "2019-05-01-preview", "x"),
        .init("\"name\": \"ubuntu\"", "\"name\": \"ubuntu image\"", "x"),
        .init("\"location\"", "\"Location\"", "x"),
        .init("\"westeurope\",\n  \"tags\"", "\"west-europe\",\n  \"tags\"", "x"),
        .init("{ \"team\": \"tools\" }", "{ \"team\": 1 }", "x"),
        .init("\"UserAssigned\"", "\"SystemAssigned\"", "x"),
        .init("\"UserAssigned\"", "\"None\"", "x"),
        .init("Microsoft.ManagedIdentity/userAssignedIdentities/ib\": {}", "Microsoft.Compute/images/ib\": {}", "x"),
        .init("\"userAssignedIdentities\"", "\"userAssignedIdentity\"", "x"),
        .init("\"properties\": {", "\"properties\": { \"provisioningState\": \"Succeeded\",", "x"),
        .init("\"properties\": {", "\"properties\": { \"source\": {},", "x"),
    ]

    private static let sources: [Mistake] = [
        .init("\"PlatformImage\"", "\"PlatformImages\"", "x"),
        .init("\"type\": \"PlatformImage\", ", "", "x"),
        .init("\"publisher\": \"Canonical\", ", "", "x"),
        .init("\"sku\": \"server\"", "\"sku\": \"\"", "x"),
        .init("\"planProduct\": \"q\", ", "", "x"),
        .init("\"type\": \"PlatformImage\"", "\"type\": \"ManagedImage\"", "x"),
        .init("\"PlatformImage\", \"publisher\": \"Canonical\", \"offer\": \"ubuntu-24_04-lts\", \"sku\": \"server\",\n      \"version\": \"latest\",\n      \"planInfo\": { \"planName\": \"p\", \"planProduct\": \"q\", \"planPublisher\": \"r\" }", "\"SharedImageVersion\", \"imageVersionId\": \"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/images/def\"", "x"),
        .init("\"PlatformImage\"", "\"ISO\"", "x"),
    ]

    private static let steps: [Mistake] = [
        .init("\"inline\": [\"echo", "\"script\": [\"echo", "x"),
        .init("\"inline\": [\"echo <b>bold</b> <<EOF\", \"a < b\"]", "\"inline\": []", "x"),
        .init("\"inline\": [\"echo", "\"scriptUri\": \"https://example.org/b\", \"inline\": [\"echo", "x"),
        .init("\"inline\": [\"echo", "\"sha256Checksum\": \"2c6ff6902a4a52deee69e8db26d0036a53388651008aaf31795bb20dabd21fd8\", \"inline\": [\"echo", "x"),
        .init("[\"echo <b>bold</b> <<EOF\", \"a < b\"]", "\"echo a\"", "x"),
        .init("\"https://example.org/a.sh\"", "\"./a.sh\"", "x"),
        .init("2c6ff6902a4a52deee69e8db26d0036a53388651008aaf31795bb20dabd21fd8", "2c6ff", "x"),
        .init("\"type\": \"File\"", "\"type\": \"Files\"", "x"),
        .init("\"destination\": \"/tmp/f\"", "\"destination\": \"tmp/f\"", "x"),
        .init(", \"destination\": \"/tmp/f\"", "", "x"),
        .init("\"type\": \"File\",", "\"type\": \"PowerShell\", \"runAsSystem\": true, \"validExitCodes\": [\"0\"], \"inline\": [\"dir\"] }, { \"type\": \"File\",", "x"),
        .init("\"type\": \"File\",", "\"type\": \"WindowsRestart\", \"restartTimeout\": \"5 minutes\" }, { \"type\": \"File\",", "x"),
        .init("\"type\": \"File\",", "\"type\": \"WindowsUpdate\", \"filters\": [\"$true\"], \"updateLimit\": -1 }, { \"type\": \"File\",", "x"),
        .init("{ \"type\": \"Shell\", \"inline\": [\"test", "{ \"type\": \"WindowsRestart\", \"inline\": [\"test", "x"),
        .init("\"continueDistributeOnFailure\": false", "\"continueDistributeOnFailure\": \"false\"", "x"),
        .init("\"continueDistributeOnFailure\": false", "\"sourceValidationOnly\": true", "x"),
        .init("\"vmBoot\": { \"state\": \"Enabled\" }", "\"vmBoot\": { \"state\": \"enabled\" }", "x"),
        .init(", \"scriptUri\": \"https://example.org/w.sh\"", "", "x"),
    ]

    private static let places: [Mistake] = [
        .init("\"runOutputName\": \"disk\"", "\"runOutputName\": \"gallery\"", "x"),
        .init("\"runOutputName\": \"disk\"", "\"runOutputName\": \"the disk\"", "x"),
        .init("\"runOutputName\": \"disk\", ", "", "x"),
        .init("/galleries/gal/images/def\"", "/galleries/gal\"", "x"),
        .init("/galleries/gal/images/def\"", "/galleries/gal/images/def/versions/1.0\"", "x"),
        .init("/galleries/gal/images/def\"", "/galleries/gal/images/def/versions/1.0.0\"", "x"),
        .init("/galleries/gal/images/def\"", "/galleries/gal/images/def/versions/latest\"", "x"),
        .init("\"excludeFromLatest\": true", "\"replicationRegions\": [\"westeurope\"]", "x"),
        .init("\"excludeFromLatest\": true", "\"storageAccountType\": \"Standard_LRS\"", "x"),
        .init("\"targetRegions\": [ { \"name\": \"westeurope\", \"replicaCount\": 2, \"storageAccountType\": \"Standard_ZRS\" } ],", "", "x"),
        .init("\"replicaCount\": 2", "\"replicaCount\": 0", "x"),
        .init("\"replicaCount\": 2", "\"replicas\": 2", "x"),
        .init("\"Standard_ZRS\"", "\"Standard_GRS\"", "x"),
        .init("\"targetRegions\": [ ", "\"targetRegions\": [ { \"name\": \"West Europe\" }, ", "x"),
        .init("\"scheme\": \"Latest\"", "\"scheme\": \"latest\"", "x"),
        .init("\"major\": 2", "\"major\": -2", "x"),
        .init("\"excludeFromLatest\": true", "\"replicationMode\": \"Shallow\"", "x"),
        .init("\"imageId\": \"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i\"", "\"imageId\": \"i\"", "x"),
        .init("\"uri\": \"https://acc", "\"uri\": \"acc", "x"),
        .init("\"type\": \"VHD\"", "\"type\": \"Vhd\"", "x"),
    ]

    private static let machines: [Mistake] = [
        .init("\"onCustomizerError\": \"abort\"", "\"onCustomizerError\": \"stop\"", "x"),
        .init("\"osDiskSizeGB\": 64", "\"osDiskSizeGb\": 64", "x"),
        .init("\"osDiskSizeGB\": 64", "\"osDiskSizeGB\": 63.5", "x"),
        .init("virtualNetworks/v/subnets/a\"", "virtualNetworks/v\"", "x"),
        .init("virtualNetworks/v/subnets/b\"", "virtualNetworks/w/subnets/b\"", "x"),
        .init("virtualNetworks/v/subnets/b\"", "virtualNetworks/v/subnets/a\"", "x"),
        .init("\"subnetId\"", "\"proxyVmSize\": \"Standard_A1_v2\", \"subnetId\"", "x"),
        .init("\"buildTimeoutInMinutes\": 60", "\"buildTimeoutInMinutes\": 961", "x"),
        .init("/resourceGroups/staging", "/resourceGroups/G", "x"),
        .init("/subscriptions/s/resourceGroups/staging", "staging", "x"),
        .init("\"autoRun\"", "\"autorun\"", "x"),
    ]
}
