import RoostLanguage

extension ComponentSchema {
    /// The provisioner that copies files to the machine, or from it.
    static let file = ComponentSchema(
        [
            .file("source"), .files("sources"), .text("content"), .text("destination", required: true),
            .choice("direction", ["upload", "download"], default: "upload"), .truth("generated"),
        ],
        rules: [
            .atLeastOne(of: "source", "sources", "content"), .atMostOne(of: "content", "source"),
            .atMostOne(of: "content", "sources"), .noDownloadOfContent,
        ]
    )

    /// The builder that stores a file.
    static let fileBuilder = ComponentSchema(
        [.text("target", required: true), .text("content"), .file("source")],
        rules: [.atMostOne(of: "content", "source"), .emptyFile]
    )
}

extension ComponentRule {
    fileprivate static let emptyFile = ComponentRule("Neither `content` nor `source` gives a warning.") {
        settings,
        component in
        guard settings.given(["content", "source"]).isEmpty else { return [] }
        return [
            settings.problem(
                "missing-option",
                "The file of \(component) will be empty",
                in: component,
                advice: "Give its \"content\", or a \"source\" to copy."
            ).asWarning
        ]
    }

    fileprivate static let noDownloadOfContent = ComponentRule("`content` is not downloaded.") { settings, component in
        guard settings.isGiven("content"), settings.plainText("direction") == "download" else { return [] }
        return [
            settings.problem(
                "conflict",
                "\(component) cannot download \"content\"",
                about: "content",
                in: component,
                advice: "Say with \"source\" what to download, or leave out \"direction\"."
            )
        ]
    }
}
