import ArgumentParser
import RoostLanguage
import RoostTemplate

/// `roost image validate`: everything that is wrong in a template, without building anything.
struct ImageValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check a template.",
        discussion: """
            Files, variables, builders, provisioners and post-processors are checked as a build would use them; all problems are reported \
            at once, each at its place. Nothing is asked of any server unless it is allowed.

              roost image validate -var location=chinanorth3 ubuntu.pkr.hcl
              roost image validate -syntax-only template.json

            Exit codes: 0 valid, 1 errors, 64 wrong usage.
            """
    )

    @Argument(
        help: "The template: a file, a folder of *.pkr.hcl and *.pkr.json, or - for standard input.",
        completion: .file()
    )
    var template: String

    @OptionGroup(title: "Variables") var source: ImageTemplateOptions
    @OptionGroup(title: "Other servers") var lookups: LookupOptions
    @OptionGroup(title: "Targets") var choice: ImageTargetOptions
    @OptionGroup(title: "Output") var output: ImageOutputOptions

    @Flag(
        name: [.customLong("syntax-only", withSingleDash: true), .customLong("syntax-only")],
        help: "Check the syntax only, and neither values nor settings."
    )
    var syntaxOnly = false

    @Flag(
        name: [.customLong("no-warn-undeclared-var", withSingleDash: true), .customLong("no-warn-undeclared-var")],
        help: "Do not warn of values in files for variables that are not declared."
    )
    var noWarnUndeclaredVar = false

    /// What scripts read.
    private struct Answer: Encodable {
        var version = 1
        var valid: Bool
        var errors: Int
        var warnings: Int
        var targets: [String]
        var diagnostics: [DiagnosticJSON]
    }

    func run() async throws {
        let input = source.input(template, choice: choice, warnsOfUndeclared: !noWarnUndeclaredVar)
        let language = source.configType?.language
        let reading = await lookups.settled(input) { ImageTemplate.read($0, as: language).reading }
        let diagnostics =
            syntaxOnly
            ? reading.syntaxProblems
            : reading.diagnostics(lookingForFilesIn: input.workingFolder).consideringAccount(input.environment)
        let output = ImageOutput(output.form, reading)
        output.report(diagnostics)
        if output.isJSON {
            try output.print(
                json: Answer(
                    valid: !diagnostics.hasErrors,
                    errors: diagnostics.count(where: \.isError),
                    warnings: diagnostics.count { !$0.isError },
                    targets: reading.plan.targets.map(\.name),
                    diagnostics: diagnostics.map(DiagnosticJSON.init)
                )
            )
        } else if !diagnostics.hasErrors {
            output.say(
                syntaxOnly ? "Syntax-only check passed. Everything looks okay." : "The configuration is valid."
            )
        }
        if diagnostics.hasErrors { throw RoostExit.failed.code }
    }
}
