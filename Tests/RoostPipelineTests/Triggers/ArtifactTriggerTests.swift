import RoostLanguage
import RoostModel
import RoostPipeline
import Testing

@Suite("Which images, packages and messages begin runs")
struct ArtifactTriggerTests {
    private static func triggers(_ resources: String) -> (triggers: PipelineTriggers, diagnostics: [Diagnostic]) {
        let text = "trigger: none\nresources:\n\(resources)\nsteps:\n- script: echo\n"
        let read = PipelineCompiler.triggers(path: "a.yml", text: text)
        return (read.triggers, read.diagnostics)
    }

    private static func snapshot(_ triggers: PipelineTriggers, on: Bool = true) -> TriggerSnapshot {
        TriggerSnapshot(settings: TriggerSettings(resources: on), triggers: triggers)
    }

    // MARK: Messages

    private static let payload = """
        {"action": "released", "count": 3, "draft": false, "none": null, "Repo": {"full name": "team/app"},
         "labels": [{"name": "bug"}, {"name": "urgent"}]}
        """

    @Test(
        "each filter of a webhook is a place in the message and what must stand there",
        arguments: [
            ("action", "released", .queue(.payloadFits(filters: 1))),
            ("$.action", "released", .queue(.payloadFits(filters: 1))),
            ("action", "Released", .skip(.payloadDiffers(path: "action", wanted: "Released", found: "released"))),
            ("count", "3", .queue(.payloadFits(filters: 1))),
            ("draft", "False", .queue(.payloadFits(filters: 1))),
            ("none", "null", .queue(.payloadFits(filters: 1))),
            ("repo['full name']", "team/app", .queue(.payloadFits(filters: 1))),
            ("labels[1].name", "urgent", .queue(.payloadFits(filters: 1))),
            ("labels[*].name", "urgent", .queue(.payloadFits(filters: 1))),
            ("labels[*].name", "late", .skip(.payloadDiffers(path: "labels[*].name", wanted: "late", found: "bug"))),
            ("labels[2].name", "urgent", .skip(.payloadLacks(path: "labels[2].name", wanted: "urgent"))),
            ("action.more", "x", .skip(.payloadLacks(path: "action.more", wanted: "x"))),
            ("labels", "bug", .skip(.payloadDiffers(path: "labels", wanted: "bug", found: "Array"))),
        ] as [(String, String, TriggerVerdict)]
    )
    func filters(path: String, value: String, verdict: TriggerVerdict) throws {
        let filter = WebhookFilter(path: try #require(PayloadPath(path)), value: value)
        let webhook = WebhookResource(alias: "hook", connection: "c", filters: [filter])
        let found = planWebhook(try Value(json: Self.payload), webhook, Self.snapshot(PipelineTriggers()))
        #expect(found == verdict)
    }

    @Test("what is no path is none", arguments: ["", "$", "a..b", "a[", "a[x]", "a['b", "a[-1]", "a[?(@.b)]", "a b]"])
    func noPath(text: String) { #expect(PayloadPath(text) == nil) }

    @Test("a filter that is no path is an error, and the webhook begins nothing")
    func badFilter() {
        let read = Self.triggers(
            "  webhooks:\n  - webhook: hook\n    connection: c\n    filters:\n    - path: 'a[?(@.b)]'\n      value: x"
        )
        #expect(read.triggers.webhooks.isEmpty)
        let errors = read.diagnostics.filter(\.isError).map(\.description)
        #expect(errors.count == 1 && errors[0].contains("a.yml:7:13"), "\(errors)")
    }

    @Test("resources that are turned off by the pipeline's settings begin nothing")
    func off() throws {
        let webhook = WebhookResource(alias: "hook", connection: "c")
        let off = Self.snapshot(PipelineTriggers(), on: false)
        #expect(planWebhook(.null, webhook, off) == .skip(.disabledBySettings("resources")))
        let package = PackageEvent(type: "npm", owner: "o", repository: "r", name: "n", version: "1")
        #expect(planPackage(package, off) == .skip(.disabledBySettings("resources")))
    }

    // MARK: Images

    @Test(
        "an image is known by its registry and repository, however the file writes them",
        arguments: [
            ("image: ubuntu", "docker.io", "library/ubuntu", true),
            ("image: ubuntu:24.04", "index.docker.io", "library/ubuntu", true),
            ("image: team/app:1", "docker.io", "team/app", true),
            ("image: team/app", "registry.example.org", "team/app", false),
            ("image: registry.example.org:5000/Team/app:1@sha256:0a", "registry.example.org:5000", "team/app", true),
            ("image: localhost/app", "localhost", "app", true),
            ("image: registry.example.org/app", "", "app", true),
            ("image: registry.example.org/app", "registry.example.org", "app2", false),
            (
                "{type: ACR, azureSubscription: s, resourceGroup: g, registry: corp, repository: app}",
                "corp.azurecr.io", "app", true
            ),
            (
                "{type: ACR, azureSubscription: s, resourceGroup: g, registry: corp, repository: app}",
                "other.azurecr.io", "app", false
            ),
        ]
    )
    func images(text: String, registry: String, repository: String, fits: Bool) throws {
        let body = text.hasPrefix("{") ? "\(text.dropFirst().dropLast())" : text
        let read = Self.triggers("  containers:\n  - {container: c, \(body), trigger: true}")
        let resource = try #require(read.triggers.containers.first)
        #expect(resource.isOf(ImageEvent(registry: registry, repository: repository, tag: "1")) == fits)
    }

    @Test(
        "tags of a container's trigger are those that begin runs",
        arguments: [
            ("true", "1", .queue(.imagePushed(tag: "1"))),
            ("{enabled: true}", nil, .queue(.imagePushed(tag: "sha256:0a"))),
            ("[main, 'v*']", "v2", .queue(.tagIncluded(pattern: "v*"))),
            ("{tags: ['v*']}", "w", .skip(.tagNotIncluded)),
            ("{tags: {include: ['v*'], exclude: [v1]}}", "v1", .skip(.tagExcluded(pattern: "v1"))),
            ("{tags: ['v*']}", nil, .skip(.imageWithoutTag)),
        ] as [(String, String?, TriggerVerdict)]
    )
    func tags(trigger: String, tag: String?, verdict: TriggerVerdict) throws {
        let read = Self.triggers("  containers:\n  - {container: c, image: app, trigger: \(trigger)}")
        let resource = try #require(read.triggers.containers.first)
        let image = ImageEvent(registry: "", repository: "app", tag: tag, digest: "sha256:0a")
        #expect(planImage(image, resource, Self.snapshot(read.triggers)) == verdict)
    }

    @Test(
        "a container without a trigger, or with none, begins nothing",
        arguments: ["", ", trigger: none", ", trigger: {enabled: false}"]
    )
    func noTrigger(trigger: String) {
        #expect(Self.triggers("  containers:\n  - {container: c, image: app\(trigger)}").triggers.containers.isEmpty)
    }

    @Test("a trigger whose image has an expression is warned of, because nobody could know it")
    func expression() {
        let read = Self.triggers("  containers:\n  - {container: c, image: '${{ variables.x }}', trigger: true}")
        #expect(read.triggers.containers.isEmpty)
        #expect(read.diagnostics.map(\.code) == ["trigger.not-literal"])
    }

    @Test("builds of another system begin no runs, which lint says")
    func builds() {
        let text = """
            resources:
              builds:
              - build: other
                type: Jenkins
                connection: c
                source: s
                trigger: true
            steps:
            - script: echo
            """
        let compiled = PipelineCompiler(loader: MemoryTemplateLoader()).compile(path: "a.yml", text: text)
        #expect(compiled.limitations.map(\.code) == ["resource.trigger-unsupported"])
    }

    // MARK: Packages

    @Test(
        "a package is known by its owner or its repository",
        arguments: [
            ("npm", "team/lib", true), ("NPM", "Team/Lib", true), ("npm", "app/lib", true), ("npm", "lib", true),
            ("npm", "other/lib", false), ("nuget", "team/lib", false), ("npm", "team/lib2", false),
        ]
    )
    func packages(type: String, name: String, fits: Bool) {
        let event = PackageEvent(type: "npm", owner: "team", repository: "app", name: "lib", version: "1.0.0")
        #expect(PackageResource(alias: "p", type: type, name: name).isOf(event) == fits)
    }
}
