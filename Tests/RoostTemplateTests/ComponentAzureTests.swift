import RoostLanguage
import Testing

@testable import RoostTemplate

struct AzureCase: CustomTestStringConvertible {
    var text: String
    var problems: [String]

    init(_ text: String, _ problems: String...) {
        self.text = text
        self.problems = problems
    }

    var testDescription: String { text }
}

@Suite("Rules of the builders for Azure")
struct ComponentAzureTests {
    private typealias Part = AzureTemplate

    /// Summaries without the name of the builder, which is in all of them.
    private func problems(_ text: String, _ type: String = "azure-arm") -> [String] {
        CheckedComponent("builder \(type)", text).diagnostics.map { problem in
            (problem.isError ? "" : "~")
                + problem.summary.replacing(" of builder \"\(type)\"", with: "").replacing(
                    "builder \"\(type)\"",
                    with: "it"
                )
        }
    }

    private static let ways = "\"client_secret\", \"client_cert_path\", \"client_jwt\" or \"oidc_request_token\""
    private static let identity =
        "~it has no authentication, so the managed identity of the machine that builds is used"
    private static let invalid = "No valid set of authentication values specified for it:"

    private static let accessCases: [AzureCase] = [
        AzureCase("use_azure_cli_auth = true"),
        AzureCase("", identity),
        AzureCase("client_id = \"c\"\nsubscription_id = \"s\"\nclient_secret = \"\"", identity),
        AzureCase("tenant_id = \"t\"", "\(invalid) none of \(ways) is given"),
        AzureCase("client_secret = later\nclient_id = \"c\"\nsubscription_id = \"s\""),
        AzureCase(
            "client_secret = \"s\"",
            "it needs \"subscription_id\", as it logs in with \"client_secret\"",
            "it needs \"client_id\", as it logs in with \"client_secret\""
        ),
        AzureCase(
            "client_secret = \"s\"\nclient_jwt = \"j\"\nclient_id = \"c\"\nsubscription_id = \"s\"",
            "\(invalid) \"client_secret\" and \"client_jwt\" exclude each other"
        ),
        AzureCase(
            "oidc_request_token = \"t\"\nclient_id = \"c\"\nsubscription_id = \"s\"",
            "\"oidc_request_token\" needs \"oidc_request_url\", too"
        ),
        AzureCase("oidc_request_token = \"t\"\noidc_request_url = \"u\"\nclient_id = \"c\"\nsubscription_id = \"s\""),
        AzureCase("use_azure_cli_auth = true\ncloud_environment_name = \"AzurePublicCloud\""),
        AzureCase(
            "use_azure_cli_auth = true\ncloud_environment_name = \"Moon\"",
            "\"cloud_environment_name\" has to be \"Public\", \"PublicCloud\", \"AzurePublicCloud\", \"China\", \"ChinaCloud\", \"AzureChinaCloud\", \"USGovernment\", \"USGovernmentCloud\" or \"AzureUSGovernmentCloud\", not \"Moon\""
        ),
    ]

    @Test("authentication", arguments: accessCases)
    func access(_ test: AzureCase) {
        #expect(problems(Part.source + Part.destination + Part.machine + test.text) == test.problems)
    }

    private static let sourceCases: [AzureCase] = [
        AzureCase("image_url = \"u\"\nskip_create_image = true"),
        AzureCase("skip_create_image = true", "it has no source"),
        AzureCase(
            Part.destination + "image_publisher = \"p\"\nimage_offer = \"o\"",
            "it needs \"image_sku\", as it has \"image_publisher\""
        ),
        AzureCase(
            Part.source + Part.destination + "custom_managed_image_name = \"c\"",
            "it has more than one source: \"image_publisher\" and \"custom_managed_image_name\" exclude each other"
        ),
        AzureCase(
            Part.destination + "custom_managed_image_name = \"c\"",
            "it needs \"custom_managed_image_resource_group_name\", as it has \"custom_managed_image_name\""
        ),
        AzureCase(Part.destination + "shared_image_gallery {\n  id = \"i\"\n}"),
        // Blocks that variables leave empty are no source.
        AzureCase(Part.source + Part.destination + "shared_image_gallery {\n  gallery_name = \"\"\n}"),
        AzureCase(
            Part.destination + "shared_image_gallery {\n  id = \"i\"\n  image_name = \"n\"\n}",
            "\"id\" and \"image_name\" in \"shared_image_gallery\" exclude each other"
        ),
        AzureCase(
            Part.destination + "shared_image_gallery {\n  resource_group = \"r\"\n}",
            "\"shared_image_gallery\" needs \"id\", \"gallery_name\", \"community_gallery_image_id\" or \"direct_shared_gallery_image_id\""
        ),
        AzureCase(
            Part.destination + "shared_image_gallery {\n  gallery_name = \"g\"\n}",
            "it needs \"subscription\", as it has \"gallery_name\"",
            "it needs \"resource_group\", as it has \"gallery_name\"",
            "it needs \"image_name\", as it has \"gallery_name\""
        ),
        AzureCase(
            Part.destination + "image_url = \"u\"",
            "it cannot make a managed image from a disk (\"image_url\")"
        ),
        AzureCase(
            Part.source + Part.destination + "plan_info {\n  plan_name = \"p\"\n  plan_product = \"p\"\n}",
            "it needs \"plan_publisher\", as it has \"plan_name\""
        ),
        AzureCase(
            Part.source + Part.destination
                + "plan_info {\n  plan_name = \"p\"\n  plan_product = \"p\"\n  plan_publisher = \"p\"\n}"
        ),
    ]

    @Test("sources", arguments: sourceCases)
    func source(_ test: AzureCase) { #expect(problems(Part.access + Part.machine + test.text) == test.problems) }

    private static let disk =
        "resource_group_name = \"g\"\nstorage_account = \"s\"\ncapture_container_name = \"images\"\ncapture_name_prefix = \"p\"\n"

    private static let destinationCases: [AzureCase] = [
        AzureCase("", "it has no destination for the image"),
        AzureCase("skip_create_image = true"),
        AzureCase(disk),
        AzureCase(Part.gallery("")),
        AzureCase(
            "managed_image_name = \"i\"",
            "it needs \"managed_image_resource_group_name\", as it has \"managed_image_name\""
        ),
        AzureCase(
            "storage_account = \"s\"\nresource_group_name = \"r\"\ncapture_name_prefix = \"p\"",
            "it needs \"capture_container_name\", as it has \"capture_name_prefix\""
        ),
        AzureCase(
            disk + Part.destination,
            "\"managed_image_name\" and \"capture_container_name\" exclude each other: the image is a managed one or a disk"
        ),
        AzureCase(
            disk.replacing("images", with: "No--Container"),
            "\"capture_container_name\" has to be 3 to 63 small letters, digits and single hyphens between them"
        ),
        AzureCase(
            disk.replacing("\"p\"", with: "\"-p\""),
            "\"capture_name_prefix\" is no name for Azure, not \"-p\""
        ),
        AzureCase(
            Part.destination.replacing("\"i\"", with: "\"a b\""),
            "\"managed_image_name\" is no name for Azure, not \"a b\""
        ),
        // Blocks that variables leave empty name no gallery.
        AzureCase(
            "shared_image_gallery_destination {\n  gallery_name = \"\"\n}",
            "it has no destination for the image"
        ),
        AzureCase(
            "shared_image_gallery_destination {\n  gallery_name = \"g\"\n  image_version = \"1.0\"\n}",
            "\"shared_image_gallery_destination.image_version\" has to match the pattern \\d+\\.\\d+\\.\\d+, not \"1.0\"",
            "it needs \"resource_group\", as it has \"gallery_name\"",
            "it needs \"image_name\", as it has \"gallery_name\""
        ),
        AzureCase(
            Part.gallery(
                "target_region {\n    name = \"a\"\n  }\n  target_region {\n    name = \"b\"\n    replicas = 2\n  }"
            )
        ),
        AzureCase(
            Part.gallery("target_region {\n    replicas = 101\n  }"),
            "\"shared_image_gallery_destination.target_region.replicas\" has to be from 0 to 100, not 101",
            "it needs \"shared_image_gallery_destination.target_region.name\""
        ),
        AzureCase(
            Part.gallery("replication_regions = [\"a\"]"),
            "~\"shared_image_gallery_destination.replication_regions\" should no longer be used"
        ),
        AzureCase(
            Part.gallery("replication_regions = [\"a\"]\n  target_region {\n    name = \"a\"\n  }"),
            "~\"shared_image_gallery_destination.replication_regions\" should no longer be used",
            "\"target_region\" and \"replication_regions\" exclude each other"
        ),
        AzureCase(
            Part.gallery("target_region {\n    name = \"a\"\n  }") + "shared_image_gallery_replica_count = 2",
            "\"shared_image_gallery_replica_count\" cannot be used with \"target_region\" blocks"
        ),
        AzureCase(Part.gallery("") + "shared_image_gallery_replica_count = 2"),
        AzureCase(
            Part.gallery("use_shallow_replication = true") + "shared_image_gallery_replica_count = 2",
            "\"shared_image_gallery_replica_count\" has to be 1 with \"use_shallow_replication\""
        ),
        AzureCase(Part.gallery("use_shallow_replication = true") + "shared_image_gallery_replica_count = 1"),
    ]

    @Test("destinations", arguments: destinationCases)
    func destination(_ test: AzureCase) {
        #expect(problems(Part.access + Part.source + Part.machine + test.text) == test.problems)
    }

    @Test("an image from a gallery is not captured as a disk")
    func captured() {
        let text = Part.access + Part.machine + Self.disk + "shared_image_gallery {\n  id = \"i\"\n}"
        #expect(
            problems(text) == [
                "\"capture_container_name\" cannot be used with \"shared_image_gallery\"",
                "\"capture_name_prefix\" cannot be used with \"shared_image_gallery\"",
            ]
        )
    }

    private static let machineCases: [AzureCase] = [
        AzureCase(Part.machine),
        AzureCase("os_type = \"windows\"\nbuild_resource_group_name = \"g\""),
        AzureCase("location = \"l\"", "it needs \"os_type\""),
        AzureCase("os_type = \"Linux\"", "it needs \"location\" or \"build_resource_group_name\""),
        AzureCase(
            Part.machine + "build_resource_group_name = \"g\"\ntemp_resource_group_name = \"t\"",
            "\"location\" and \"build_resource_group_name\" exclude each other",
            "\"temp_resource_group_name\" and \"build_resource_group_name\" exclude each other"
        ),
        AzureCase(
            Part.machine + "virtual_network_subnet_name = \"s\"",
            "\"virtual_network_subnet_name\" needs \"virtual_network_name\", too"
        ),
        AzureCase(Part.machine + "virtual_network_name = \"v\"\nvirtual_network_subnet_name = \"s\""),
        AzureCase(Part.machine + "allowed_inbound_ip_addresses = [\"10.0.0.0/8\"]"),
        AzureCase(
            Part.machine + "virtual_network_name = \"v\"\nallowed_inbound_ip_addresses = [\"10.0.0.0/8\"]",
            "~\"allowed_inbound_ip_addresses\" is refused by many versions of Packer's Azure plugin together with \"virtual_network_name\""
        ),
        AzureCase(
            Part.machine + "custom_data = \"a\"\ncustom_data_file = \"b\"\nuser_data = \"a\"\nuser_data_file = \"b\"",
            "\"custom_data\" and \"custom_data_file\" exclude each other",
            "\"user_data\" and \"user_data_file\" exclude each other"
        ),
        AzureCase(Part.machine + "spot {\n  eviction_policy = \"Delete\"\n  max_price = \"0.4\"\n}"),
        AzureCase(Part.machine + "spot {\n  max_price = 0.4\n}", "\"max_price\" needs \"eviction_policy\", too"),
        AzureCase(Part.machine + "license_type = \"rhel_byos\""),
        AzureCase(
            Part.machine + "license_type = \"Windows_Server\"",
            "\"license_type\" has to be \"RHEL_BYOS\" or \"SLES_BYOS\" for Linux, not \"Windows_Server\""
        ),
        AzureCase(
            Part.machine + "custom_resource_build_prefix = \"much-too-long\"",
            "\"custom_resource_build_prefix\" is no name for Azure, not \"much-too-long\""
        ),
        AzureCase(Part.machine + "azure_tag {\n  name = \"a\"\n  value = \"b\"\n}\nazure_tags = { c = \"d\" }"),
        AzureCase(
            Part.machine + "azure_tags = { \(String(repeating: "n", count: 513)) = \"d\" }",
            "The tag \"\(String(repeating: "n", count: 40))\" is too long"
        ),
        AzureCase(
            Part.machine + "azure_tags = { \((0...50).map { "t\($0) = \"\"" }.joined(separator: ", ")) }",
            "it has 51 tags, more than the 50 that Azure takes"
        ),
    ]

    @Test("networks and machines", arguments: machineCases)
    func machine(_ test: AzureCase) {
        #expect(problems(Part.access + Part.source + Part.destination + test.text) == test.problems)
    }

    @Test("a disk that is worked on in place has one source and a destination")
    func chroot() {
        let gallery = """
            use_azure_cli_auth = true
            source = "x"
            shared_image_destination {
              gallery_name = "g"
              resource_group = "r"
              image_name = "i"
              image_version = "1.0.0"
              exlude_from_latest = true
            }
            """
        #expect(
            problems(gallery, "azure-chroot")
                == ["~\"shared_image_destination.exlude_from_latest\" should no longer be used"]
        )
        #expect(
            problems("use_azure_cli_auth = true\nfrom_scratch = true", "azure-chroot") == [
                "it needs \"os_disk_size_gb\", as it has \"from_scratch\"",
                "it needs \"pre_mount_commands\", as it has \"from_scratch\"", "it has no destination for the image",
            ]
        )
        #expect(
            problems("use_azure_cli_auth = true\nimage_resource_id = \"i\"", "azure-chroot") == [
                "it needs \"source\" or \"from_scratch\""
            ]
        )
    }
}
