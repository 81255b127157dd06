import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostModel
import RoostStore
import RoostTesting
import Testing

@testable import RoostServer

@Suite("The form that queues a run", .timeLimit(.minutes(6)))
struct RunFormTests {
    private static let yaml = """
        parameters:
        - { name: word, type: string, default: hi, displayName: The word }
        - { name: count, type: number }
        - { name: fast, type: boolean, default: true }
        - { name: color, type: string, default: red, values: [red, blue] }
        - name: map
          type: object
          default: { a: 1 }
        stages:
        - stage: One
          jobs:
          - job: A
            steps:
            - script: echo ${{ parameters.word }} ${{ parameters.count }} ${{ parameters.fast }} ${{ parameters.map.a }}
        - stage: Two
          jobs:
          - job: B
            steps:
            - script: echo
        """

    private static func with(_ body: @Sendable @escaping (PageBrowser, Pipeline) async throws -> Void) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with(dashboard: true) { cluster in
            let browser = try PageBrowser(cluster)
            try await body(browser, try await cluster.pipeline(repository))
        }
    }

    @Test("there is a field for each parameter by its type, in both languages")
    func fields() async throws {
        try await Self.with { browser, pipeline in
            let (status, page) = try await browser.send("/pipelines/\(pipeline.id)/run")
            #expect(status == 200)
            #expect(page.contains(#"<input type="text" id="p0" name="p.word" value="hi">"#))
            #expect(page.contains(#"inputmode="decimal" id="p1" name="p.count" value="""#))
            #expect(page.contains(#"type="checkbox" id="p2" name="p.fast" value="true" checked"#))
            #expect(page.contains(#"<option value="red" selected>red</option><option value="blue">blue</option>"#))
            #expect(page.contains(#"<textarea id="p4" name="p.map""#))
            #expect(page.contains("The word"))
            let (_, chinese) = try await browser.send("/pipelines/\(pipeline.id)/run", language: "zh")
            #expect(chinese.contains("参数"))
        }
    }

    @Test("every problem stands at its field, and what was given is still there")
    func problems() async throws {
        try await Self.with { browser, pipeline in
            let form = "branch=main&p.word=hello&p.count=many&p.fast=false&p.color=green&p.map=a%3A+5"
            let (status, page) = try await browser.send("/pipelines/\(pipeline.id)/run", form: form)
            #expect(status == 400)
            #expect(page.contains(#"name="p.word" value="hello""#))
            #expect(page.contains(#"name="p.count" value="many""#))
            #expect(page.contains("a: 5</textarea>"))
            #expect(!page.contains(#"name="p.fast" value="true" checked"#))
            let problems = page.components(separatedBy: #"<p class="issue error" role="alert">"#).count - 1
            #expect(problems == 2)
            #expect(try await browser.cluster.plane.runs(RunQuery()).isEmpty)
        }
    }

    @Test("a form that is right queues the run it describes")
    func queues() async throws {
        try await Self.with { browser, pipeline in
            let form = "branch=main&p.word=hello&p.count=3&p.fast=false&p.fast=true&p.color=blue&p.map=a%3A+5"
            let (status, _) = try await browser.send("/pipelines/\(pipeline.id)/run", form: form)
            #expect(status == 200)
            let run = try #require(try await browser.cluster.plane.runs(RunQuery()).first?.run)
            #expect(run.plan.finalYAML.contains("echo hello 3 True 5"))
            #expect(run.parameters["color"] == "blue")
        }
    }
}
