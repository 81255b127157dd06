/// Every property of an image template, in all versions of the interface.
enum ImageBuilderSchema {
    static let template = ImageBuilderShape([
        .init("type"),
        .init("apiVersion"),
        .init("name", .text(.name)),
        .init("location", .text(.region), required: true),
        .init("tags", .map(.text(.any))),
        .init("dependsOn", .list(.anything, atLeast: 0)),
        .init("identity", .object(identity), since: .secondPreview2019),
        .init("properties", .object(properties), required: true),
        .init("id", .anything, readOnly: true),
        .init("systemData", .anything, readOnly: true),
        .init("etag", .anything, readOnly: true),
    ])

    /// What a deployment adds to a template in it.
    static let deployed = template.adding([
        .init("condition", .anything), .init("comments"), .init("metadata", .anything), .init("scope"),
        .init("copy", .anything), .init("resources", .anything),
    ])

    private static let identity = ImageBuilderShape([
        .init("type", .choice(["UserAssigned", "None"])),
        .init("userAssignedIdentities", .map(.object(assignedIdentity))),
    ])

    private static let assignedIdentity = ImageBuilderShape([
        .init("clientId", readOnly: true), .init("principalId", readOnly: true),
    ])

    static let properties = ImageBuilderShape([
        .init("source", .variants(by: "type", sources), required: true),
        .init("customize", .list(.variants(by: "type", customizers), atLeast: 0)),
        .init("optimize", .object(optimize), since: .july2022),
        .init("validate", .object(validate), since: .february2022),
        .init("distribute", .list(.variants(by: "type", distributors), atLeast: 1), required: true),
        .init("errorHandling", .object(errorHandling), since: .july2023),
        .init("vmProfile", .object(vmProfile), since: .secondPreview2019),
        .init("additionalDataDisks", .list(.object(dataDisk), atLeast: 0), since: .october2025),
        .init("buildTimeoutInMinutes", .whole(0...960), since: .secondPreview2019),
        .init("stagingResourceGroup", .text(.resource([.resourceGroup])), since: .february2022),
        .init("autoRun", .object(.init([state])), since: .february2024),
        .init("managedResourceTags", .map(.text(.any)), since: .february2024),
        .init("provisioningState", .anything, readOnly: true),
        .init("provisioningError", .anything, readOnly: true),
        .init("lastRunStatus", .anything, readOnly: true),
        .init("exactStagingResourceGroup", .anything, readOnly: true),
    ])

    private static let state = ImageBuilderField("state", .choice(["Enabled", "Disabled"]))

    private static let optimize = ImageBuilderShape([
        .init("vmBoot", .object(.init([state]))),
        .init(
            "workload",
            .object(
                .init([
                    state, .init("scriptUri", .text(.address)), .init("sha256Checksum", .text(.checksum)),
                ])
            ),
            since: .october2025
        ),
    ])

    private static let errorHandling = ImageBuilderShape([
        .init("onCustomizerError", .choice(["cleanup", "abort"])),
        .init("onValidationError", .choice(["cleanup", "abort"])),
    ])

    private static let vmProfile = ImageBuilderShape([
        .init("vmSize"),
        .init("osDiskSizeGB", .whole(0...65_536), since: .february2020),
        .init(
            "userAssignedIdentities",
            .list(.text(.resource([.identity])), atLeast: 0),
            since: .october2021
        ),
        .init("vnetConfig", .object(network), since: .february2020),
    ])

    private static let network = ImageBuilderShape([
        .init("subnetId", .text(.resource([.subnet]))),
        .init("containerInstanceSubnetId", .text(.resource([.subnet])), since: .february2024),
        .init("proxyVmSize", since: .october2021),
    ])

    private static let dataDisk = ImageBuilderShape([.init("sizeGB", .whole(0...65_536))])

    // MARK: Sources

    private static let sources: [ImageBuilderField.Variant] = [
        .init(
            "PlatformImage",
            [
                .init("publisher", .text(.some), required: true), .init("offer", .text(.some), required: true),
                .init("sku", .text(.some), required: true), .init("version", .text(.some)),
                .init("planInfo", .object(plan), since: .february2020),
                .init("exactVersion", readOnly: true),
            ]
        ),
        .init(
            "ManagedImage",
            .init(since: .preview2019),
            [.init("imageId", .text(.resource([.managedImage])), required: true)]
        ),
        .init(
            "SharedImageVersion",
            .init(since: .secondPreview2019),
            [
                .init("imageVersionId", .text(.resource([.galleryImageVersion])), required: true),
                .init("exactVersion", readOnly: true),
            ]
        ),
        .init(
            "ISO",
            .init(until: .secondPreview2019),
            [
                .init("sourceURI", .text(.address), until: .preview2019),
                .init("sourceUri", .text(.address), since: .secondPreview2019),
                .init("sha256Checksum", .text(.checksum), required: true),
            ]
        ),
    ]

    private static let plan = ImageBuilderShape([
        .init("planName", .text(.some), required: true), .init("planProduct", .text(.some), required: true),
        .init("planPublisher", .text(.some), required: true),
    ])
}
