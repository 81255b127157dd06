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
        /// Of the steps, checkouts that no file asks for.
        var implicitCheckouts: Int?
        /// Files that took part, the root file among them.
        var files: Int
        var errors: Int
        var warnings: Int
    }

    private(set) var entries: [Entry] = []
    /// Templates that no pipeline used, of which only the syntax is known.
    private(set) var templates: [String] = []
    /// Each problem once, also when several pipelines use the same template.
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var sources: [SourceText] = []
    private var known: Set<String> = []
    private var knownSources: Set<String> = []
    private var usedFiles: Set<String> = []

    var errors: Int { diagnostics.count { $0.isError } }
    var warnings: Int { diagnostics.count - errors }

    /// Adds what a pipeline came to; files are named as a person in the current folder names them.
    mutating func add(_ compiled: CompiledPipeline, at place: PipelinePlace, folders: [String: String], warns: Bool) {
        let names = FileNames(place: place, folders: folders)
        let found = (compiled.diagnostics + compiled.limitations.map(\.asWarning)).filter { warns || $0.isError }
            .map { $0.renamingFiles(names.shown) }
        for diagnostic in found { keep(diagnostic) }
        if !found.isEmpty { add(compiled.sources, names) }
        for file in compiled.files where file.repository == "self" { usedFiles.insert("\(place.root)/\(file.path)") }
        let jobs = compiled.plan?.stages.flatMap(\.jobs)
        entries.append(
            Entry(
                path: PipelinePlace.shown(place.absolutePath),
                stages: compiled.plan?.stages.count,
                jobs: jobs?.count,
                jobInstances: jobs?.map(\.strategy.knownCopies).reduce(0, +),
                steps: jobs?.map(\.steps.count).reduce(0, +),
                implicitCheckouts: jobs?.flatMap(\.steps).count { $0.place.isEmpty },
                files: compiled.files.count,
                errors: found.count { $0.isError },
                warnings: found.count { !$0.isError }
            )
        )
    }

    private mutating func keep(_ diagnostic: Diagnostic) {
        let span = diagnostic.span.map { "\($0.file):\($0.start.offset)-\($0.end.offset)" } ?? ""
        let key = "\(diagnostic.code)\n\(diagnostic.summary)\n\(span)"
        if known.insert(key).inserted { diagnostics.append(diagnostic) }
    }

    /// Whether a pipeline has used a file.
    func hasUsed(_ place: PipelinePlace) -> Bool { usedFiles.contains(place.absolutePath) }

    /// Adds what is wrong with a template that no pipeline used.
    mutating func addTemplate(_ diagnostics: [Diagnostic], _ source: SourceText, at place: PipelinePlace) {
        let names = FileNames(place: place, folders: [:])
        templates.append(PipelinePlace.shown(place.absolutePath))
        for diagnostic in diagnostics { keep(diagnostic.renamingFiles(names.shown)) }
        if !diagnostics.isEmpty { add([source], names) }
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

    /// `3 pipelines, 1 template: 1 error, 2 warnings`.
    var summary: String {
        let counts = [Self.count(errors, "error"), Self.count(warnings, "warning")].compactMap { $0 }
        let checked = [Self.count(entries.count, "pipeline"), Self.count(templates.count, "unused template")]
        return
            "\(checked.compactMap { $0 }.joined(separator: ", ")): \(counts.isEmpty ? "no problems" : counts.joined(separator: ", "))"
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
