public import Foundation
public import RoostLanguage

/// What text templates in settings can speak of before a build runs.
public struct TextTemplateContext: Sendable {
    /// Values of variables; nil in HCL2, where text templates know none.
    public var variables: [String: SettingText]?
    /// The moment that `timestamp` names, the same throughout.
    public var now: Date
    /// Absolute.
    public var templateFolder: String
    public var workingFolder: String
    /// Nil where there is no build, as in variables.
    public var buildName: String?
    public var buildType: String?
    /// Random bytes; passed in, so that tests know them.
    public var random: @Sendable (Int) -> [UInt8]

    public init(
        variables: [String: SettingText]? = nil,
        now: Date,
        templateFolder: String,
        workingFolder: String,
        buildName: String? = nil,
        buildType: String? = nil,
        random: @escaping @Sendable (Int) -> [UInt8] = { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }
    ) {
        self.variables = variables
        self.now = now
        self.templateFolder = templateFolder
        self.workingFolder = workingFolder
        self.buildName = buildName
        self.buildType = buildType
        self.random = random
    }

    /// The settings with everything rendered that is known now, and what is wrong in the templates.
    ///
    /// What speaks of the running build stays a template.
    public func settled(
        _ settings: ImageSettings,
        of component: ComponentName
    ) -> (settings: ImageSettings, diagnostics: [Diagnostic]) {
        var settler = TextTemplateSettler(functions: functions(for: component), component: component)
        let settled = settler.settled(settings)
        return (settled, settler.diagnostics)
    }

    /// A text alone, such as the name of a builder.
    func settled(_ value: SettingValue, of component: ComponentName) -> (value: SettingValue, diagnostics: [Diagnostic])
    {
        var settler = TextTemplateSettler(functions: functions(for: component), component: component)
        let settled = settler.settled(value)
        return (settled, settler.diagnostics)
    }
}
