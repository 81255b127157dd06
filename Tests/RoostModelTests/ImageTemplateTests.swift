import FoundationEssentials
import RoostModel
import Testing

@Suite("Templates of images")
struct ImageTemplateTests {
    private static let now = Date(timeIntervalSince1970: 1_000_000)

    private func template(
        _ name: String,
        seen: ImageVersionNumber?,
        hasTrigger: Bool = true,
        isRunning: Bool = false
    ) -> ManagedImageTemplate {
        var template = ManagedImageTemplate(
            name: name,
            form: .imageBuilder,
            project: ProjectID(UUID()),
            pipeline: PipelineID(1),
            folder: "f",
            pool: "Default",
            main: "t.json",
            files: ["t.json"],
            commit: "c",
            source: ImageTemplateSource(gallery: "g", definition: "d", version: "latest"),
            createdAt: Self.now,
            createdBy: "me"
        )
        if hasTrigger { template.trigger = ImageTemplateTrigger(name: "new", seen: seen, message: "", time: Self.now) }
        if isRunning { template.lastRun = ImageTemplateRun(id: RunID(1)) }
        return template
    }

    @Test("a trigger builds for a higher version only, never while a build runs, and says what moved")
    func triggers() {
        let low = ImageVersionNumber(1, 0, 2)
        let templates = [
            template("older", seen: low), template("same", seen: ImageVersionNumber(1, 0, 10)),
            template("above", seen: ImageVersionNumber(2, 0, 0)), template("never", seen: nil),
            template("without", seen: low, hasTrigger: false), template("busy", seen: low, isRunning: true),
        ]
        let decisions = planImageTriggers(templates) { _ in ImageVersionNumber(1, 0, 10) }
        #expect(decisions.map(\.template) == ["never", "older"])
        #expect(
            decisions.last?.reason == "the version 'latest' of /galleries/g/images/d is 1.0.10, it was 1.0.2"
        )
        #expect(planImageTriggers(templates) { _ in nil }.isEmpty)
    }

    @Test("of a template of Image Builder tags, identity, distribute and vmProfile may differ, and nothing else")
    func fixed() throws {
        func document(_ text: String) throws -> ImageTemplateDocument {
            try #require(ImageTemplateDocument(Data(text.utf8)))
        }
        let old = try document(
            #"{"location": "w", "tags": {"a": "1"}, "properties": {"source": {"sku": 1}, "customize": [1], "distribute": []}}"#
        )
        let fine = try document(
            #"{"location": "w", "properties": {"source": {"sku": 1}, "customize": [1], "distribute": [2], "vmProfile": {}}}"#
        )
        #expect(fine.fixedDifferences(from: old).isEmpty)
        let other = try document(
            #"{"location": "e", "properties": {"source": {"sku": 2}, "customize": [1], "validate": {}, "distribute": []}}"#
        )
        #expect(other.fixedDifferences(from: old) == ["location", "properties.source", "properties.validate"])
        #expect(ImageTemplateDocument(Data("[1]".utf8)) == nil && ImageTemplateDocument(Data("{".utf8)) == nil)
    }

    @Test(
        "names are Azure's, and nothing that could be taken for a path or a flag",
        arguments: [
            ("a", true), ("9-_.Z", true), ("", false), ("-a", false), (".", false), ("a/b", false), ("ä", false),
        ]
    )
    func names(name: String, isFine: Bool) {
        #expect(ManagedImageTemplate.isName(name) == isFine)
    }
}
