import Foundation
import RoostTesting
import Testing

@testable import RoostTemplate

/// Every template of the corpus, validated with the values that it needs: nothing but what is not in the corpus is missing.
@Suite("Validation of real templates")
struct CorpusValidationTests {
    struct Template: Sendable, CustomTestStringConvertible {
        /// The file, or the folder that is one template.
        let path: String
        var values: [String: String] = [:]
        /// Codes of errors that remain, besides files of the template's repository.
        var remaining: Set<String> = []

        var testDescription: String { path }
    }

    private static let azure = [
        "client_id": "c", "client_secret": "a-secret", "subscription_id": "00000000-0000-0000-0000-000000000001",
        "tenant_id": "t",
    ]

    private static let placeholders = [
        "subscriptionID": "00000000-0000-0000-0000-000000000001", "rgName": "images", "region": "westeurope",
        "region1": "westeurope", "region2": "northeurope", "imageDefName": "ubuntu", "sharedImageGalName": "gallery",
        "acgName": "gallery", "runOutputName": "out", "imageName": "ubuntu", "vnetRgName": "nets", "vnetName": "net",
        "subnetName": "sub",
        "imgBuilderId":
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/images/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ib",
    ]

    private static func with(_ more: [String: String], without names: Set<String> = []) -> [String: String] {
        azure.filter { !names.contains($0.key) }.merging(more) { $1 }
    }

    private static func builder(_ path: String, _ names: [String], _ more: [String: String] = [:]) -> Template {
        let base = placeholders.filter { names.contains($0.key) }
        return Template(
            path: "Azure__azvmimagebuilder/quickquickstarts/\(path)",
            values: base.merging(more) { $1 }
        )
    }

    private static let gallery = [
        "subscriptionID", "rgName", "region1", "region2", "imageDefName", "sharedImageGalName", "runOutputName",
        "imgBuilderId",
    ]

    private static let imageBuilder = [
        builder("1_Creating_a_Custom_Linux_Shared_Image_Gallery_Image/helloImageTemplateforSIG.json", gallery),
        builder(
            "0_Creating_a_Custom_Windows_Managed_Image/helloImageTemplateWin.json",
            ["subscriptionID", "rgName", "region", "imageName", "runOutputName", "imgBuilderId"]
        ),
        builder(
            "1a_Creating_a_Custom_Linux_Image_on_Existing_VNET/existingVNETLinux.json",
            [
                "subscriptionID", "rgName", "region", "imageName", "runOutputName", "imgBuilderId", "vnetRgName",
                "vnetName", "subnetName",
            ]
        ),
        builder("4_Creating_a_Custom_Linux_Image_to_VHD/helloImageTemplateVHD.json", ["region", "runOutputName"]),
        builder(
            "1_Creating_a_Custom_Win_Shared_Image_Gallery_Image/armTemplateWinSIG.json",
            gallery,
            ["imageTemplateName": "win", "api-version": "2022-02-14", "svclocation": "westeurope"]
        ),
        builder(
            "9_Setting_up_a_Trigger_with_a_Custom_Linux_Image/helloImageTemplate.json",
            [
                "subscriptionID", "rgName", "region1", "region2", "imageDefName", "acgName", "runOutputName",
                "imgBuilderId",
            ]
        ),
    ]

    private static let packer = [
        Template(
            path: "actions__runner-images/images/ubuntu/templates",
            values: with([
                "image_os": "ubuntu24", "location": "x", "managed_image_name": "i",
                "managed_image_resource_group_name": "g",
            ])
        ),
        Template(
            path: "actions__runner-images@d1f2c9a3b/images/linux/ubuntu2204.pkr.hcl",
            values: with(["location": "x", "managed_image_resource_group_name": "g"])
        ),
        Template(
            path: "actions__runner-images@d1f2c9a3b/images/linux/ubuntu2004.json",
            values: with(["location": "x", "managed_image_resource_group_name": "g"])
        ),
        Template(
            path: "actions__runner-images@d1f2c9a3b/images/windows/templates/windows-2022.json",
            values: with([
                "location": "x", "managed_image_resource_group_name": "g", "install_password": "a-password",
            ])
        ),
        Template(
            path: "chef__bento/packer_templates",
            values: [
                "os_name": "ubuntu", "os_version": "24.04", "os_arch": "x86_64", "iso_url": "https://x/y.iso",
                "iso_checksum": "none",
            ]
        ),
        Template(path: "geerlingguy__packer-boxes/ubuntu2004/box-config.json", values: ["version": "1"]),
        Template(path: "hashicorp__packer-plugin-azure/example/ubuntu_managed_image_sig.json", values: azure),
        Template(path: "hashicorp__packer-plugin-azure/example/github-oidc-example.pkr.hcl"),
        Template(
            path: "hashicorp__packer-plugin-azure/example/debian-chroot.json",
            values: with([:], without: ["tenant_id"])
        ),
        Template(path: "joefitzgerald__packer-windows/windows_2016.json"),
        Template(path: "buildkite__elastic-ci-stack-for-aws/packer/linux/stack"),
        Template(path: "mkaczanowski__packer-builder-arm/boards/beaglebone-black/ubuntu.pkr.hcl"),
        // It reads files of its repository that are not in the corpus.
        Template(
            path: "philips-labs__terraform-aws-github-runner/images/ubuntu-jammy",
            remaining: ["hcl.argument"]
        ),
        // The file that declares its variables is not in the corpus.
        Template(path: "canonical__packer-maas/debian", remaining: ["hcl.no-attribute"]),
    ]

    @Test("nothing is wrong in it", .enabled(if: Shared.images != nil), arguments: packer + imageBuilder)
    func valid(_ template: Template) throws {
        struct Answer: Decodable {
            struct Problem: Decodable {
                let severity: String
                let code: String
                let summary: String
            }
            let diagnostics: [Problem]
            let targets: [String]
        }
        let program = try ImageProgram(["values.json": try json(template.values)])
        let path = "\(Shared.images ?? "")/\(template.path)"
        let isHCL = path.hasSuffix(".hcl") || !path.hasSuffix(".json")
        if isHCL { try program.write("values.pkrvars.json", try json(template.values)) }
        let file = isHCL ? "values.pkrvars.json" : "values.json"
        let answer = try program.roost("validate", "--output", "json", "-var-file", file, path)
        let read = try JSONDecoder().decode(Answer.self, from: Data(answer.output.utf8))
        let wrong = read.diagnostics.filter { $0.severity == "error" && $0.code != "component.missing-file" }
        #expect(Set(wrong.map(\.code)) == template.remaining, "\(wrong.map(\.summary))")
        #expect(!read.diagnostics.contains { $0.code.hasSuffix("undeclared") })
        #expect(!read.targets.isEmpty)
    }

    private func json(_ values: [String: String]) throws -> String {
        String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
    }

    @Test("one that takes its variables from files only is whole with them", .enabled(if: Shared.images != nil))
    func variablesOfFiles() throws {
        let path = "\(Shared.images ?? "")/kubernetes-sigs__image-builder/images/capi/packer/azure/packer.json"
        let text = String(decoding: try Shared.bytes(path), as: UTF8.self)
        // Everything that it names and does not declare, and everything that it wants given.
        let named = text.matches(of: /user `([^`]+)`/).map { String($0.1) }
        let root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let declared = try #require(root?["variables"] as? [String: Any])
        let wanted = Set(named).subtracting(declared.keys).union(declared.filter { $0.value is NSNull }.keys)
        var values = Dictionary(uniqueKeysWithValues: wanted.map { ($0, "1") })
        values["sig_image_version"] = "1.0.0"
        values["use_azure_cli_auth"] = "false"
        values["source_sig_subscription_id"] = "s"
        values["source_sig_name"] = "gallery"
        values["source_sig_image_name"] = "image"
        values["source_sig_resource_group_name"] = "group"
        let program = try ImageProgram(["values.json": try json(values)])
        let answer = try program.roost("validate", "-var-file", "values.json", path)
        let wrong = answer.errors.split(separator: "\n").filter {
            $0.contains(" error: ") && !$0.contains("is not there")
        }
        #expect(wrong.isEmpty, "\(answer.errors)")
    }
}
