import ArgumentParser
import Foundation
import RoostImages
import RoostLanguage
import RoostTemplate

/// A template and what decides what it comes to; flags are those of packer.
struct ImageTemplateOptions: ParsableArguments {
    /// Languages that can be asked for by name.
    enum ConfigType: String, ExpressibleByArgument, CaseIterable {
        case hcl2, json

        var language: ImagePlan.Language { self == .hcl2 ? .packerHCL : .packerJSON }
    }

    @Option(
        name: [.customLong("var", withSingleDash: true), .customLong("var")],
        help: ArgumentHelp("A value of a variable. May be repeated.", valueName: "name=value")
    )
    var values: [VariableAssignment] = []

    @Option(
        name: [.customLong("var-file", withSingleDash: true), .customLong("var-file")],
        help: "A file of values, of HCL2 or JSON; a later one is over those before it. May be repeated.",
        completion: .file()
    )
    var valueFiles: [String] = []

    @Option(
        help: ArgumentHelp(
            "A file of name=value lines, each as with -var; the list of processes does not show them. May be repeated.",
            valueName: "file"
        ),
        completion: .file()
    )
    var valuesFrom: [String] = []

    @Option(
        name: [.customLong("config-type", withSingleDash: true), .customLong("config-type")],
        help: "Read the template as hcl2 or json, whatever its name is."
    )
    var configType: ConfigType?

    /// What the template comes to.
    ///
    /// - Parameters:
    ///   - path: the file or folder, as it was named; `-` is standard input, which is read here.
    ///   - choice: which targets are wanted.
    ///   - warnsOfUndeclared: whether a value in a file for a variable that is not declared is worth a warning.
    /// - Returns: what the template is read with.
    func input(
        _ path: String,
        choice: ImageTargetOptions? = nil,
        warnsOfUndeclared: Bool = true
    ) -> ImageTemplateInput {
        let isInput = path == "-"
        return ImageTemplateInput(
            path: isInput ? "<stdin>" : path,
            text: isInput ? [UInt8](FileHandle.standardInput.readDataToEndOfFile()) : nil,
            variableFiles: valueFiles,
            arguments: (linesOfValues + values).map { PackerInput.Argument(name: $0.name, text: $0.text) },
            offered: offered,
            environment: ProcessInfo.processInfo.environment,
            workingFolder: FileManager.default.currentDirectoryPath,
            now: Date(),
            only: choice?.onlyNames ?? [],
            except: choice?.exceptNames ?? [],
            warnsOfUndeclared: warnsOfUndeclared
        )
    }
}

extension ImageTemplateOptions {
    mutating func validate() throws {
        for path in valuesFrom {
            guard let text = Self.text(path) else { throw ValidationError("The file \(path) cannot be read.") }
            for (number, line) in Self.lines(text) where VariableAssignment(argument: line) == nil {
                throw ValidationError("Line \(number) of \(path) is not name=value.")
            }
        }
    }

    private var linesOfValues: [VariableAssignment] {
        valuesFrom.flatMap { Self.lines(Self.text($0) ?? "").compactMap { VariableAssignment(argument: $0.text) } }
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Lines that say something, with their numbers.
    private static func lines(_ text: String) -> [(number: Int, text: String)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { place, line in
            let bare = line.hasSuffix("\r") ? line.dropLast() : line
            return bare.allSatisfy(\.isWhitespace) ? nil : (place + 1, String(bare))
        }
    }

    /// What a task offers whatever template it is given.
    private var offered: OfferedVariables {
        guard let path = ProcessInfo.processInfo.environment["ROOST_OFFERED_VARIABLES"],
            let data = FileManager.default.contents(atPath: path)
        else { return OfferedVariables() }
        return (try? JSONDecoder().decode(OfferedVariables.self, from: data)) ?? OfferedVariables()
    }
}

extension [Diagnostic] {
    /// Without those that the account of the environment does away with.
    func consideringAccount(_ environment: [String: String]) -> [Diagnostic] {
        guard let account = try? AzureAccount(environment) else { return self }
        return withExtendedLifetime(account) { filter { $0.code != "component.azure-authentication" } }
    }
}

/// `name=value` of the command line; everything after the first equals sign is the value.
struct VariableAssignment: ExpressibleByArgument {
    let name: String
    let text: String

    init?(argument: String) {
        guard let place = argument.firstIndex(of: "="), place > argument.startIndex else { return nil }
        name = String(argument[..<place])
        text = String(argument[argument.index(after: place)...])
    }
}

/// Which targets are wanted.
struct ImageTargetOptions: ParsableArguments {
    @Option(
        name: [.customLong("only", withSingleDash: true), .customLong("only")],
        help: ArgumentHelp(
            "Only these targets: names of JSON builders, patterns (*, ?, {a,b}) of HCL2.",
            valueName: "a,b"
        )
    )
    var only: [String] = []

    @Option(
        name: [.customLong("except", withSingleDash: true), .customLong("except")],
        help: ArgumentHelp("All targets and post-processors but these.", valueName: "a,b")
    )
    var except: [String] = []

    var onlyNames: [String] { only.flatMap(Self.names) }
    var exceptNames: [String] { except.flatMap(Self.names) }

    /// Splits at commas, except within braces.
    private static func names(_ text: String) -> [String] {
        var (names, depth) = ([""], 0)
        for character in text {
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if character == ",", depth <= 0 { names.append("") } else { names[names.count - 1].append(character) }
        }
        return names.filter { !$0.isEmpty }
    }
}
