import Foundation
import RoostLanguage
import RoostPipeline

/// Finds the pipelines of a folder: files whose shape is a pipeline's, without those that other files use as templates.
struct PipelineSearch {
    /// Absolute paths of pipelines, sorted.
    private(set) var pipelines: [String] = []
    /// Files that can only be templates, or are used as such.
    private(set) var templates: [String] = []

    private static let skipped: Set<String> = [".git", ".hg", ".svn", ".github", ".build", "node_modules"]

    init(folder: String, root given: String?, limits: PipelineLimits) {
        let folder = PipelinePlace.absolute(folder)
        var kinds: [(path: String, kind: PipelineFileKind)] = []
        var used: Set<String> = []
        for path in Self.files(in: folder) {
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            let document = YAMLDocument(name: path, bytes: [UInt8](data), limits: limits.yaml)
            let kind = PipelineFileKind(of: document)
            guard kind != .other else { continue }
            kinds.append((path, kind))
            let place = PipelinePlace(file: path, root: given, within: folder)
            for reference in document.templateReferences {
                if let file = Self.resolve(reference, from: place) { used.insert(file) }
            }
        }
        for (path, kind) in kinds {
            let isPipeline = kind == .pipeline || kind == .pipelineOrTemplate && !used.contains(path)
            if isPipeline { pipelines.append(path) } else { templates.append(path) }
        }
    }

    /// All YAML files, sorted.
    private static func files(in folder: String) -> [String] {
        var found: [String] = []
        var open = [folder]
        while let folder = open.popLast() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for name in names where !skipped.contains(name) {
                let path = "\(folder)/\(name)"
                let type = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
                if type == .typeDirectory {
                    open.append(path)
                } else if type == .typeRegular, name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
                    found.append(path)
                }
            }
        }
        return found.sorted()
    }

    /// The file a reference means, as far as that can be told without evaluating anything.
    private static func resolve(_ reference: String, from place: PipelinePlace) -> String? {
        var text = reference
        if text.hasSuffix("@self") { text.removeLast("@self".count) }
        guard !text.isEmpty, !text.contains("@"), !text.contains("${{") else { return nil }
        text = text.replacingOccurrences(of: "\\", with: "/")
        let folder = (place.absolutePath as NSString).deletingLastPathComponent
        let path = text.hasPrefix("/") ? place.root + text : "\(folder)/\(text)"
        return (path as NSString).standardizingPath
    }
}
