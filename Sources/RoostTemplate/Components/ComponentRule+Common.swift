import RoostLanguage

extension ComponentRule {
    /// Exactly one of the options has to be there.
    static func exactlyOne(of names: String...) -> ComponentRule {
        ComponentRule(names.count == 1 ? "\(names.code("and")) is not empty." : "Exactly one of \(names.code("and")).")
        { settings, component in
            let given = settings.given(names)
            if given.isEmpty {
                return [
                    settings.problem(
                        "missing-option",
                        "\(component) needs \(names.alternatives)",
                        in: component,
                        advice: "Give exactly one of them."
                    )
                ]
            }
            return conflict(given, settings, component)
        }
    }

    /// At least one of the options has to be there.
    static func atLeastOne(of names: String...) -> ComponentRule {
        ComponentRule("At least one of \(names.code("and")).") { settings, component in
            guard settings.given(names).isEmpty else { return [] }
            return [settings.problem("missing-option", "\(component) needs \(names.alternatives)", in: component)]
        }
    }

    /// No two of the options may be there together.
    static func atMostOne(of names: String...) -> ComponentRule {
        ComponentRule("At most one of \(names.code("and")).") { settings, component in
            conflict(settings.given(names), settings, component)
        }
    }

    /// Where one of the options is given, these others have to be, too.
    static func together(_ name: String, with others: String...) -> ComponentRule {
        ComponentRule("`\(name)` needs \(others.code("and")).") { settings, component in
            let absent = others.filter { !settings.isGiven($0) }
            guard settings.isGiven(name), !absent.isEmpty else { return [] }
            return [
                settings.problem(
                    "missing-option",
                    "\"\(name)\" of \(component) needs \(absent.enumeration), too",
                    about: name,
                    in: component,
                    advice: "Add \(absent.enumeration), or leave out \"\(name)\"."
                )
            ]
        }
    }

    /// All entries of a list have the form `NAME=value`.
    static func assignments(_ name: String) -> ComponentRule {
        ComponentRule("Entries of `\(name)` have the form `NAME=value`.") { settings, component in
            (settings[name]?.list ?? []).compactMap { element in
                guard case .text(let text) = element.form, !text.isAssignment else { return nil }
                let shown = element.isSensitive ? "An entry" : "\"\(text)\""
                return .error(
                    "component.environment",
                    "\(shown) in \"\(name)\" of \(component) has not the form NAME=value",
                    at: (element.range ?? settings.range(name, in: component))?.span,
                    advice: "Write entries like \"VERSION=1.2\"."
                )
            }
        }
    }

    /// Says of each but the first that it does not go with the first.
    private static func conflict(
        _ given: [String],
        _ settings: ImageSettings,
        _ component: ComponentName
    ) -> [Diagnostic] {
        given.dropFirst().map { name in
            settings.problem(
                "conflict",
                "\"\(given[0])\" and \"\(name)\" of \(component) exclude each other",
                about: name,
                in: component,
                advice: "Leave out all but one of \(given.enumeration)."
            )
        }
    }
}

extension [String] {
    /// `"a", "b" or "c"`.
    var alternatives: String { joined(last: "or", quote: "\"") }
    /// `"a", "b" and "c"`.
    var enumeration: String { joined(last: "and", quote: "\"") }
    /// In backticks.
    func code(_ word: String) -> String { joined(last: word, quote: "`") }

    private func joined(last word: String, quote: String) -> String {
        let quoted = map { quote + $0 + quote }
        guard quoted.count > 1, let last = quoted.last else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " \(word) \(last)"
    }
}

extension String {
    fileprivate var isAssignment: Bool {
        guard let sign = firstIndex(of: "=") else { return false }
        return sign > startIndex
    }
}
