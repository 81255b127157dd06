import RoostLanguage

/// A trigger of a template: it makes the template run again when its source changes.
///
///     { "location": REGION, "properties": { "kind": "SourceImage" } }
enum ImageBuilderTrigger {
    private static let shape = ImageBuilderShape([
        .init("type"), .init("apiVersion"), .init("name", .text(.name)), .init("location", .text(.region)),
        .init("properties", .variants(by: "kind", [.init("SourceImage", fields)]), required: true),
        .init("id", .anything, readOnly: true), .init("systemData", .anything, readOnly: true),
    ])

    private static let fields: [ImageBuilderField] = [
        .init("status", .anything, readOnly: true), .init("provisioningState", .anything, readOnly: true),
    ]

    /// What is wrong with a trigger, and that it is no template.
    static func check(_ settings: ImageSettings) -> [Diagnostic] {
        var checker = ImageBuilderChecker(version: .newest)
        _ = checker.check(settings, shape, of: "a trigger")
        let kind = settings.block("properties")?["kind"]
        let isKnown = kind?.text == "SourceImage"
        return checker.diagnostics + [
            .error(
                "image-builder.trigger",
                "This is a trigger\(isKnown ? " of kind SourceImage" : ""), not an image template",
                at: (kind?.range ?? settings.missingRange)?.span,
                advice:
                    "Name the file of the template. Its source needs version \"latest\" for a trigger to have an effect.",
                detail:
                    "It belongs to a template, and makes it run again when a newer version of its source image comes out."
            )
        ]
    }
}
