@testable import RoostTemplate

/// The page of the documentation that says what components take.
struct ComponentPage {
    let catalog: ComponentCatalog

    var text: String {
        var text = Self.introduction
        for (kind, title) in [
            (ComponentKind.builder, "Builders"), (.provisioner, "Provisioners"), (.postProcessor, "Post-processors"),
            (.dataSource, "Data sources"),
        ] {
            text += "\n## \(title)\n"
            for (type, schema) in (catalog.schemas[kind] ?? [:]).sorted(by: { $0.key < $1.key }) {
                text += section(type, schema)
            }
            text += known(kind)
        }
        text += "\n## Communicators\n\n" + table(ComponentSchema.communicators().options)
        return text + "\n## Plugins that are known by name\n\n" + Self.listed(catalog.foreignTypes.plugins) + "\n"
    }

    private static let introduction = """
        # What components of image templates take

        `roost image validate` knows the options below by name and kind, in templates of every language. What a component does not have
        is an error with its place and the name that may be meant. Options of earlier versions are known, too, with what to use today.

        | What is written | HCL2 | JSON |
        |---|---|---|
        | text for a number or a truth | `"22"`, `"true"` and `"1"` are taken | also `"0x16"`, `"T"`, `"False"`; an empty text is no number and false |
        | number for a text | its digits | its digits |
        | truth for a text | `"true"` | `"1"` or `"0"`, with a warning |
        | number for a duration | an error: `"5"` has no unit | nanoseconds, with a warning |
        | text for a list | an error | what commas separate |
        | one value for a list | an error | a list of one |
        | one object for a block that may be repeated | one block | one block |
        | another case of an option's name | an error | the option |

        Null is as if an option was not given. For what has to hold between options, so are empty texts, empty lists and `false`: a
        variable that is empty gives nothing. Values that are computed when a build runs pass every check.

        Components of plugins that the template names in `required_plugins`, and of those that are listed at the end, are accepted, and
        their options are not checked; options whose names end like those of secrets (`password`, `secret`, `token`, `secret_key`, …)
        are never shown.

        This page is written by a test out of the tables that the checks use.

        """

    private func section(_ type: String, _ schema: ComponentSchema) -> String {
        let shared = Set((ComponentSchema.ssh.options + ComponentSchema.winRM.options).map(\.name))
        let hasCommunicators = schema.option("ssh_host") != nil
        let options = schema.options.filter { !hasCommunicators || !shared.contains($0.name) }
        let note = hasCommunicators ? "Takes the options of [communicators](#communicators), too.\n\n" : ""
        return "\n### \(type)\n\n" + note + table(options) + rules(schema)
    }

    /// What has to hold between options, and between those of blocks.
    private func rules(_ schema: ComponentSchema) -> String {
        let texts = Self.rules(schema, "")
        return texts.isEmpty ? "" : "\n" + texts.map { "- \($0)\n" }.joined()
    }

    private static func rules(_ schema: ComponentSchema, _ path: String) -> [String] {
        let own = schema.rules.map { path.isEmpty ? $0.text : "In `\(path)`: \($0.text)" }
        return own
            + schema.options.flatMap { option -> [String] in
                guard case .block(let inner, _) = option.kind else { return [] }
                return rules(inner, path.isEmpty ? option.name : "\(path).\(option.name)")
            }
    }

    private func table(_ options: [ComponentOption]) -> String {
        "| Option | Takes | Default | |\n|---|---|---|---|\n" + options.map { rows($0, "") }.joined()
    }

    private func rows(_ option: ComponentOption, _ path: String) -> String {
        let name = path + option.name
        var notes: [String] = []
        if option.isRequired { notes.append("required") }
        if option.isSensitive { notes.append("secret") }
        if option.isFile { notes.append("has to exist") }
        if let replacement = option.replacement { notes.append("no longer: " + Self.escaped(replacement)) }
        let defaultText = option.defaultText.map { "`\(Self.escaped($0))`" } ?? ""
        let row = "| `\(name)` | \(Self.words(option.kind)) | \(defaultText) | \(notes.joined(separator: "; ")) |\n"
        guard case .block(let schema, _) = option.kind else { return row }
        return row + schema.options.map { rows($0, name + ".") }.joined()
    }

    private static func words(_ kind: ComponentOption.Kind) -> String {
        switch kind {
        case .text: "text"
        case .choice(let values, _): values.map { "`\($0)`" }.joined(separator: ", ")
        case .pattern(let pattern): "text like `\(escaped(pattern))`"
        case .duration: "duration"
        case .number: "number"
        case .whole(let bounds): "whole number" + words(bounds)
        case .truth: "`true` or `false`"
        case .list(let kind): "list of \(words(kind))"
        case .map(let kind): "map of \(words(kind))"
        case .block(_, let isRepeated): isRepeated ? "blocks" : "block"
        case .anything: "anything"
        }
    }

    private static func words(_ bounds: ClosedRange<Int>) -> String {
        switch (bounds.lowerBound, bounds.upperBound) {
        case (Int.min, Int.max), (0, Int.max): ""
        case (let low, Int.max): " from \(low)"
        case (let low, let high): " from \(low) to \(high)"
        }
    }

    private func known(_ kind: ComponentKind) -> String {
        let types = catalog.foreignTypes.names(kind)
        return types.isEmpty ? "" : "\nKnown by name: \(Self.listed(types)).\n"
    }

    private static func listed(_ names: some Sequence<String>) -> String {
        names.sorted().map { "`\($0)`" }.joined(separator: ", ")
    }

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
