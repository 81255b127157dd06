import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline
import Testing

/// A pipeline beside what it must come to: `NN_name.yml` and `NN_name.expected.json`.
///
/// A first line `# request: {"parameters": {…}, "variables": {…}, "predefined": {…}}` gives what is known of the run. Templates are found in the
/// folder of the fixtures; the repository resource `tools` is the folder `other`.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    /// The folder it lies in.
    var home = Fixture.folder

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    static let all: [Fixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".yml") }.sorted().map { Fixture(name: String($0.dropLast(4))) }
    }()

    private struct Request: Codable {
        var parameters: [String: String]?
        var variables: [String: String]?
        var predefined: [String: String]?
    }

    /// What is written into the expected file.
    private struct Golden: Encodable {
        var diagnostics: [String]
        var limitations: [String]?
        var triggers: PipelineTriggers?
        var plan: RunPlan?
        var finalYAML: [String]?
    }

    func source() throws -> Data { try Data(contentsOf: home.appending(path: "\(name).yml")) }

    func compile() throws -> CompiledPipeline {
        let bytes = [UInt8](try source())
        let loader = FolderTemplateLoader(
            folder: home.path,
            otherFolders: ["tools": home.appending(path: "other").path]
        )
        return PipelineCompiler(loader: loader).compile(path: "\(name).yml", text: bytes, request: try request())
    }

    func request() throws -> CompileRequest {
        let line = String(decoding: try source().prefix { $0 != 0x0A }, as: UTF8.self)
        let mark = "# request: "
        guard line.hasPrefix(mark) else { return CompileRequest() }
        let request = try JSONDecoder().decode(Request.self, from: Data(line.dropFirst(mark.count).utf8))
        return CompileRequest(
            parameters: request.parameters ?? [:],
            queueTimeVariables: request.variables ?? [:],
            predefinedVariables: request.predefined ?? [:]
        )
    }

    /// The result in the form of the expected file.
    func rendered() throws -> String {
        let result = try compile()
        let renderer = DiagnosticRenderer(sources: result.sources)
        let lines: ([Diagnostic]) -> [String] = { diagnostics in
            diagnostics.flatMap { renderer.render($0).split(separator: "\n").map(String.init) }
        }
        var golden = Golden(diagnostics: lines(result.diagnostics))
        if var plan = result.plan {
            golden.finalYAML = plan.finalYAML.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            plan.finalYAML = ""
            golden.plan = plan
            golden.limitations = result.limitations.isEmpty ? nil : lines(result.limitations)
            golden.triggers = result.triggers
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(golden), as: UTF8.self) + "\n"
    }

    var expectedURL: URL { Self.folder.appending(path: "\(name).expected.json") }
}
