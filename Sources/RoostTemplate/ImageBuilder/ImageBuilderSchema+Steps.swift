extension ImageBuilderSchema {
    static let customizers: [ImageBuilderField.Variant] = [
        .init("Shell", .init(since: .preview2019), [stepName] + shell),
        .init("PowerShell", .init(since: .preview2019), [stepName] + powerShell),
        .init("File", .init(since: .secondPreview2019), [stepName] + file),
        .init("WindowsRestart", .init(since: .preview2019), [stepName] + restart),
        .init("WindowsUpdate", .init(since: .february2020), [stepName] + update),
        .init("shell", .init(until: .preview2018), [stepName, .init("script", .text(.address), required: true)]),
    ]

    static let validate = ImageBuilderShape([
        .init("continueDistributeOnFailure", .truth),
        .init("sourceValidationOnly", .truth),
        .init("inVMValidations", .list(.variants(by: "type", validators), atLeast: 0)),
    ])

    private static let validators: [ImageBuilderField.Variant] = [
        .init("Shell", [stepName] + shell),
        .init("PowerShell", [stepName] + powerShell),
        .init("File", .init(since: .july2022), [stepName] + file),
    ]

    private static let stepName = ImageBuilderField("name")

    private static let lines = ImageBuilderField.Kind.list(.text(.any), atLeast: 0)

    private static let script: [ImageBuilderField] = [
        .init("scriptUri", .text(.address), since: .secondPreview2019),
        .init("script", .text(.address), until: .preview2019),
        .init("inline", lines, since: .preview2019),
        .init("sha256Checksum", .text(.checksum), since: .secondPreview2019),
    ]

    private static let shell = script

    private static let powerShell: [ImageBuilderField] =
        script + [
            .init("runElevated", .truth, since: .secondPreview2019),
            .init("runAsSystem", .truth, since: .february2020),
            .init("validExitCodes", .list(.whole(Int(Int32.min)...Int(Int32.max)), atLeast: 0)),
        ]

    private static let file: [ImageBuilderField] = [
        .init("sourceUri", .text(.address), required: true),
        .init("sha256Checksum", .text(.checksum)),
        .init("destination", .text(.absolutePath), required: true),
    ]

    private static let restart: [ImageBuilderField] = [
        .init("restartCommand"), .init("restartCheckCommand"), .init("restartTimeout", .text(.duration)),
    ]

    private static let update: [ImageBuilderField] = [
        .init("searchCriteria"), .init("filters", .list(.text(.updateFilter), atLeast: 0)),
        .init("updateLimit", .whole(0...Int(Int32.max))),
    ]
}
