extension ImageBuilderSchema {
    static let distributors: [ImageBuilderField.Variant] = [
        .init("ManagedImage", .init(since: .preview2019), common + managedImage),
        .init("SharedImage", .init(since: .preview2019), common + sharedImage),
        .init(
            "VHD",
            .init(since: .preview2019),
            common + [.init("uri", .text(.addressOrNothing), since: .july2022)]
        ),
        .init("managedImage", .init(until: .preview2018), common + managedImage),
        .init("sharedImage", .init(until: .preview2018), common + sharedImage),
    ]

    private static let common: [ImageBuilderField] = [
        .init("runOutputName", .text(.name), required: true), .init("artifactTags", .map(.text(.any))),
    ]

    private static let managedImage: [ImageBuilderField] = [
        .init("imageId", .text(.resource([.managedImage])), required: true),
        .init("location", .text(.region), required: true),
    ]

    private static let storage = ImageBuilderField.Kind.choice(["Standard_LRS", "Standard_ZRS", "Premium_LRS"])

    private static let sharedImage: [ImageBuilderField] = [
        .init("galleryImageId", .text(.resource([.galleryImage, .galleryImageVersion])), required: true),
        .init("replicationRegions", .list(.text(.region), atLeast: 1), replacement: "targetRegions"),
        .init("storageAccountType", storage, since: .february2020, replacement: "targetRegions"),
        .init("targetRegions", .list(.object(targetRegion), atLeast: 1), since: .july2022),
        .init("excludeFromLatest", .truth, since: .february2020),
        .init("versioning", .variants(by: "scheme", versionings), since: .july2022),
        .init("replicationMode", .choice(["Full", "Shallow"]), since: .october2025),
    ]

    private static let targetRegion = ImageBuilderShape([
        .init("name", .text(.region), required: true),
        .init("replicaCount", .whole(1...100)),
        .init("storageAccountType", storage),
    ])

    private static let versionings: [ImageBuilderField.Variant] = [
        .init("Latest", [.init("major", .whole(-1...Int(Int32.max)))]),
        .init("Source", []),
    ]
}
