import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline

/// Expansion and checking of pipelines, in this process.
enum LanguageBench {
    /// Measures real pipelines when there are some, and a large set of templates that is made for it.
    static func run(corpus: String?) throws -> [Measurement] {
        var results: [Measurement] = []
        if let corpus { results += try realPipelines(corpus) }
        results += largeSet()
        return results
    }

    // MARK: Real pipelines

    private struct Root {
        let folder: String
        let path: String
        let text: [UInt8]
    }

    private static let turns = 15

    private static func realPipelines(_ corpus: String) throws -> [Measurement] {
        let roots = try roots(corpus)
        for root in roots { _ = compile(root) }
        let medians = roots.map { root in Statistics.median((0..<turns).map { _ in milliseconds { _ = compile(root) } })
        }
        let whole = (0..<5).map { _ in milliseconds { for root in roots { _ = compile(root) } } }
        return [
            Measurement(
                name: "expand a real pipeline, median of \(roots.count)",
                value: Statistics.median(medians),
                unit: "ms",
                budget: 5
            ),
            Measurement(name: "the same, 95th percentile", value: Statistics.percentile(medians, 0.95), unit: "ms"),
            Measurement(name: "the same, all of them", value: Statistics.median(whole) / 1000, unit: "s", budget: 2),
        ]
    }

    /// The root files the corpus' index names.
    private static func roots(_ corpus: String) throws -> [Root] {
        let index = try String(contentsOfFile: "\(corpus)/INDEX.tsv", encoding: .utf8)
        return index.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count > 2 else { return nil }
            let folder = "\(corpus)/\(fields[0].replacingOccurrences(of: "/", with: "__"))"
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(fields[2])") else { return nil }
            return Root(folder: folder, path: fields[2], text: [UInt8](data))
        }
    }

    /// Reads the templates from their files each time, as a server with a cold cache does.
    private static func compile(_ root: Root) -> CompiledPipeline {
        PipelineCompiler(loader: FolderTemplateLoader(folder: root.folder)).compile(path: root.path, text: root.text)
    }

    // MARK: A large set

    /// A root and 99 templates that make 5,000 jobs, each of two steps with expressions.
    static func files() -> [String: String] {
        var files: [String: String] = ["azure-pipelines.yml": "stages:\n"]
        for stage in 0..<20 {
            files["azure-pipelines.yml"]? += """
                - stage: S\(stage)
                  jobs:
                  - template: jobs/list\(stage).yml
                    parameters: { count: [\((0..<50).map { "n\($0)" }.joined(separator: ", "))] }

                """
            let calls = (0..<5).map { part in
                "  - template: job\((stage * 4 + part) % 79).yml\n    parameters: { name: 'p\(part)_${{ n }}', index: \(part) }\n"
            }
            files["jobs/list\(stage).yml"] =
                "parameters:\n- name: count\n  type: object\njobs:\n- ${{ each n in parameters.count }}:\n"
                + calls.joined()
        }
        for job in 0..<79 {
            files["jobs/job\(job).yml"] = """
                parameters:
                - name: name
                  type: string
                - name: index
                  type: number
                  default: 0
                jobs:
                - job: ${{ replace(parameters.name, '-', '_') }}
                  displayName: ${{ format('Job {0} of file \(job)', parameters.name) }}
                  variables:
                    index: ${{ parameters.index }}
                  steps:
                  - checkout: none
                  - ${{ if ne(parameters.index, 9) }}:
                    - script: echo ${{ parameters.name }} $(index)
                      displayName: ${{ upper(parameters.name) }}
                  - ${{ else }}:
                    - script: never
                  - bash: make -j ${{ parameters.index }}
                    condition: and(succeeded(), ne(variables['index'], '${{ parameters.index }}'))

                """
        }
        return files
    }

    private static func largeSet() -> [Measurement] {
        let files = files()
        let compiler = PipelineCompiler(loader: MemoryTemplateLoader(files))
        let text = files["azure-pipelines.yml"] ?? ""
        let peak = PeakMemory()
        var jobs = 0
        let time = milliseconds {
            let result = compiler.compile(path: "azure-pipelines.yml", text: text)
            jobs = result.plan?.stages.reduce(0) { $0 + $1.jobs.count } ?? 0
        }
        return [
            Measurement(name: "expand \(files.count) files to \(jobs) jobs", value: time, unit: "ms"),
            Measurement(name: "memory for it at most", value: peak.growth, unit: "MB"),
        ]
    }

    // MARK: Measuring

    private static func milliseconds(_ body: () -> Void) -> Double {
        let time = ContinuousClock().measure(body)
        return Double(time.components.seconds) * 1000 + Double(time.components.attoseconds) / 1e15
    }
}
