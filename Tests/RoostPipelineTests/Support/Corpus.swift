import Foundation
import RoostLanguage
import RoostPipeline
import Testing

/// The real pipelines that lie beside the checkout, with what their index says of them.
enum Corpus {
    /// A root file of the corpus.
    struct Entry: Sendable, CustomTestStringConvertible {
        let repository: String
        let root: String
        let externalReferences: String
        let dynamicReferences: String
        let facts: [String: String]
        let isPartlyUnknown: Bool

        var folder: String {
            Corpus.folder.map { "\($0)/\(repository.replacingOccurrences(of: "/", with: "__"))" } ?? ""
        }
        var testDescription: String { "\(repository): \(root)" }
        /// Whether every template it names is in the corpus.
        var isSelfContained: Bool { externalReferences == "-" }

        func compile(_ request: CompileRequest = CompileRequest()) throws -> CompiledPipeline {
            let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(root)"))
            let compiler = PipelineCompiler(loader: FolderTemplateLoader(folder: folder))
            return compiler.compile(path: root, text: [UInt8](bytes), request: request)
        }
    }

    /// The folder of the pipelines; nil when there is none on this machine.
    static let folder: String? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["ROOST_SHARED"]
            ?? package.appending(path: "../shared").standardized.path
        let folder = "\(shared)/corpus/pipelines"
        return FileManager.default.fileExists(atPath: "\(folder)/INDEX.tsv") ? folder : nil
    }()

    static let absence = "the shared corpus is not here; set ROOST_SHARED or put it into ../shared"

    static let entries: [Entry] = {
        guard let folder, let index = try? String(contentsOfFile: "\(folder)/INDEX.tsv", encoding: .utf8) else {
            return []
        }
        return index.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count >= 9 else { return nil }
            var facts: [String: String] = [:]
            for fact in fields[8].split(separator: ";") {
                let parts = fact.split(separator: "=", maxSplits: 1)
                if parts.count == 2 { facts[String(parts[0])] = String(parts[1]) }
            }
            return Entry(
                repository: fields[0],
                root: fields[2],
                externalReferences: fields[5],
                dynamicReferences: fields[6],
                facts: facts,
                isPartlyUnknown: fields[8].hasPrefix("-")
            )
        }
    }()
}
