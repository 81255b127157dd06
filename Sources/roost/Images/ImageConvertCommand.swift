import ArgumentParser
import Foundation
import RoostLanguage
import RoostTemplate

/// `roost image convert`: a template in another language.
struct ImageConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a template in another language.",
        discussion: """
            Templates of Image Builder become templates of Packer, and templates of Packer for Azure (builder azure-arm) become templates of \
            Image Builder. What the other language cannot say is an error at its place, and nothing is written; with --lossy it is a warning. \
            Placeholders and parameters without a value become variables.

              roost image convert image.json --to packer-hcl2 --output-file image.pkr.hcl
              roost image convert -only ubuntu.azure-arm.image templates/ --to image-builder --lossy

            Exit codes: 0 done, 1 errors, 64 wrong usage.
            """
    )

    /// Languages to write.
    enum Language: String, ExpressibleByArgument, CaseIterable {
        case packerHCL = "packer-hcl2"
        case packerJSON = "packer-json"
        case imageBuilder = "image-builder"

        var plan: ImagePlan.Language {
            switch self {
            case .packerHCL: .packerHCL
            case .packerJSON: .packerJSON
            case .imageBuilder: .imageBuilder
            }
        }
    }

    @Argument(help: "The template: a file, or a folder of HCL2.", completion: .file())
    var template: String

    @Option(help: "The language: packer-hcl2, packer-json or image-builder.")
    var to: Language

    @Option(
        name: [.customLong("output-file"), .customLong("output-file", withSingleDash: true)],
        help: "Write to a file instead of standard output."
    )
    var outputFile: String?

    @Flag(help: "Write over a file that is there already.")
    var force = false

    @Flag(help: "Leave out what cannot be said, with a warning.")
    var lossy = false

    @OptionGroup(title: "Variables") var source: ImageTemplateOptions
    @OptionGroup(title: "Other servers") var lookups: LookupOptions
    @OptionGroup(title: "Targets") var choice: ImageTargetOptions

    func run() async throws {
        let input = source.input(template, choice: choice)
        let language = source.configType?.language
        let result = await lookups.settled(input) { ImageConversion.of($0, as: language, to: to.plan) }
        let conversion = lossy ? result.conversion.withLossesAccepted : result.conversion
        ImageOutput(.person(isColoured: nil), result.reading).report(conversion.diagnostics)
        if conversion.diagnostics.hasErrors {
            let losses = conversion.diagnostics.count { $0.isError && $0.code == ImageConversion.lossCode }
            if losses > 0 { Terminal.printError("\(losses) things cannot be said; --lossy leaves them out.") }
            throw RoostExit.failed.code
        }
        guard let outputFile, outputFile != "-" else { return Terminal.print(String(conversion.text.dropLast())) }
        guard force || !FileManager.default.fileExists(atPath: outputFile) else {
            throw HCLFileFailure.exists(outputFile)
        }
        do { try Data(conversion.text.utf8).write(to: URL(filePath: outputFile), options: .atomic) } catch {
            throw HCLFileFailure.unwritable(outputFile)
        }
    }
}
