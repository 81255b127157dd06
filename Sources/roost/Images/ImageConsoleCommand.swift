import ArgumentParser
import Foundation
import RoostLanguage
import RoostTemplate

/// `roost image console`: computes expressions with the names of a template.
struct ImageConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "Try expressions with the variables of a template.",
        discussion: """
            Expressions of HCL2, or texts with templates of JSON. On a terminal every line is answered. From a pipe every line is computed and the last answer is printed. 'variables' shows all \
            names with their values, 'exit' ends.

              echo 'upper(var.location)' | roost image console templates/

            Exit codes: 0 done, 1 errors in the template or, from a pipe, in a line, 64 wrong usage.
            """
    )

    @Argument(help: "The template; without one there are functions only.", completion: .file())
    var template: String?

    @OptionGroup(title: "Variables") var source: ImageTemplateOptions
    @OptionGroup(title: "Other servers") var lookups: LookupOptions

    func run() async throws {
        let console = try await console()
        let isTerminal = isatty(STDIN_FILENO) == 1
        var last: String?
        while let line = prompted(isTerminal) {
            let word = line.trimmingCharacters(in: .whitespaces)
            if word.isEmpty { continue }
            if word == "exit" { break }
            switch console.answer(word) {
            case .success(let text):
                last = text
                if isTerminal { Terminal.print(text) }
            case .failure(let failure):
                Terminal.printError(failure.text)
                if !isTerminal { throw RoostExit.failed.code }
            }
        }
        if !isTerminal, let last { Terminal.print(last) }
    }

    private func prompted(_ isTerminal: Bool) -> String? {
        if isTerminal { FileHandle.standardOutput.write(Data("> ".utf8)) }
        return readLine()
    }

    private func console() async throws -> ImageConsole {
        guard let template else { return ImageConsole(source.input("."), source.configType?.language ?? .packerHCL) }
        let language = source.configType?.language
        let input = source.input(template)
        let read = await lookups.settled(input) { ImageTemplate.read($0, as: language) }
        let output = ImageOutput(.person(isColoured: nil), read.reading)
        let problems = read.reading.diagnostics.filter { !read.reading.isOnlyForBuilds($0) }
        output.report(problems)
        if read.reading.syntaxProblems.hasErrors { throw RoostExit.failed.code }
        return ImageConsole(read, input)
    }
}
