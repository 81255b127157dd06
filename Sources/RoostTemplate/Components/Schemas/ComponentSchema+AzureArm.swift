extension ComponentSchema {
    static let azureArm = communicators().adding(azureAccess).adding(azureSource).adding(azureDestination)
        .adding(azureNetwork).adding(azureMachine)

    /// What the image is made from.
    private static let azureSource = ComponentSchema(
        [
            .text("image_publisher"), .text("image_offer"), .text("image_sku"),
            .text("image_version", default: "latest"), .text("image_url"), .text("custom_managed_image_name"),
            .text("custom_managed_image_resource_group_name"),
            .block(
                "shared_image_gallery",
                ComponentSchema([
                    .text("id"), .text("subscription"), .text("resource_group"), .text("gallery_name"),
                    .text("image_name"), .text("image_version", default: "latest"),
                    .text("community_gallery_image_id"), .text("direct_shared_gallery_image_id"),
                    .renamed("communityGallery_image_id", to: "community_gallery_image_id"),
                    .renamed("sharedGallery_image_id", to: "direct_shared_gallery_image_id"),
                ])
            ),
            .block(
                "plan_info",
                ComponentSchema(
                    [
                        .text("plan_name"), .text("plan_product"), .text("plan_publisher"),
                        .text("plan_promotion_code"),
                    ],
                    rules: [.wholePlan]
                )
            ),
        ],
        rules: [.azureSource, .azureGallerySource]
    )

    /// Where the image goes.
    private static let azureDestination = ComponentSchema(
        [
            .text("managed_image_name"), .text("managed_image_resource_group_name"),
            .choice(
                "managed_image_storage_account_type",
                ["Standard_LRS", "StandardSSD_LRS", "Premium_LRS"],
                default: "Standard_LRS"
            ),
            .text("managed_image_os_disk_snapshot_name"), .text("managed_image_data_disk_snapshot_prefix"),
            .truth("managed_image_zone_resilient"), .truth("keep_os_disk"), .text("resource_group_name"),
            .text("storage_account"), .text("capture_container_name"), .text("capture_name_prefix"),
            .duration("sas_token_duration", default: "24h"),
            .block("shared_image_gallery_destination", azureGalleryDestination),
            .duration("shared_image_gallery_timeout", default: "60m"),
            .text("shared_gallery_image_version_end_of_life_date"),
            .whole("shared_image_gallery_replica_count", 0...100),
            .truth("shared_gallery_image_version_exclude_from_latest"),
        ],
        rules: [
            .azureDestination, .azureReplicas, .azureName("managed_image_name", longest: 80),
            .azureName("managed_image_resource_group_name", longest: 90), .azureContainer,
        ],
        mistakes: [
            "shared_gallery_image_version_replica_count": "shared_image_gallery_replica_count",
            "shared_image_gallery_image_version_replica_count": "shared_image_gallery_replica_count",
        ]
    )

    private static let galleryStorage = ["Standard_LRS", "Standard_ZRS", "Premium_LRS"]

    private static let azureGalleryDestination = ComponentSchema(
        [
            .text("subscription", default: "that of the builder"), .text("resource_group"), .text("gallery_name"),
            .text("image_name"), ComponentOption("image_version", .pattern("\\d+\\.\\d+\\.\\d+")),
            .old("replication_regions", .list(.text), "Use a \"target_region\" block for each region."),
            .blocks(
                "target_region",
                ComponentSchema([
                    .text("name", required: true), .whole("replicas", 0...100, default: "1"),
                    .text("disk_encryption_set_id"),
                    .choice("storage_account_type", galleryStorage, default: "Standard_LRS"),
                ])
            ),
            .choice("storage_account_type", galleryStorage, default: "Standard_LRS"), .truth("specialized"),
            .truth("use_shallow_replication"),
            .choice(
                "confidential_vm_image_encryption_type",
                ["EncryptedVMGuestStateOnlyWithPmk", "EncryptedWithPmk", "EncryptedWithCmk"]
            ),
        ],
        rules: [.wholeGalleryDestination, .atMostOne(of: "target_region", "replication_regions")]
    )

    private static let azureNetwork = ComponentSchema(
        [
            .text("virtual_network_name"), .text("virtual_network_subnet_name"),
            .text("virtual_network_resource_group_name"), .truth("private_virtual_network_with_public_ip"),
            .list("allowed_inbound_ip_addresses"), .list("deny_outbound_ip_addresses"),
            .choice("public_ip_sku", ["Basic", "Standard"], default: "Standard"),
            .truth("accelerated_networking"),
        ],
        rules: [
            .together("virtual_network_subnet_name", with: "virtual_network_name"),
            .together("virtual_network_resource_group_name", with: "virtual_network_name"), .azureInboundAddresses,
        ]
    )

    private static let azureMachine = ComponentSchema(
        [
            ComponentOption("os_type", .choice(["Linux", "Windows"], ignoringCase: true), required: true),
            .text("vm_size", default: "Standard_A1"), .text("location"), .text("build_resource_group_name"),
            .text("temp_resource_group_name"), .text("temp_compute_name"), .text("temp_nic_name"),
            .text("temp_os_disk_name"), .text("custom_resource_build_prefix"),
            ComponentOption("os_disk_size_gb", .whole(Int.min...Int.max)),
            .list("disk_additional_size", of: .whole(0...Int.max)),
            .choice("disk_caching_type", ["None", "ReadOnly", "ReadWrite"], default: "ReadWrite"),
            .choice("disk_controller_type", ["SCSI", "NVMe"]), .text("disk_encryption_set_id"),
            .block(
                "spot",
                ComponentSchema(
                    [.choice("eviction_policy", ["Delete", "Deallocate"]), ComponentOption("max_price", .number)],
                    rules: [.together("max_price", with: "eviction_policy")]
                )
            ),
            .list("user_assigned_managed_identities"), .text("custom_data"), .file("custom_data_file"),
            .text("user_data"), .file("user_data_file"), .text("custom_script"), .map("azure_tags"),
            .blocks("azure_tag", nameAndValue), .truth("secure_boot_enabled"), .truth("vtpm_enabled"),
            .choice("security_type", ["TrustedLaunch", "ConfidentialVM"]),
            .choice("security_encryption_type", ["DiskWithVMGuestState", "VMGuestStateOnly"]),
            .truth("encryption_at_host"), .text("license_type"), .text("boot_diag_storage_account"),
            .text("build_key_vault_name"), .text("build_key_vault_secret_name", default: "packerKeyVaultSecret"),
            .choice("build_key_vault_sku", ["standard", "premium"], ignoringCase: true, default: "standard"),
            .truth("skip_create_build_key_vault"), .duration("polling_duration_timeout", default: "15m"),
            .duration("winrm_expiration_time"), .truth("async_resourcegroup_delete"),
        ],
        rules: [
            .exactlyOne(of: "location", "build_resource_group_name"),
            .atMostOne(of: "temp_resource_group_name", "build_resource_group_name"),
            .atMostOne(of: "custom_data", "custom_data_file"), .atMostOne(of: "user_data", "user_data_file"),
            .azureName("build_resource_group_name", longest: 90),
            .azureName("temp_resource_group_name", longest: 90),
            .azureName("custom_resource_build_prefix", longest: 11, isPrefix: true), .azureTags, .azureLicence,
        ]
    )

    /// A pair in a repeated block.
    static let nameAndValue = ComponentSchema([.text("name", required: true), .text("value")])
}
