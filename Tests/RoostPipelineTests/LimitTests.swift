import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline
import Testing

@Suite("Hostile pipelines")
struct LimitTests {
    @Test("a template that includes itself ends with an error that names the chain")
    func recursion() {
        let result = compile("steps:\n- template: a.yml\n", templates: ["a.yml": "steps:\n- template: a.yml\n"])
        #expect(result.problems == ["2:13 template.too-deep"])
        #expect(result.diagnostics[0].notes.count == 6)
        #expect(result.plan == nil)
    }

    @Test("templates that include each other through deep branches do not exhaust the stack")
    func deepRecursion() {
        var body = "- template: a.yml"
        for level in (0..<45).reversed() {
            let indentation = String(repeating: "  ", count: level)
            body = "\(indentation)- ${{ if true }}:\n" + (level == 44 ? "\(indentation)  \(body)" : body)
        }
        let result = compile("steps:\n- template: a.yml\n", templates: ["a.yml": "steps:\n\(body)\n"])
        #expect(result.diagnostics.map(\.code) == ["template.too-deep"])
    }

    @Test("a value that grows a level in each template is cut off at the depth of objects")
    func growingValue() {
        let template = """
            parameters:
            - name: v
              type: object
            steps:
            - template: a.yml
              parameters:
                v:
                  a: { b: { c: { d: { e: [ [ [ [ "${{ parameters.v }}" ] ] ] ] } } } }
            """
        let result = compile("steps:\n- template: a.yml\n  parameters: { v: 1 }\n", templates: ["a.yml": template])
        #expect(result.diagnostics.map(\.code) == ["template.too-deep"])
    }

    @Test("loops in loops end at the limit of nodes")
    func loops() {
        let list = "[" + (0..<100).map(String.init).joined(separator: ",") + "]"
        let text = """
            parameters:
            - name: n
              type: object
              default: \(list)
            steps:
            - ${{ each a in parameters.n }}:
              - ${{ each b in parameters.n }}:
                - ${{ each c in parameters.n }}:
                  - ${{ each d in parameters.n }}:
                    - script: x
            """
        let result = compile(text, limits: PipelineLimits(nodes: 20_000))
        #expect(result.diagnostics.map(\.code) == ["template.too-many-nodes"])
    }

    @Test("texts that double each other end at the limit of bytes")
    func doubling() {
        var text = "variables:\n  v0: \(String(repeating: "x", count: 1000))\n"
        for n in 1...40 { text += "  v\(n): ${{ variables.v\(n - 1) }}${{ variables.v\(n - 1) }}\n" }
        let result = compile(text + "steps:\n- script: a\n", limits: PipelineLimits(expandedBytes: 1 << 20))
        #expect(result.diagnostics.map(\.code) == ["template.too-large"])
    }

    @Test("the time an expansion takes is bounded")
    func time() {
        let list = "[" + (0..<300).map(String.init).joined(separator: ",") + "]"
        let text = """
            parameters:
            - name: n
              type: object
              default: \(list)
            steps:
            - ${{ each a in parameters.n }}:
              - ${{ each b in parameters.n }}:
                - script: x
            """
        let result = compile(text, limits: PipelineLimits(time: .zero))
        #expect(result.diagnostics.map(\.code) == ["template.too-long"])
    }

    @Test("more files than allowed are refused where the first of them is named")
    func files() {
        let templates = Dictionary(uniqueKeysWithValues: (0..<10).map { ("t\($0).yml", "steps:\n- script: s\n") })
        let text = "steps:\n" + (0..<10).map { "- template: t\($0).yml\n- template: t\($0).yml\n" }.joined()
        #expect(compile(text, templates: templates).diagnostics == [])
        let result = compile(text, templates: templates, limits: PipelineLimits(files: 9))
        #expect(
            result.problems == [
                "18:13 template.too-many-files", "19:13 template.too-many-files", "20:13 template.too-many-files",
                "21:13 template.too-many-files",
            ]
        )
    }

    @Test("a stage has at most 256 jobs")
    func jobs() {
        let job = "- job:\n  steps: [ { script: a } ]\n"
        #expect(compile("jobs:\n" + String(repeating: job, count: 256)).diagnostics == [])
        let result = compile("jobs:\n" + String(repeating: job, count: 257))
        #expect(result.problems == ["1:1 pipeline.too-many-jobs"])
    }

    @Test("of very many problems the first are shown and the others counted")
    func problems() {
        let text = "steps:\n" + String(repeating: "- wrong: a\n", count: 500)
        let result = compile(text)
        #expect(result.diagnostics.count == 201)
        #expect(result.diagnostics.last?.summary == "300 more problems were found and are not shown")
        #expect(result.plan == nil)
    }

    @Test("thousands of steps, stages and names take time that grows with their number")
    func many() {
        let steps = compile("steps:\n" + String(repeating: "- script: a\n", count: 5_000))
        #expect(steps.scripts.count == 5_000)
        let stages = (0..<2_000).map { "- stage: S\($0)\n  jobs: [ { job: A, steps: [ { script: a } ] } ]\n" }.joined()
        #expect(compile("stages:\n" + stages).plan?.stages.last?.dependsOn == ["S1998"])
    }

    @Test("a hundred files that make five thousand jobs stay below every limit")
    func largeSet() {
        var files: [String: String] = [:]
        for job in 0..<79 {
            files["job\(job).yml"] = """
                parameters:
                - name: name
                  type: string
                jobs:
                - job: ${{ parameters.name }}
                  steps:
                  - script: echo ${{ upper(parameters.name) }}
                """
        }
        for stage in 0..<20 {
            let calls = (0..<5).map {
                "  - template: job\((stage * 4 + $0) % 79).yml\n    parameters: { name: 'p\($0)_${{ n }}' }\n"
            }
            files["list\(stage).yml"] =
                "parameters: [ { name: count, type: object } ]\njobs:\n- ${{ each n in parameters.count }}:\n"
                + calls.joined()
        }
        let names = (0..<50).map { "n\($0)" }.joined(separator: ", ")
        let stages = (0..<20).map {
            "- stage: S\($0)\n  jobs:\n  - template: list\($0).yml\n    parameters: { count: [\(names)] }\n"
        }
        let result = compile("stages:\n" + stages.joined(), templates: files)
        #expect(result.diagnostics == [])
        #expect(result.files.count == 100)
        #expect(result.plan?.stages.flatMap(\.jobs).count == 5_000)
    }

    @Test("memory that files and their expansion would need is bounded, with the chain of templates")
    func memory() {
        let list = "[" + (0..<500).map(String.init).joined(separator: ",") + "]"
        let template =
            "parameters: [ { name: n, type: object } ]\nsteps:\n- ${{ each a in parameters.n }}:\n  - script: x\n"
        let text = "steps:\n- template: a.yml\n  parameters: { n: \(list) }\n"
        #expect(compile(text, templates: ["a.yml": template]).diagnostics == [])
        let result = compile(text, templates: ["a.yml": template], limits: PipelineLimits(memory: 300_000))
        #expect(result.diagnostics.map(\.code) == ["template.too-much-memory"])
        #expect(result.diagnostics[0].notes.map(\.text) == ["included from here"])
        let files = compile(text, templates: ["a.yml": template], limits: PipelineLimits(memory: 50_000))
        #expect(files.diagnostics.map(\.code) == ["template.too-much-memory"])
    }

    @Test("expressions may be no longer and no deeper than is set")
    func expressions() {
        let limits = PipelineLimits(expressions: ExpressionLimits(length: 20, depth: 3))
        let text =
            "variables:\n  a: ${{ not(not(not(true))) }}\n  b: $[ eq('a', 'aaaaaaaaaaaaaaaaaaaa') ]\nsteps: [ { script: a } ]\n"
        #expect(compile(text).diagnostics == [])
        #expect(compile(text, limits: limits).problems == ["2:22 expression.too-deep", "3:9 expression.too-long"])
    }

    @Test("mutated pipelines never crash and are always answered", arguments: 0..<8)
    func mutations(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed) &+ 1)
        let pieces = [
            "${{", "}}", "'", "\"", ":", "- ", "\n", "\t", "{", "}", "[", "]", "if true", "each x in", "&a", "*a", "|",
            ">", "#", "\u{0}", "é", "  ",
        ]
        for fixture in Fixture.all {
            var bytes = [UInt8](try fixture.source())
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: place)
                default:
                    let end = min(bytes.count, place + Int.random(in: 1...30, using: &random))
                    let part = bytes[place..<end]
                    bytes.insert(contentsOf: part, at: Int.random(in: 0...bytes.count, using: &random))
                }
            }
            let result = PipelineCompiler(loader: FolderTemplateLoader(folder: Fixture.folder.path))
                .compile(path: "mutated.yml", text: bytes)
            #expect((result.plan == nil) == result.diagnostics.hasErrors)
        }
    }
}

/// A small generator whose numbers depend on its seed only.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// A state of nought would give nought for ever.
    init(seed: UInt64) { state = max(1, seed) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
