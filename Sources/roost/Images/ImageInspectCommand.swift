import ArgumentParser
import RoostLanguage
import RoostTemplate

/// `roost image inspect`: what a template declares and makes.
struct ImageInspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a template declares and makes.",
        discussion: """
            Variables with their values, and everything that is built. A person sees what packer inspect shows; JSON holds the whole plan: \
            each target with the settings of its builder, its provisioners and its post-processors. What is secret is not shown.

              roost image inspect templates/
              roost image inspect --output json -var location=chinanorth3 ubuntu.pkr.hcl

            Exit codes: 0 shown, 1 the template has errors (what was understood is shown), 64 wrong usage.
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

    func run() async throws {
        let language = source.configType?.language
        let input = source.input(template, choice: choice)
        let template = await lookups.settled(input) { ImageTemplate.read($0, as: language) }
        let reading = template.reading
        let output = ImageOutput(output.form, reading)
        // To look at a template nobody has to know the values of its variables.
        let problems = reading.diagnostics.filter { !reading.isOnlyForBuilds($0) }
        output.report(problems)
        if output.isJSON {
            try output.print(json: ImagePlanJSON(reading.plan))
        } else {
            ImageListing(template, output).print()
        }
        if problems.hasErrors { throw RoostExit.failed.code }
    }
}
