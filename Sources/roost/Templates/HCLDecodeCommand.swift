import ArgumentParser
import Foundation
import RoostLanguage
import RoostTemplate

/// `roost hcl decode`: HCL as JSON, by a specification; flags and answers are those of `hcldec`.
struct HCLDecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Turn HCL into JSON by a specification.",
        discussion: """
            The specification says what the files may hold and what comes out of it; it is written in HCL too, as for hcldec. Files whose \
            names end with .json are read as HCL's JSON syntax; without a file, standard input is read.

              roost hcl decode service.hcldec service.hcl
              roost hcl decode --spec service.hcldec --vars 'port=80' --with-type a.hcl b.hcl

            Exit codes: 0 done, 1 a file cannot be read or written, 2 errors in the specification or the files, 64 wrong usage.
            """
    )

    /// How problems are printed.
    enum Diagnostics: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(help: "The specification, unless --spec names it, and the files.", completion: .file())
    var paths: [String] = []

    @Option(name: .shortAndLong, help: "The specification.")
    var spec: String?

    @Option(
        name: [.customShort("V"), .long],
        help: "Variables: a JSON object, or a file of HCL or JSON. May be repeated."
    )
    var vars: [String] = []

    @Option(name: .shortAndLong, help: "Write to a file instead of standard output.")
    var out: String?

    @Option(help: "How to print problems: text or json.")
    var diags: Diagnostics = .text

    @Flag(help: "Print the variables that the files refer to, instead of decoding.")
    var varRefs = false

    @Flag(help: "Print the type of the result beside it.")
    var withType = false

    @Flag(help: "Keep properties that are null.")
    var keepNulls = false

    func validate() throws {
        if spec == nil, paths.isEmpty {
            throw ValidationError("The specification is missing; name it first, or with --spec.")
        }
    }

    func run() throws {
        var report = HCLReport(isJSON: diags == .json)
        let names = [spec ?? paths[0]] + files
        let contents = names.map(bytes)
        let missing = zip(names, contents).filter { $1 == nil }.map(\.0)
        guard missing.isEmpty else { throw HCLFileFailure.unreadable(missing) }
        let all = zip(names, contents).map { name, bytes in read(name, bytes ?? [], &report) }
        let specFile = HCLSpecFile(all[0])
        try report.end(adding: specFile.diagnostics)
        let bodies = all.dropFirst()
        let values = try variables(&report)
        try report.end(adding: bodies.flatMap(\.diagnostics))
        let body = bodies.count == 1 ? all[1].body : HCLBody.merged(bodies.map(\.body))
        let scope = specFile.scope(adding: values)
        if varRefs { return try write(HCLReferences(specFile.spec.variables(of: body), in: scope).json) }
        let (value, problems) = body.decode(specFile.spec, in: scope)
        try report.end(adding: problems)
        let result = keepNulls ? value : value.withoutNulls
        try write(withType ? result.typedJSON : result.json)
    }

    /// The files to decode; an empty name stands for standard input.
    private var files: [String] {
        let rest = spec == nil ? Array(paths.dropFirst()) : paths
        return rest.isEmpty ? [""] : rest
    }

    private func bytes(_ path: String) -> [UInt8]? {
        path.isEmpty
            ? [UInt8](FileHandle.standardInput.readDataToEndOfFile())
            : FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }

    private func read(_ path: String, _ bytes: [UInt8], _ report: inout HCLReport) -> HCLFile {
        report.add(path.isEmpty ? HCLFile(native: bytes, name: "<stdin>") : HCLFile(name: path, bytes: bytes))
    }

    private func read(_ path: String, _ report: inout HCLReport) throws -> HCLFile {
        guard let bytes = bytes(path) else { throw HCLFileFailure.unreadable([path]) }
        return read(path, bytes, &report)
    }

    private func variables(_ report: inout HCLReport) throws -> [String: HCLValue] {
        var values: [String: HCLValue] = [:]
        for given in vars {
            let isObject = given.drop { $0.isWhitespace }.first == "{"
            let file =
                isObject ? report.add(HCLFile(json: Array(given.utf8), name: "<vars>")) : try read(given, &report)
            try report.end(adding: file.diagnostics)
            let (attributes, problems) = file.body.attributes()
            try report.end(adding: problems)
            for attribute in attributes {
                let (value, problems) = attribute.expression.value(in: .constant)
                try report.end(adding: problems)
                values[attribute.name] = value
            }
        }
        return values
    }

    private func write(_ text: String) throws {
        guard let out else { return Terminal.print(text) }
        do { try Data("\(text)\n".utf8).write(to: URL(filePath: out)) } catch { throw HCLFileFailure.unwritable(out) }
    }
}
