import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline

extension RunPlan {
    /// The plan without the places its parts stand at and without its expanded file, for comparing what two files come to.
    var withoutPlaces: String {
        var plan = self
        plan.finalYAML = ""
        plan.extendedTemplate = nil
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(plan) else { return "" }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        return lines.filter { !$0.contains("\"place\" : ") }.joined(separator: "\n")
    }
}

extension SyntaxNode {
    /// Calls the closure with every key and every scalar value.
    func forEachScalar(_ body: (SyntaxScalar) -> Void) {
        switch self {
        case .scalar(let scalar): body(scalar)
        case .sequence(let sequence): for item in sequence.items { item.forEachScalar(body) }
        case .mapping(let mapping):
            for pair in mapping.pairs {
                body(pair.key)
                pair.value.forEachScalar(body)
            }
        case .unknown: break
        }
    }
}

extension SyntaxScalar {
    /// A word of the text that does not stand in the file where its map says; nil when all do.
    var misplacedText: String? {
        let file = Array(place.source.text.utf8)
        let bytes = Array(text.utf8)
        let map = map
        for (offset, byte) in bytes.enumerated() where isWordByte(byte) {
            let place = map.position(at: offset).offset
            guard place < file.count, file[place] == byte || file[place] == UInt8(ascii: "\\") else {
                return "byte \(offset) of '\(text.prefix(60))' is not at offset \(place)"
            }
        }
        return nil
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "{")
    }
}

/// Compiles a text with templates that are held in memory.
func compile(
    _ text: String,
    templates: [String: String] = [:],
    limits: PipelineLimits = .default,
    _ request: CompileRequest = CompileRequest()
) -> CompiledPipeline {
    PipelineCompiler(loader: MemoryTemplateLoader(templates), limits: limits)
        .compile(path: "azure-pipelines.yml", text: text, request: request)
}

extension CompiledPipeline {
    /// `line:column code` of each problem.
    var problems: [String] {
        diagnostics.map { "\($0.span.map { "\($0.start.line):\($0.start.column)" } ?? "-") \($0.code)" }
    }

    /// The scripts of all steps, in order.
    var scripts: [String] {
        (plan?.stages ?? []).flatMap(\.jobs).flatMap(\.steps).compactMap { $0.inputs["script"] }
    }
}
