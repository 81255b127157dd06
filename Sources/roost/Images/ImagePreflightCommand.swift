import ArgumentParser
import Foundation
import RoostImages
import RoostLanguage
import RoostTemplate

/// `roost image preflight`: what a build would miss, all of it, before anything is made.
struct ImagePreflightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "Find out what a build of templates would miss, before anything is made.",
        discussion: """
            Everything that the targets need is asked for at once: resource groups, galleries, image definitions, versions, networks, quota, \
            rights and sources of clouds, galleries of the server, files, programs and room of this machine. It only reads, unless \
            --create-missing is given.

              roost image preflight -var-file prod.pkrvars.hcl templates/
              roost image preflight --create-missing ubuntu.pkr.hcl

            Exit codes: 0 nothing is missing, 1 something is, 64 wrong usage.
            """
    )

    @Argument(help: "Templates: files, or folders of *.pkr.hcl and *.pkr.json.", completion: .file())
    var templates: [String]

    @OptionGroup(title: "Variables") var source: ImageTemplateOptions
    @OptionGroup(title: "Targets") var choice: ImageTargetOptions
    @OptionGroup(title: "Preflight") var preflight: ImagePreflightOptions
    @OptionGroup(title: "Output") var output: ImageOutputOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    @Flag(
        name: [.customLong("force", withSingleDash: true), .customLong("force")],
        help: "As a build with -force, which replaces what is there."
    )
    var force = false

    @Option(help: "Where the layers of root file systems are kept.", completion: .directory)
    var cacheFolder: String?

    func validate() throws {
        guard !templates.isEmpty else { throw ValidationError("Name a template.") }
    }

    func run() async throws {
        var isFine = true
        var (answers, secrets): ([ImagePreflightAnswer], [SecretTexts]) = ([], [])
        for template in templates {
            let reading = await reading(template)
            let answer = try await check(template, reading)
            isFine = isFine && answer.passed
            answers.append(answer)
            secrets.append(SecretTexts(reading.plan))
        }
        if case .json = output.form { try printJSON(answers, hiding: secrets) }
        if !isFine { throw RoostExit.failed.code }
    }

    private func check(_ template: String, _ reading: ImageTemplateReading) async throws -> ImagePreflightAnswer {
        let output = ImageOutput(output.form, reading)
        let folder = FileManager.default.currentDirectoryPath
        let environment = ProcessInfo.processInfo.environment
        let settings = PreflightSettings(
            isForced: force,
            workingFolder: folder,
            cacheFolder: cacheFolder ?? LayerCache.standardFolder(environment),
            environment: environment
        )
        let (report, made, failures) = try await preflight.run(reading.plan, settings, connection) { line in
            if !output.isJSON { output.say(line) }
        }
        // What is there already is told by what was looked for.
        let problems = reading.diagnostics(lookingForFilesIn: folder).filter { $0.code != "image.occupied" }
        let all = problems + failures + report.diagnostics
        output.report(all)
        let answer = ImagePreflightAnswer(template, report, made, all)
        if !output.isJSON { ImagePreflightListing(report, output).print(passed: answer.passed, template) }
        return answer
    }

    /// What other servers keep and what data sources say is asked for, as a build does.
    private func reading(_ template: String) async -> ImageTemplateReading {
        var lookups = LookupOptions()
        lookups.lookups = true
        lookups.evaluatesDataSources = true
        let input = source.input(template, choice: choice)
        let language = source.configType?.language
        return await lookups.settled(input) { ImageTemplate.read($0, as: language).reading }
    }

    private func printJSON(_ answers: [ImagePreflightAnswer], hiding secrets: [SecretTexts]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        struct Whole: Encodable {
            var version = 1
            var passed: Bool
            var templates: [ImagePreflightAnswer]
        }
        let whole = Whole(passed: answers.allSatisfy(\.passed), templates: answers)
        let text = String(decoding: try encoder.encode(whole), as: UTF8.self)
        Terminal.print(secrets.reduce(text) { $1.masked($0) })
    }
}
