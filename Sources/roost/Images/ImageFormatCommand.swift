import ArgumentParser
import Foundation
import RoostLanguage
import RoostTemplate

/// `roost image fmt`: lays out files of HCL2, byte by byte as `packer fmt` does.
struct ImageFormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Lay out templates and files of values of HCL2.",
        discussion: """
            Folders are searched for *.pkr.hcl and *.pkrvars.hcl; '-' is standard input, whose layout goes to standard output. Names of files \
            that were changed, or would be, are printed. A file that is not HCL stays as it is.

              roost image fmt -check -diff -recursive .

            Exit codes: 0 laid out, 1 a file cannot be read or is not HCL, 3 with -check when a file is not laid out, 64 wrong usage.
            """
    )

    @Argument(help: "Files, folders, or - for standard input.", completion: .file())
    var paths: [String] = ["."]

    @Flag(
        name: [.customLong("check", withSingleDash: true), .customLong("check")],
        help: "Change nothing; end with 3 when a file is not laid out."
    )
    var check = false

    @Flag(
        name: [.customLong("diff", withSingleDash: true), .customLong("diff")],
        help: "Print what changes."
    )
    var diff = false

    @Option(
        name: [.customLong("write", withSingleDash: true), .customLong("write")],
        help: ArgumentHelp("Whether files are changed.", valueName: "true|false")
    )
    var write = true

    @Flag(
        name: [.customLong("recursive", withSingleDash: true), .customLong("recursive")],
        help: "Search folders within folders too."
    )
    var recursive = false

    func run() throws {
        var (problems, changed): ([Diagnostic], Bool) = ([], false)
        var sources: [SourceText] = []
        for path in paths {
            guard path != "-" else {
                changed = try formatStandardInput(&problems, &sources) || changed
                continue
            }
            for file in ImageFileSearch(path, isRecursive: recursive).files(&problems) {
                changed = try format(file, &problems, &sources) || changed
            }
        }
        if !problems.isEmpty {
            let style: DiagnosticRenderer.Style = Terminal.standardError.hasColor ? .coloured : .plain
            let text = DiagnosticRenderer(style: style, sources: sources).render(problems)
            Terminal.printError(String(text.dropLast()))
        }
        if problems.hasErrors { throw RoostExit.failed.code }
        if check, changed { throw ExitCode(3) }
    }

    private func formatStandardInput(_ problems: inout [Diagnostic], _ sources: inout [SourceText]) throws -> Bool {
        let bytes = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
        guard let text = formatted(bytes, "<stdin>", &problems, &sources) else { return false }
        if !check { try FileHandle.standardOutput.write(contentsOf: Data(text)) }
        return text != bytes
    }

    /// Lays out a file; whether that changes it.
    private func format(
        _ path: String,
        _ problems: inout [Diagnostic],
        _ sources: inout [SourceText]
    ) throws -> Bool {
        guard let data = FileManager.default.contents(atPath: path) else {
            problems.append(.error("image.unreadable", "The file '\(path)' cannot be read."))
            return false
        }
        let bytes = [UInt8](data)
        guard let text = formatted(bytes, path, &problems, &sources), text != bytes else { return false }
        Terminal.print(path)
        if diff { try Self.printDifference(path, Data(text)) }
        if write, !check {
            guard Self.replace(URL(filePath: path).resolvingSymlinksInPath().path, by: Data(text)) else {
                throw HCLFileFailure.unwritable(path)
            }
        }
        return true
    }

    /// Puts a file with the same rights into the place of another, so that there is always a whole one.
    private static func replace(_ path: String, by text: Data) -> Bool {
        let files = FileManager.default
        let part = "\(path).\(UUID().uuidString).part"
        let rights = (try? files.attributesOfItem(atPath: path))?[.posixPermissions]
        let attributes = rights.map { [FileAttributeKey.posixPermissions: $0] }
        guard files.createFile(atPath: part, contents: text, attributes: attributes), rename(part, path) == 0 else {
            try? files.removeItem(atPath: part)
            return false
        }
        return true
    }

    /// The layout of a text; nil when it is not HCL.
    private func formatted(
        _ bytes: [UInt8],
        _ name: String,
        _ problems: inout [Diagnostic],
        _ sources: inout [SourceText]
    ) -> [UInt8]? {
        let file = HCLFile(native: bytes, name: name)
        sources.append(file.source)
        problems += file.diagnostics
        return file.diagnostics.hasErrors ? nil : HCLFormatter.format(bytes)
    }

    /// Lets the system's `diff` compare the file with its layout.
    private static func printDifference(_ path: String, _ text: Data) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["diff", "-u", "--label", "old/\(path)", "--label", "new/\(path)", "--", path, "-"]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: text)
        try input.fileHandleForWriting.close()
        let difference = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try FileHandle.standardOutput.write(contentsOf: difference)
    }
}
