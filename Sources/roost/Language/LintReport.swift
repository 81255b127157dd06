import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline

/// What was found in some pipelines.
struct LintReport {
    /// One pipeline and what it comes to.
    struct Entry: Encodable {
        var path: String
        /// Nil when there are errors.
        var stages: Int?
        var jobs: Int?
        /// Jobs after their strategies multiplied them, as far as that is known before a run.
        var jobInstances: Int?
        var steps: Int?
        /// Files that took part, the root file among them.
        var files: Int
        var errors: Int
        var warnings: Int
    }

    private(set) var entries: [Entry] = []
    /// Each problem once, also when several pipelines use the same template.
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var sources: [SourceText] = []
    private var known: Set<String> = []
    private var knownSources: Set<String> = []

    var errors: Int { diagnostics.count { $0.isError } }
    var warnings: Int { diagnostics.count - errors }

    /// Adds what a pipeline came to; files are named as a person in the current folder names them.
    mutating func add(_ compiled: CompiledPipeline, at place: PipelinePlace, folders: [String: String], warns: Bool) {
        let names = FileNames(place: place, folders: folders)
        let found = (compiled.diagnostics + compiled.limitations.map(\.asWarning)).filter { warns || $0.isError }
            .map { $0.renamingFiles(names.shown) }
        for diagnostic in found {
            let span = diagnostic.span.map { "\($0.file):\($0.start.offset)-\($0.end.offset)" } ?? ""
            if known.insert("\(diagnostic.code)\n\(diagnostic.summary)\n\(span)").inserted {
                diagnostics.append(diagnostic)
            }
        }
        if !found.isEmpty { add(compiled.sources, names) }
        let jobs = compiled.plan?.stages.flatMap(\.jobs)
        entries.append(
            Entry(
                path: PipelinePlace.shown(place.absolutePath),
                stages: compiled.plan?.stages.count,
                jobs: jobs?.count,
                jobInstances: jobs?.map(\.strategy.knownCopies).reduce(0, +),
                steps: jobs?.map(\.steps.count).reduce(0, +),
                files: compiled.files.count,
                errors: found.count { $0.isError },
                warnings: found.count { !$0.isError }
            )
        )
    }

    private mutating func add(_ sources: [SourceText], _ names: FileNames) {
        for source in sources {
            let name = names.shown(source.name)
            guard knownSources.insert(name).inserted else { continue }
            self.sources.append(SourceText(name: name, text: source.text))
        }
    }

    /// For a person: every problem, then one line that counts.
    func text(style: DiagnosticRenderer.Style) -> String {
        let renderer = DiagnosticRenderer(style: style, sources: sources)
        let found = diagnostics.map { renderer.render($0) }.joined(separator: "\n")
        return found + (found.isEmpty ? "" : "\n") + summary + "\n"
    }

    /// `3 pipelines: 1 error, 2 warnings`.
    var summary: String {
        let counts = [Self.count(errors, "error"), Self.count(warnings, "warning")].compactMap { $0 }
        let checked = Self.count(entries.count, "pipeline") ?? "no pipelines"
        return "\(checked): \(counts.isEmpty ? "no problems" : counts.joined(separator: ", "))"
    }

    private static func count(_ number: Int, _ noun: String) -> String? {
        number == 0 ? nil : "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

/// Names of files in diagnostics, which are relative to their repositories, as paths of this machine.
struct FileNames {
    let place: PipelinePlace
    let folders: [String: String]

    func shown(_ name: String) -> String {
        guard let at = name.lastIndex(of: "@") else {
            return name.hasPrefix("parameter ") ? name : PipelinePlace.shown("\(place.root)/\(name)")
        }
        let alias = String(name[name.index(after: at)...])
        guard let folder = folders.first(where: { equalIgnoringCase($0.key, alias) })?.value else { return name }
        return PipelinePlace.shown("\(PipelinePlace.absolute(folder))/\(name[..<at])")
    }
}
