import RoostLanguage
import RoostPipeline

/// Compiles units and says which file has which problems.
struct Analyzer: Sendable {
    let snapshot: EditorSnapshot

    /// What a compilation found.
    struct Findings: Sendable {
        /// By absolute path; every file that took part has an entry.
        var diagnostics: [String: [FileDiagnostic]] = [:]
        /// What variables came to, by `path:line:column` of their values.
        var values: [String: [String]] = [:]
    }

    /// The units that must be compiled to judge the documents that are open.
    func units(of paths: [String]) -> [AnalysisUnit] {
        var roots: [String] = []
        for path in paths where path.hasPrefix("/") {
            for root in snapshot.roots(of: path) where !roots.contains(root) { roots.append(root) }
        }
        return roots.compactMap { root in
            guard let facts = snapshot.facts(root), isPipeline(root, isIncluded: !paths.contains(root)) else {
                return nil
            }
            let folder = snapshot.repositoryRoot(of: root)
            return root.hasPrefix("\(folder)/") ? AnalysisUnit(root, facts, folder: folder) : nil
        }
    }

    /// Whether a file is worth judging: editors open YAML of other programs too.
    private func isPipeline(_ path: String, isIncluded: Bool) -> Bool {
        let name = path.split(separator: "/").last?.lowercased() ?? ""
        if isIncluded || name.contains("pipeline") || snapshot.pipelineDocuments.contains(path) { return true }
        guard let text = snapshot.text(path) else { return false }
        return PipelineFileKind(of: YAMLDocument(name: path, text: text)) != .other
    }

    func analyze(_ unit: AnalysisUnit) -> Findings {
        let compiled = compile(unit)
        var result = Findings()
        let places = SourcePlaces(compiled.sources, unit, snapshot)
        for file in compiled.files {
            let name = file.repository == "self" ? file.path : "\(file.path)@\(file.repository)"
            if unit.wrapper == nil || name != Self.wrapperName, let path = places.path(name) {
                result.diagnostics[path] = []
            }
        }
        for diagnostic in compiled.diagnostics where isWorthShowing(diagnostic, unit, places) {
            add(diagnostic, Self.severity(of: diagnostic), places, to: &result)
        }
        for diagnostic in compiled.limitations { add(diagnostic, .warning, places, to: &result) }
        for (place, values) in compiled.variableValues {
            // `file:line:column`, whose file alone may hold colons.
            let parts = place.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count > 2, let path = places.path(parts.dropLast(2).joined(separator: ":")) else { continue }
            result.values["\(path):\(parts.suffix(2).joined(separator: ":"))"] = values
        }
        return result
    }

    static let wrapperName = ".roost-wrapper.yml"

    private func compile(_ unit: AnalysisUnit) -> CompiledPipeline {
        let compiler = PipelineCompiler(loader: ReadingTemplateLoader { [snapshot] in Self.load($0, unit, snapshot) })
        let request = CompileRequest(parameters: unit.standIns)
        if let wrapper = unit.wrapper {
            return compiler.compile(path: Self.wrapperName, text: wrapper, request: request)
        }
        return compiler.compile(path: unit.relativePath, text: snapshot.text(unit.path) ?? "", request: request)
    }

    private static func load(
        _ file: TemplateReference,
        _ unit: AnalysisUnit,
        _ snapshot: EditorSnapshot
    ) -> Result<[UInt8], TemplateLoadFailure> {
        let isOwn = file.alias == "self"
        guard let folder = isOwn ? unit.folder : snapshot.folder(ofRepository: file.alias) else {
            let advice = "its files are not here; '--repository \(file.alias)=FOLDER' tells where they are"
            return .failure(.repositoryUnavailable(reason: advice))
        }
        guard let text = snapshot.text("\(folder)/\(file.path)") else { return .failure(.notFound) }
        return .success(Array(text.utf8))
    }

    /// Not what a wrapper or a stand-in for a value that somebody will give brings about.
    private func isWorthShowing(_ diagnostic: Diagnostic, _ unit: AnalysisUnit, _ places: SourcePlaces) -> Bool {
        guard unit.usesStandIns, let span = diagnostic.span else { return true }
        if unit.wrapper != nil, span.file == Self.wrapperName { return false }
        let isOfText = ["expression.", "yaml.", "template.unclosed", "template.each"].contains {
            diagnostic.code.hasPrefix($0)
        }
        return isOfText || !places.text(of: span).contains("${{")
    }

    /// A repository whose files are elsewhere is no mistake of the author.
    private static func severity(of diagnostic: Diagnostic) -> FileDiagnostic.Severity {
        if diagnostic.code == "template.repository-unavailable" { return .information }
        return diagnostic.isError ? .error : .warning
    }

    private func add(
        _ diagnostic: Diagnostic,
        _ severity: FileDiagnostic.Severity,
        _ places: SourcePlaces,
        to result: inout Findings
    ) {
        guard let span = diagnostic.span, let path = places.path(span.file) else { return }
        let related = diagnostic.notes.compactMap { note -> FileDiagnostic.Related? in
            guard let span = note.span, let location = places.location(span) else { return nil }
            return FileDiagnostic.Related(location: location, message: note.text)
        }
        let message = [diagnostic.summary, diagnostic.detail, diagnostic.advice].compactMap { $0 }
        result.diagnostics[path, default: []].append(
            FileDiagnostic(
                range: places.range(span),
                severity: severity,
                code: diagnostic.code,
                message: message.joined(separator: "\n"),
                related: related,
                replacement: diagnostic.nearName
            )
        )
    }
}

extension Diagnostic {
    /// The name in "Did you mean 'name'?".
    var nearName: String? {
        guard let advice, let start = advice.firstRange(of: "Did you mean '")?.upperBound else { return nil }
        let name = advice[start...].prefix { $0 != "'" }
        return advice[name.endIndex...].hasPrefix("'?") && !name.isEmpty ? String(name) : nil
    }
}

extension String {
    /// Where a text occurs first.
    func firstRange(of other: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
            start = index(after: start)
        }
        return nil
    }
}
