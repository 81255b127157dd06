import Foundation
import RoostLanguage

extension HCLFunctions {
    /// All functions of a template: those of arguments alone, and those that look at files and the clock.
    public static func all(on system: HCLSystem) -> [String: HCLFunction] {
        var functions = pure.merging(paths) { first, _ in first }
        functions.merge(files(system)) { first, _ in first }
        functions.merge(moments(system)) { first, _ in first }
        functions.merge(secrets) { first, _ in first }
        functions["bcrypt"] = bcrypt(system)
        functions["uuidv4"] = HCLFunction(result: .string) { _ in .string(uuid(system.random(16), version: 4)) }
        // Templates of templates have all functions but this one, so that none includes itself.
        functions["templatefile"] = templateFile(system, functions)
        return functions
    }

    /// Looks up a variable of the environment; allowed in defaults of variables only.
    public static func environment(_ values: [String: String]) -> HCLFunction {
        HCLFunction(.init("key", .string), result: .string) { .string(values[$0[0].textOrEmpty] ?? "") }
    }

    // MARK: Files

    private static func files(_ system: HCLSystem) -> [String: HCLFunction] {
        [
            "file": HCLFunction(.init("path", .string), result: .string) {
                .string(try system.readText($0[0].textOrEmpty))
            },
            "filebase64": HCLFunction(.init("path", .string), result: .string) { arguments in
                .string(Data(try system.read(arguments[0].textOrEmpty)).base64EncodedString())
            },
            "fileexists": HCLFunction(.init("path", .string), result: .bool) { arguments in
                var isFolder: ObjCBool = false
                let path = system.path(arguments[0].textOrEmpty)
                let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                guard !isFolder.boolValue else {
                    throw HCLFunctionFault("\(path) is not a regular file, but a directory", argument: 0)
                }
                return .bool(exists)
            },
            "fileset": HCLFunction(.init("path", .string), .init("pattern", .string), result: .set(.string)) {
                arguments in
                let folder = system.path(arguments[0].textOrEmpty)
                let names = try FilePattern(arguments[1].textOrEmpty).files(in: folder)
                return .set(names.map { .string($0) }, of: .string)
            },
        ]
    }

    private static func templateFile(_ system: HCLSystem, _ functions: [String: HCLFunction]) -> HCLFunction {
        HCLFunction(
            .init("path", .string),
            .partial("vars"),
            body: { arguments in
                let name = arguments[0].textOrEmpty
                guard let variables = arguments[1].attributes else {
                    if !arguments[1].isKnown { return .unknown() }
                    throw HCLFunctionFault("invalid vars value: must be a map", argument: 1)
                }
                if let bad = variables.keys.sorted().first(where: { !isIdentifier($0) }) {
                    throw HCLFunctionFault(
                        "invalid template variable name \(quoted(bad)): must start with a letter, followed by zero or more letters, digits, and underscores",
                        argument: 1
                    )
                }
                let (expression, problems) = HCLExpression.parseTemplate(
                    try system.readText(name),
                    name: system.path(name)
                )
                let scope = HCLScope(variables: variables, functions: functions)
                let (value, found) = problems.isEmpty ? expression.value(in: scope) : (.unknown(), [])
                guard let problem = (problems + found).first else { return value }
                let place = problem.span.map { "\($0): " } ?? ""
                throw HCLFunctionFault("\(place)\(problem.summary): \(problem.detail ?? "")", argument: 0)
            }
        )
    }

    // MARK: Time

    private static func moments(_ system: HCLSystem) -> [String: HCLFunction] {
        let now = Timestamp(seconds: Int(system.now.timeIntervalSince1970.rounded(.down)), nanoseconds: 0, offset: 0)
        return [
            "timestamp": HCLFunction(result: .string) { _ in .string(now.description) },
            "legacy_isotime": HCLFunction(variadic: .init("format", .string), result: .string) { arguments in
                guard arguments.count <= 1 else {
                    throw HCLFunctionFault("too many values, 1 needed: \(arguments.map(\.textOrEmpty))")
                }
                guard let layout = arguments.first?.textOrEmpty else { return .string(now.description) }
                return .string(GoTimeLayout.format(now, layout))
            },
            "legacy_strftime": HCLFunction(.init("format", .string), result: .string) { arguments in
                .string(try StrftimeFormat.format(now, arguments[0].textOrEmpty))
            },
        ]
    }
}
