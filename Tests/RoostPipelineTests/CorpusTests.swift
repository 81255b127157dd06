import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline
import Testing

@Suite("Real pipelines", .enabled(if: Corpus.folder != nil, "\(Corpus.absence)"))
struct CorpusTests {
    /// Roots that the service would refuse too, and why.
    static let refused = [
        "NuGet/NuGet.Client/eng/pipelines/ci.yml":
            "it uses the parameter RunEndToEndTests, which it does not declare, and hands DartLabEnvironment to a template without it"
    ]

    @Test("a pipeline whose templates are all here compiles without errors", arguments: Corpus.entries)
    func compiles(_ entry: Corpus.Entry) throws {
        let result = try entry.compile(entry.requestWithRequiredParameters())
        let errors = result.diagnostics.filter(\.isError)
        let isRefused = Self.refused["\(entry.repository)/\(entry.root)"] != nil
        if entry.isSelfContained {
            #expect(errors.isEmpty == !isRefused, "\(errors.map(\.description).joined(separator: "\n"))")
        } else {
            #expect(!errors.isEmpty)
            #expect(
                errors.allSatisfy { $0.code == "template.repository-unavailable" },
                "\(errors.map(\.description).joined(separator: "\n"))"
            )
        }
        #expect(errors.allSatisfy { $0.span != nil })
    }

    @Test("stages, jobs and steps are those the index counts", arguments: Corpus.entries)
    func facts(_ entry: Corpus.Entry) throws {
        let result = try entry.compile(entry.requestWithRequiredParameters())
        guard let plan = result.plan, !entry.isPartlyUnknown else { return }
        let jobs = plan.stages.flatMap(\.jobs)
        #expect(entry.facts["stages"].map { $0 == String(plan.stages.count) } ?? true)
        #expect(entry.facts["jobs"].map { $0 == String(jobs.count) } ?? true)
        #expect(entry.facts["job_instances"].map { $0 == String(jobs.map(\.copies).reduce(0, +)) } ?? true)
        // The index counts steps as they are written: those that only say what shall not happen too, the implicit checkout not.
        let written = jobs.flatMap(\.steps).count { !$0.place.isEmpty } + unplannedSteps(plan.finalYAML)
        #expect(entry.facts["steps"].map { $0 == String(written) } ?? true, "\(written)")
        #expect(entry.facts["stage_names"].map { $0 == plan.stages.map(\.name).joined(separator: ",") } ?? true)
    }

    private func unplannedSteps(_ yaml: String) -> Int {
        yaml.split(separator: "\n").count { line in
            let line = line.trimmingCharacters(in: .whitespaces)
            return line == "- checkout: none" || line == "- download: none"
        }
    }

    @Test("triggers are of the kind the index names", arguments: Corpus.entries)
    func triggers(_ entry: Corpus.Entry) throws {
        let triggers = try entry.compile().triggers
        switch entry.facts["trigger"] {
        case "absent": #expect(triggers.push == .implied)
        case "none": #expect(triggers.push == .none)
        default: #expect(triggers.push != .implied && triggers.push != .none)
        }
        switch entry.facts["pr"] {
        case "absent": #expect(triggers.pullRequest == .implied)
        case "none": #expect(triggers.pullRequest == .none)
        default: #expect(triggers.pullRequest != .implied && triggers.pullRequest != .none)
        }
        #expect(triggers.schedules.count == entry.facts["schedules"].flatMap(Int.init) ?? 0)
    }

    @Test("the expanded file comes to the same plan as the file itself", arguments: Corpus.entries)
    func finalYAML(_ entry: Corpus.Entry) throws {
        guard let plan = try entry.compile(entry.requestWithRequiredParameters()).plan else { return }
        let again = PipelineCompiler(loader: MemoryTemplateLoader()).compile(path: entry.root, text: plan.finalYAML)
        #expect(again.diagnostics.filter(\.isError) == [])
        #expect(again.plan?.withoutPlaces == plan.withoutPlaces)
    }

    @Test("the place of every text is where it stands in its file")
    func places() throws {
        let folder = try #require(Corpus.folder)
        let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
            .filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
        #expect(files.count > 200)
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(file)")))
            let document = YAMLDocument(name: file, bytes: bytes)
            #expect(document.diagnostics == [], "\(file)")
            document.root?.forEachScalar { scalar in
                let fault = scalar.misplacedText
                #expect(fault == nil, "\(scalar.place.span): \(fault ?? "")")
            }
        }
    }
}

extension Corpus.Entry {
    /// A request with a text for every parameter that has no default.
    func requestWithRequiredParameters() throws -> CompileRequest {
        let declared = try compile().parameters.filter { $0.defaultValue == nil }
        return CompileRequest(parameters: Dictionary(declared.map { ($0.name, $0.allowed?.first ?? "value") }) { $1 })
    }
}

extension PlannedJob {
    /// How many jobs it becomes, as far as that is known before the run.
    fileprivate var copies: Int {
        switch strategy {
        case .single, .computedMatrix: 1
        case .matrix(let legs, _): legs.count
        case .parallel(let count, _): count.known ?? 1
        }
    }
}
