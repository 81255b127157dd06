public import Foundation
public import RoostLanguage

/// A template with the values of its variables and locals.
public struct PackerEvaluation: Sendable {
    /// The version whose language this is.
    public static let languageVersion = "1.16.0"

    public let configuration: PackerConfiguration
    /// Variables without a value are not in it.
    public let variables: [String: PackerValue]
    public let locals: [String: HCLValue]
    /// Names and functions that sources and builds may use.
    public let scope: HCLScope
    public let requirements: PackerRequirements
    public let diagnostics: [Diagnostic]

    /// Reads and evaluates; all problems are in ``diagnostics``.
    ///
    /// - Parameters:
    ///   - input: the files and values.
    ///   - now: the moment of the run.
    public init(_ input: PackerInput, now: Date) {
        self.init(input, functions: HCLFunctions.all(on: HCLSystem(folder: input.root, now: now)))
    }

    /// Reads and evaluates with other functions than those of a machine.
    public init(_ input: PackerInput, functions: [String: HCLFunction]) {
        let inDefaults = HCLFunctions.inDefaults(environment: input.environment, lookups: input.lookups)
        let (configuration, problems) = PackerConfiguration.read(
            input.templates,
            functions: functions.merging(inDefaults) { _, new in new }
        )
        let functions = functions.merging(HCLFunctions.outsideDefaults) { known, _ in known }
        var resolver = PackerValueResolver(variables: configuration.variables, functions: functions)
        resolver.resolve(input)
        let outer = Self.outerScope(configuration, resolver.values, input, functions)
        requirements = PackerRequirements(configuration.settings)
        let data = PackerDataSources(
            configuration,
            plugins: Set(requirements.plugins.map(\.name)),
            evaluating: input.evaluatesDataSources,
            lookups: input.lookups
        )
        var names = PackerNameResolver(locals: configuration.locals, data: data, outer: outer)
        names.resolve()
        self.configuration = configuration
        variables = resolver.values
        locals = names.localValues
        scope = names.scope
        let unset = Self.unset(configuration, resolver.values)
        diagnostics =
            requirements.isForThisVersion
            ? requirements.diagnostics + problems + resolver.diagnostics + unset + names.diagnostics
            // Of a template for another version nothing else can be said.
            : requirements.diagnostics
    }

    /// What expressions may use where there is no template.
    public static func functionsOnly(_ input: ImageTemplateInput) -> HCLScope {
        HCLScope(
            variables: [
                "var": .object([:]), "local": .object([:]),
                "path": .object(["root": .string("."), "cwd": .string(input.workingFolder)]),
                "packer": .object(["version": .string(languageVersion)]),
            ],
            functions: HCLFunctions.all(on: HCLSystem(folder: input.workingFolder, now: input.now))
        )
    }

    private static func outerScope(
        _ configuration: PackerConfiguration,
        _ values: [String: PackerValue],
        _ input: PackerInput,
        _ functions: [String: HCLFunction]
    ) -> HCLScope {
        let variables = configuration.variables.mapValues { variable in
            values[variable.name]?.value ?? .unknown(variable.constraint?.type.withoutOptional ?? .dynamic)
        }
        return HCLScope(
            variables: [
                "var": .object(variables),
                "path": .object(["root": .string(input.root), "cwd": .string(input.workingFolder)]),
                "packer": .object([
                    "version": .string(languageVersion), "iterationID": .unknown(.string),
                    "versionFingerprint": .unknown(.string),
                ]),
            ],
            functions: functions
        )
    }

    /// A variable without a value is a problem only where it is used.
    private static func unset(_ configuration: PackerConfiguration, _ values: [String: PackerValue]) -> [Diagnostic] {
        let blocks = configuration.dataSources + configuration.sources + configuration.builds
        let expressions = configuration.locals.values.map(\.expression) + blocks.flatMap { $0.body.expressions }
        var reported: Set<String> = []
        return expressions.flatMap(\.variables).sorted { $0.range.isBefore($1.range) }.compactMap { reference in
            guard reference.name == "var", case .attribute(let name)? = reference.steps.first?.form,
                let variable = configuration.variables[name], values[name] == nil, reported.insert(name).inserted
            else { return nil }
            return .hcl(
                "packer.unset",
                "Unset variable \"\(name)\"",
                "It is used here and has neither a default, which would stand at \(variable.range), nor a value.",
                reference.range,
                advice: "Give it one with -var \(name)=…, in a file of values, or as PKR_VAR_\(name)."
            )
        }
    }
}

extension HCLBody {
    /// All expressions in it and in its blocks.
    var expressions: [HCLExpression] {
        switch form {
        case .syntax(let body): body.attributes.values.map(\.expression) + body.blocks.flatMap { $0.body.expressions }
        case .json(let body):
            {
                var problems: [Diagnostic] = []
                return [body.node.expression(&problems)]
            }()
        case .merged(let bodies): bodies.flatMap(\.expressions)
        case .expanding(let body, _): body.expressions
        }
    }
}
