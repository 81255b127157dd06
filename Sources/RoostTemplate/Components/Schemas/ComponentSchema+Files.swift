import RoostLanguage

extension ComponentSchema {
    /// The provisioner that copies files to the machine, or from it.
    static let file = ComponentSchema(
        [
            .file("source"), .files("sources"), .text("content"), .text("destination", required: true),
            .choice("direction", ["upload", "download"], default: "upload"), .truth("generated"),
        ],
        rules: [.exactlyOne(of: "source", "sources", "content"), .noDownloadOfContent]
    )

    /// The builder that stores a file.
    static let fileBuilder = ComponentSchema(
        [.text("target", required: true), .text("content"), .file("source")],
        rules: [.atMostOne(of: "content", "source")]
    )
}

extension ComponentRule {
    fileprivate static let noDownloadOfContent = ComponentRule { settings, component in
        guard settings.isGiven("content"), settings.plainText("direction") == "download" else { return [] }
        return [
            .error(
                "component.conflict",
                "\(component) cannot download \"content\"",
                at: settings.range("content", in: component)?.span,
                advice: "Say with \"source\" what to download, or leave out \"direction\"."
            )
        ]
    }
}
