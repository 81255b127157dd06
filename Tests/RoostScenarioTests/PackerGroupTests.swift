import Foundation
import RoostTesting
import Testing

/// The real packer before a double of the cloud, as far as the double goes.
@Suite("Resource groups of cloud builds", .timeLimit(.minutes(3)))
struct PackerGroupTests {
    private static let template = """
        source "azure-arm" "a" {
          client_id                         = "the-client"
          client_secret                     = "hush"
          tenant_id                         = "the-tenant"
          subscription_id                   = "sub-1"
          cloud_environment_name            = "China"
          os_type                           = "Linux"
          image_publisher                   = "p"
          image_offer                       = "o"
          image_sku                         = "k"
          location                          = "chinanorth3"
          managed_image_name                = "m"
          managed_image_resource_group_name = "there"
        }
        build {
          sources = ["azure-arm.a"]
        }

        """

    @Test(
        "the real packer makes the group that was written down, and a build that fails by itself leaves no note",
        .enabled(
            if: ["packer", "python3", "openssl"].allSatisfy(PackerTaskTests.isThere),
            "packer, python3 or openssl is missing"
        )
    )
    func group() async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let folder = scratch.path
        try Data(Self.template.utf8).write(to: URL(filePath: "\(folder)/a.pkr.hcl"))
        let double = try await CloudDouble(folder)
        defer { double.end() }
        let build = try ChildProgram(
            "roost",
            ["image", "build", "a.pkr.hcl"],
            environment: [
                "ROOST_IMAGE_PREFLIGHT": "off", "XDG_CACHE_HOME": "\(folder)/cache", "HOME": folder,
                "HTTPS_PROXY": "http://127.0.0.1:\(double.port)", "SSL_CERT_FILE": "\(folder)/d.pem",
            ],
            folder: folder
        )
        let (code, output) = await build.finished()
        #expect(code == 1, "\(output)")
        let asked = try double.asked.map(\.path)
        let group = /\/resourcegroups\/pkr-Resource-Group-roost-[0-9a-f]{16}\?/
        #expect(asked.contains { $0.firstMatch(of: group) != nil }, "\(asked) \(output)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache/roost/cloud-builds").isEmpty)
    }
}
