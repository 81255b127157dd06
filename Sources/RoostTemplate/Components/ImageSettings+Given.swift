import RoostLanguage

extension ImageSettings {
    /// Whether something is set that is not empty.
    ///
    /// Texts, lists and blocks without content, `false` and null say as much as nothing.
    func isGiven(_ name: String) -> Bool { self[name].map(\.isGiven) ?? false }

    /// Those of the names that something is given for.
    func given(_ names: [String]) -> [String] { names.filter(isGiven) }

    /// The place to show when something about a setting is wrong.
    func range(_ name: String, in component: ComponentName) -> HCLRange? {
        guard let entry = entry(name) else { return missingRange ?? component.range }
        return entry.nameRange ?? entry.value.range ?? missingRange ?? component.range
    }

    /// Something that is wrong with a setting, or, without a name, with all of them together.
    func problem(
        _ code: String,
        _ summary: String,
        about name: String? = nil,
        in component: ComponentName,
        advice: String? = nil
    ) -> Diagnostic {
        let place = name.flatMap { range($0, in: component) } ?? missingRange ?? component.range
        return .error("component.\(code)", summary, at: place?.span, advice: advice)
    }

    /// The way a machine is reached; nil when that is computed when a build runs.
    var communicator: String? { isGiven("communicator") ? plainText("communicator") : "ssh" }

    /// A text that is known whole; nil for what is computed when a build runs, and for other kinds of value.
    func plainText(_ name: String) -> String? {
        if case .text(let text)? = self[name]?.form { text } else { nil }
    }
}

extension SettingValue {
    /// Whether it is not empty.
    var isGiven: Bool {
        switch form {
        case .null: false
        case .text(let text): !text.isEmpty
        case .truth(let truth): truth
        case .list(let elements): !elements.isEmpty
        // Blocks all of whose settings come from empty variables say nothing.
        case .object(let settings): settings.entries.contains { $0.value.isGiven }
        case .template, .number, .later: true
        }
    }
}
