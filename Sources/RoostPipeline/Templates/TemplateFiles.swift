import RoostLanguage
import RoostModel

/// The files of one compilation: each is loaded and parsed once, however often it is used.
final class TemplateFiles {
    private enum Entry {
        case loaded(YAMLDocument)
        case failed(TemplateLoadFailure)
    }

    private let loader: any TemplateLoader
    private let limits: PipelineLimits
    private let log: DiagnosticLog
    private let cache: TemplateTextCache
    private var entries: [TemplatePath.File: Entry] = [:]
    private var files: [ObjectIdentifier: TemplatePath.File] = [:]
    private var repositories: [String: PlannedRepository]
    private let meter: MemoryMeter
    /// In the order in which they were first needed; the root file comes first.
    private(set) var used: [TemplatePath.File] = []
    /// The texts of these files.
    private(set) var sources: [SourceText] = []

    init(
        loader: any TemplateLoader,
        limits: PipelineLimits,
        log: DiagnosticLog,
        cache: TemplateTextCache,
        ownRepository: PlannedRepository,
        meter: MemoryMeter
    ) {
        self.loader = loader
        self.limits = limits
        self.log = log
        self.cache = cache
        self.meter = meter
        self.repositories = [PlannedRepository.ownAlias: ownRepository]
    }

    /// Makes the root file known, which is not loaded.
    func addRoot(_ document: YAMLDocument, as file: TemplatePath.File) {
        entries[file] = .loaded(document)
        meter.add(document)
        note(document, as: file)
    }

    /// Makes a repository known that templates can be loaded from; false when its alias is taken.
    func declare(_ repository: PlannedRepository) -> Bool {
        let key = foldedName(repository.alias)
        guard repositories[key] == nil else { return false }
        repositories[key] = repository
        return true
    }

    /// The file a text was read from; nil for texts that come from no file.
    func file(of source: SourceText) -> TemplatePath.File? { files[ObjectIdentifier(source)] }

    private func note(_ document: YAMLDocument, as file: TemplatePath.File) {
        used.append(file)
        sources.append(document.source)
        files[ObjectIdentifier(document.source)] = file
    }

    // MARK: Loading

    /// The template a reference names, tried from each of the files it may be relative to; nil when that failed, which is reported.
    func template(
        named name: SyntaxScalar,
        from bases: [TemplatePath.File]
    ) -> (file: TemplatePath.File, document: YAMLDocument)? {
        guard let candidates = candidates(name, bases), let first = candidates.first else { return nil }
        for file in candidates {
            if case .loaded(let document)? = entry(for: file, at: name.place) { return (file, document) }
        }
        if case .failed(let failure)? = entry(for: first, at: name.place) { report(failure, of: first, at: name.place) }
        return nil
    }

    private func candidates(_ name: SyntaxScalar, _ bases: [TemplatePath.File]) -> [TemplatePath.File]? {
        let text = name.string
        guard !text.contains("$(") else {
            log.error(
                "template.macro",
                "The name of a template cannot hold a macro: '\(text)'",
                at: name.place,
                advice:
                    "Templates are loaded before macros have values; use ${{ parameters.name }} or ${{ variables.name }}."
            )
            return nil
        }
        var candidates: [TemplatePath.File] = []
        for base in bases {
            do throws(TemplatePath.Fault) {
                let file = try TemplatePath(text).resolved(in: base)
                if !candidates.contains(file) { candidates.append(file) }
            } catch {
                report(error, text, at: name.place)
                return nil
            }
        }
        return candidates
    }

    private func entry(for file: TemplatePath.File, at place: SyntaxPlace) -> Entry? {
        if let entry = entries[file] { return entry }
        guard let repository = repositories[foldedName(file.alias)] else {
            reportUndeclared(file.alias, at: place)
            return nil
        }
        guard used.count < limits.files else {
            log.error(
                "template.too-many-files",
                "Maximum file count exceeded: a run may use \(limits.files) files",
                at: place,
                advice: "Join small templates into larger ones."
            )
            return nil
        }
        guard meter.isWithinLimit else {
            log.error(
                "template.too-much-memory",
                "Maximum memory exceeded: the files of a run may need \(byteText(limits.memory))",
                at: place,
                advice: "Move generated data out of the pipeline, or raise the limit."
            )
            return nil
        }
        let entry: Entry
        switch loader.load(path: file.path, repository: repository) {
        case .success(let bytes): entry = .loaded(parse(bytes, as: file, at: place))
        case .failure(let failure): entry = .failed(failure)
        }
        entries[file] = entry
        return entry
    }

    private func parse(_ bytes: [UInt8], as file: TemplatePath.File, at place: SyntaxPlace) -> YAMLDocument {
        let document = YAMLDocument(name: file.name, bytes: bytes, limits: limits.yaml)
        let site = IncludeSite(place: place)
        meter.add(document)
        for diagnostic in document.diagnostics { log.add(diagnostic, site: site) }
        checkExpressions(of: document, site: site)
        note(document, as: file)
        return document
    }

    /// Reports expressions that cannot be read, those in branches that are never taken too.
    func checkExpressions(of document: YAMLDocument, site: IncludeSite?) {
        guard case .mapping(let root)? = document.root else { return }
        for pair in root.pairs {
            if Shape.root.child(pair.key.text) == .literal {
                forbidExpressions(in: pair.value, site: site)
                continue
            }
            let faults =
                TemplateText.faults(in: .scalar(pair.key), cache: cache)
                + TemplateText.faults(in: pair.value, cache: cache)
            for fault in faults { log.add(fault, site: site) }
            if pair.key.text == "resources" { forbidInResources(pair.value, site: site) }
        }
    }

    func forbidExpressions(in node: SyntaxNode, site: IncludeSite?) {
        switch node {
        case .scalar(let scalar):
            guard scalar.mayHoldExpression else { return }
            let diagnostic = Diagnostic.error(
                "template.forbidden",
                "A template expression is not allowed in this context",
                at: scalar.place.span,
                advice: "This part of the file is read before a run exists; write the value itself."
            )
            log.add(diagnostic, site: site)
        case .sequence(let sequence): for item in sequence.items { forbidExpressions(in: item, site: site) }
        case .mapping(let mapping):
            for pair in mapping.pairs {
                forbidExpressions(in: .scalar(pair.key), site: site)
                forbidExpressions(in: pair.value, site: site)
            }
        case .unknown: break
        }
    }

    // MARK: Problems

    private func report(_ fault: TemplatePath.Fault, _ text: String, at place: SyntaxPlace) {
        switch fault {
        case .empty:
            log.error(
                "template.path",
                "The name of the template is empty",
                at: place,
                advice: "Write the path of a file."
            )
        case .outside:
            log.error(
                "template.path",
                "The path '\(text)' leads out of the repository",
                at: place,
                advice: "A path that begins with '/' is relative to the root of the repository."
            )
        }
    }

    private func report(_ failure: TemplateLoadFailure, of file: TemplatePath.File, at place: SyntaxPlace) {
        let repository = repositories[foldedName(file.alias)]
        let advice = repository.flatMap { loader.advice(on: failure, of: $0) }
        let name = repository.map { $0.name.isEmpty ? $0.alias : $0.name } ?? file.alias
        switch failure {
        case .notFound:
            let branch = repository.map { $0.ref.isEmpty ? "" : " branch \($0.ref)" } ?? ""
            log.error(
                "template.not-found",
                "File \(file.absolutePath) not found in repository \(name)\(branch).",
                at: place,
                advice: advice ?? "A path without a leading '/' is relative to the folder of the file it stands in."
            )
        case .repositoryUnavailable(let reason):
            log.error(
                "template.repository-unavailable",
                "File \(file.absolutePath) cannot be read from repository \(name): \(reason)",
                at: place,
                advice: advice
            )
        case .unreadable(let reason):
            log.error(
                "template.unreadable",
                "File \(file.absolutePath) of repository \(name) cannot be used: \(reason)",
                at: place,
                advice: advice
            )
        }
    }

    private func reportUndeclared(_ alias: String, at place: SyntaxPlace) {
        let known = repositories.values.map(\.alias).sorted()
        let near = nearName(alias, among: known).map { "Did you mean '\($0)'?" }
        log.error(
            "template.unknown-repository",
            "The repository '\(alias)' is not declared",
            at: place,
            advice: near ?? "Declare it under 'resources: repositories:' of the root file."
        )
    }
}
