public import RoostLanguage

/// What is known only while a build runs, for the settings that speak of it.
public struct RunningBuild: Sendable {
    /// What `build` knows: `ID`, `Host` and others.
    public var facts: [String: String]
    public var language: ImagePlan.Language
    /// What text templates can speak of besides.
    public var texts: TextTemplateContext

    public init(facts: [String: String], language: ImagePlan.Language, texts: TextTemplateContext) {
        self.facts = Self.unknownFacts.merging(facts) { $1 }
        self.language = language
        self.texts = texts
    }

    /// What every build may be asked for is empty when its machine does not know it.
    private static let unknownFacts = Dictionary(
        uniqueKeysWithValues: TextTemplateRunData.build.map { ($0, "") }
    )

    /// Settings with the values that could not be computed before; text templates in them are left for their component.
    ///
    /// - Returns: the settings, converted to what the component takes, and what is wrong with them.
    public func settled(
        _ settings: ImageSettings,
        of component: ComponentName
    ) -> (settings: ImageSettings, diagnostics: [Diagnostic]) {
        do throws(HCLFailure) {
            guard let known = try known(settings) else { return (settings, []) }
            let (settled, faults) = texts.settled(known, of: component)
            let (checked, problems) = ComponentCatalog.standard.checked(settled, of: component, in: language)
            return (checked, faults + problems.filter(\.isError))
        } catch {
            return (settings, error.diagnostics)
        }
    }

    /// A text of settings, with its template rendered.
    ///
    /// - Parameters:
    ///   - value: a text, a template, or a number or truth, as they are written.
    ///   - data: what a dot knows besides what `build` does.
    /// - Returns: nil for lists and objects.
    /// - Throws: what is wrong with the template.
    public func text(_ value: SettingValue, data: [String: String] = [:]) throws(Diagnostic) -> String? {
        switch value.form {
        case .text(let text): return text
        case .template(let text): return try rendered(text, data: data)
        case .number(let number): return "\(number)"
        case .truth(let truth): return "\(truth)"
        case .null, .list, .object, .later: return nil
        }
    }

    /// Renders a text template that no setting holds, such as the default of one.
    public func rendered(_ text: String, data: [String: String] = [:]) throws(Diagnostic) -> String {
        try TextTemplate.rendered(text, data: data.mapValues { .text($0) }, build: facts, in: texts)
    }

    /// Nil when nothing was left to compute.
    private func known(_ settings: ImageSettings) throws(HCLFailure) -> ImageSettings? {
        var (result, isChanged) = (settings, false)
        for place in settings.entries.indices {
            guard let value = try known(settings.entries[place].value) else { continue }
            result.entries[place].value = value
            isChanged = true
        }
        return isChanged ? result : nil
    }

    private func known(_ value: SettingValue) throws(HCLFailure) -> SettingValue? {
        var result = value
        switch value.form {
        case .later(let expression):
            let build = HCLValue.object(facts.mapValues { .string($0) })
            result = SettingValue(try expression.value(knowing: ["build": build]), range: value.range)
            result.isSensitive = result.isSensitive || value.isSensitive
        case .list(var elements):
            var isChanged = false
            for place in elements.indices {
                guard let element = try known(elements[place]) else { continue }
                elements[place] = element
                isChanged = true
            }
            guard isChanged else { return nil }
            result.form = .list(elements)
        case .object(let settings):
            guard let settings = try known(settings) else { return nil }
            result.form = .object(settings)
        case .null, .text, .template, .number, .truth: return nil
        }
        return result
    }
}

extension Duration {
    /// As templates write it, such as `1h30m`; nil when the text is none.
    public init?(templateText text: String) {
        guard let duration = GoDuration(text) else { return nil }
        self = .nanoseconds(duration.nanoseconds)
    }
}
