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

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
