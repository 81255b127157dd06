import Foundation
import Testing

@testable import RoostTemplate

@Suite("What images are made from, and where they go")
struct ImageViewTests {
    struct Example: CustomTestStringConvertible {
        /// A source and what follows it in a build.
        var source: String
        var settings: String
        var steps = ""
        var base: ImageBase?
        var places: [ImageDestination]?

        var testDescription: String { "\(source): \(settings.prefix(60))" }

        var target: ImageTarget? {
            let text = """
                source "\(source)" "s" {
                \(settings)
                }
                build {
                  sources = ["source.\(source).s"]
                \(steps)
                }

                """
            let input = ImageTemplateInput(path: "a.pkr.hcl", now: Date(timeIntervalSince1970: 0))
            let file = HCLFile(name: "a.pkr.hcl", bytes: Array(text.utf8))
            return PackerTemplate(input, PackerInput(templates: [file], root: "/tmp")).reading.plan.targets.first
        }
    }

    private static func place(_ place: ImageDestination.Place, tags: [String: String] = [:]) -> ImageDestination {
        ImageDestination(name: "s", tags: tags, place: place)
    }

    private static let group = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute"

    @Test("base and destinations are what the settings say", arguments: azure + chroot + machines)
    func views(_ example: Example) throws {
        let target = try #require(example.target)
        #expect(target.base == example.base)
        #expect(target.destinations == example.places)
    }

    private static let azure: [Example] = [
        Example(
            source: "azure-arm",
            settings: """
                subscription_id = "s"
                location = "eu"
                image_publisher = "p"
                image_offer = "o"
                image_sku = "k"
                plan_info {
                  plan_name = "a"
                  plan_product = "b"
                  plan_publisher = "c"
                }
                managed_image_name = "i"
                managed_image_resource_group_name = "g"
                managed_image_storage_account_type = "Premium_LRS"
                managed_image_zone_resilient = true
                azure_tags = { a = "b" }
                azure_tag {
                  name = "c"
                  value = "d"
                }
                """,
            base: .marketplace(
                .init(publisher: "p", offer: "o", sku: "k", plan: .init(name: "a", product: "b", publisher: "c"))
            ),
            places: [
                place(
                    .managedImage(
                        .init(
                            image: .init(subscription: "s", resourceGroup: "g", name: "i"),
                            location: "eu",
                            storageAccountType: "Premium_LRS",
                            isZoneResilient: true
                        )
                    ),
                    tags: ["a": "b", "c": "d"]
                )
            ]
        ),
        Example(
            source: "azure-arm",
            settings: """
                custom_managed_image_name = "i"
                custom_managed_image_resource_group_name = "g"
                shared_image_gallery_destination {
                  resource_group = "r"
                  gallery_name = "y"
                  image_name = "d"
                  image_version = "1.2.3"
                  storage_account_type = "Standard_ZRS"
                  use_shallow_replication = true
                  target_region {
                    name = "a"
                    replicas = 3
                    disk_encryption_set_id = "x"
                  }
                  target_region {
                    name = "b"
                  }
                }
                shared_gallery_image_version_end_of_life_date = "2030-01-01T00:00:00Z"
                """,
            base: .managedImage(.init(resourceGroup: "g", name: "i")),
            places: [
                place(
                    .gallery(
                        .init(
                            image: .init(resourceGroup: "r", gallery: "y", image: "d"),
                            version: .exact("1.2.3"),
                            regions: [
                                .init(
                                    name: "a",
                                    replicas: 3,
                                    storageAccountType: "Standard_ZRS",
                                    diskEncryptionSet: "x"
                                ),
                                .init(name: "b", storageAccountType: "Standard_ZRS"),
                            ],
                            endOfLife: "2030-01-01T00:00:00Z",
                            mode: .shallow
                        )
                    )
                )
            ]
        ),
        Example(
            source: "azure-arm",
            settings: """
                subscription_id = "s"
                shared_image_gallery {
                  subscription = "t"
                  resource_group = "r"
                  gallery_name = "y"
                  image_name = "d"
                }
                shared_image_gallery_destination {
                  resource_group = "r"
                  gallery_name = "y"
                  image_name = "d"
                  image_version = "1.0.0"
                  replication_regions = ["a", "b"]
                }
                shared_image_gallery_replica_count = 2
                shared_gallery_image_version_exclude_from_latest = true
                """,
            base: .galleryVersion(.init(image: .init(subscription: "t", resourceGroup: "r", gallery: "y", image: "d"))),
            places: [
                place(
                    .gallery(
                        .init(
                            image: .init(subscription: "s", resourceGroup: "r", gallery: "y", image: "d"),
                            version: .exact("1.0.0"),
                            regions: [.init(name: "a", replicas: 2), .init(name: "b", replicas: 2)],
                            isExcludedFromLatest: true
                        )
                    )
                )
            ]
        ),
        Example(
            source: "azure-arm",
            settings: """
                image_url = "https://a.blob.core.windows.net/c/d.vhd"
                resource_group_name = "g"
                storage_account = "a"
                capture_container_name = "c"
                capture_name_prefix = "p"
                """,
            base: .vhd("https://a.blob.core.windows.net/c/d.vhd"),
            places: [
                place(.vhd(VHDStore(.account(resourceGroup: "g", name: "a", container: "c", prefix: "p"))))
            ]
        ),
        Example(
            source: "azure-arm",
            settings: """
                shared_image_gallery {
                  community_gallery_image_id = "/CommunityGalleries/x/Images/y"
                }
                skip_create_image = true
                """,
            base: .communityGallery("/CommunityGalleries/x/Images/y"),
            places: [place(.nothing)]
        ),
        Example(
            source: "azure-arm",
            settings: """
                shared_image_gallery {
                  direct_shared_gallery_image_id = "/sharedGalleries/x/images/y"
                }
                """,
            base: .directSharedGallery("/sharedGalleries/x/images/y"),
            places: []
        ),
    ]

    private static let chroot: [Example] = [
        Example(
            source: "azure-chroot",
            settings: """
                source = "p:o:k:1.0.0"
                image_resource_id = "\(group)/images/i"
                """,
            base: .marketplace(.init(publisher: "p", offer: "o", sku: "k", version: "1.0.0")),
            places: [place(.managedImage(.init(image: .init(subscription: "s", resourceGroup: "g", name: "i"))))]
        ),
        Example(
            source: "azure-chroot",
            settings: """
                source = "\(group)/galleries/y/images/d/versions/latest"
                shared_image_destination {
                  resource_group = "r"
                  gallery_name = "y"
                  image_name = "d"
                  image_version = "1.0.0"
                  exclude_from_latest = true
                  target_regions {
                    name = "a"
                    replicas = 2
                    storage_account_type = "Standard_ZRS"
                  }
                }
                """,
            base: .galleryVersion(.init(image: .init(subscription: "s", resourceGroup: "g", gallery: "y", image: "d"))),
            places: [
                place(
                    .gallery(
                        .init(
                            image: .init(resourceGroup: "r", gallery: "y", image: "d"),
                            version: .exact("1.0.0"),
                            regions: [.init(name: "a", replicas: 2, storageAccountType: "Standard_ZRS")],
                            isExcludedFromLatest: true
                        )
                    )
                )
            ]
        ),
        Example(
            source: "azure-chroot",
            settings: "source = \"\(group)/disks/d\"",
            base: .managedDisk("\(group)/disks/d"),
            places: []
        ),
        Example(source: "azure-chroot", settings: "from_scratch = true", base: ImageBase.none, places: []),
    ]

    private static let machines: [Example] = [
        Example(
            source: "docker",
            settings: "image = \"debian:12\"\ncommit = true\nplatform = \"linux/arm64\"",
            base: .container(.init(reference: "debian:12", platform: "linux/arm64")),
            places: [place(.container(ContainerStore()))]
        ),
        Example(
            source: "docker",
            settings: "image = \"debian\"\ncommit = true",
            steps: """
                post-processors {
                  post-processor "docker-tag" {
                    repository = "r/x"
                    tags       = ["1", "2"]
                  }
                  post-processor "docker-push" {
                  }
                }
                post-processor "docker-tag" {
                  repository = "y"
                }
                """,
            base: .container(.init(reference: "debian")),
            places: [
                place(.container(ContainerStore(repository: "r/x", tags: ["1", "2"], isPushed: true))),
                place(.container(ContainerStore(repository: "y"))),
            ]
        ),
        Example(
            source: "docker",
            settings:
                "export_path = \"x.tar\"\nbuild {\n path = \"Dockerfile\"\n build_dir = \"d\"\n arguments = { A = \"1\" }\n}",
            base: .containerBuild(.init(path: "Dockerfile", folder: "d", arguments: ["A": "1"])),
            places: [place(.files(FileStore(path: "x.tar", format: "tar")))]
        ),
        Example(
            source: "docker",
            settings: "image = \"debian\"\ndiscard = true",
            base: .container(.init(reference: "debian")),
            places: [place(.nothing)]
        ),
        Example(
            source: "qemu",
            settings: "iso_url = \"https://e.org/a.iso\"\niso_checksum = \"sha256:00\"",
            base: .installer(.init(addresses: ["https://e.org/a.iso"], checksum: "sha256:00")),
            places: [place(.files(FileStore(path: "output-s", isFolder: true, format: "qcow2")))]
        ),
        Example(
            source: "qemu",
            settings:
                "iso_urls = [\"a\", \"b\"]\niso_checksum = \"none\"\ndisk_image = true\nformat = \"raw\"\noutput_directory = \"out\"",
            base: .disk(.init(addresses: ["a", "b"], checksum: "none")),
            places: [place(.files(FileStore(path: "out", isFolder: true, format: "raw")))]
        ),
        Example(
            source: "lxc",
            settings: "config_file = \"c\"\ntemplate_name = \"debian\"\ntemplate_parameters = [\"-r\", \"sid\"]",
            base: .containerTemplate(name: "debian", parameters: ["-r", "sid"]),
            places: [place(.files(FileStore(path: "output-s", isFolder: true, format: "tar.gz")))]
        ),
        Example(
            source: "lxd",
            settings: "image = \"images:debian/12\"\noutput_image = \"mine\"",
            base: .container(.init(reference: "images:debian/12")),
            places: [place(.container(ContainerStore(repository: "mine")))]
        ),
        Example(
            source: "file",
            settings: "target = \"x\"\ncontent = \"y\"",
            base: ImageBase.none,
            places: [place(.files(FileStore(path: "x")))]
        ),
        Example(
            source: "null",
            settings: "ssh_host = \"h\"\nssh_username = \"u\"\nssh_password = \"p\"",
            base: .machine(host: "h"),
            places: [place(.nothing)]
        ),
        Example(source: "amazon-ebs", settings: "x = 1", base: nil, places: nil),
    ]

    @Test(
        "identifiers are read and written without a change, and nothing else is one",
        arguments: [
            "\(group)/galleries/y/images/d/versions/1.0.0", "/subscriptions/s/resourceGroups/g",
        ]
    )
    func identifiers(_ text: String) { #expect(AzureResourceID(text)?.description == text) }

    @Test(
        "what is no identifier is none",
        arguments: [
            "", "/", "x", "/subscriptions/s", "/subscriptions/s/resourceGroups/", "\(group)", "\(group)/images",
            "\(group)/images//versions/1", "subscriptions/s/resourceGroups/g", "/subscriptions/s/resourceGroups/g/",
        ]
    )
    func noIdentifier(_ text: String) { #expect(AzureResourceID(text) == nil) }
}
