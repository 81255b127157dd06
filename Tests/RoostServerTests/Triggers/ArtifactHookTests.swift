import Foundation
import RoostModel
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Images and packages that begin runs", .timeLimit(.minutes(6)))
struct ArtifactHookTests {
    private static let yaml = [
        "azure-pipelines.yml": """
        trigger: none
        resources:
          containers:
          - container: base
            image: registry.example.org:5000/team/base:latest
            trigger: {tags: ['v*']}
          - container: corp
            type: ACR
            azureSubscription: s
            resourceGroup: g
            registry: corp
            repository: app
            trigger: true
          packages:
          - package: lib
            type: npm
            connection: github
            name: team/lib
            trigger: true
        steps:
        - script: echo
        """
    ]

    private static func with(_ body: @Sendable @escaping (TriggerGround) async throws -> Void) async throws {
        try await TriggerGround.with(yaml) { ground in
            await ground.triggers.readTriggers(of: ground.pipeline.id)
            try await body(ground)
        }
    }

    /// A notification of Distribution: the layers of an image, then the image.
    private static func distribution(tag: String, id: String = "1") -> String {
        """
        {"events": [
          {"id": "\(id)-layer", "action": "push", "target": {"mediaType": "application/octet-stream", "digest": "sha256:0b",
            "repository": "team/base"}, "request": {"host": "registry.example.org:5000"}},
          {"id": "\(id)", "timestamp": "2026-11-25T10:00:00Z", "action": "push",
           "target": {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:0a", "size": 1,
             "repository": "team/base", "url": "https://registry.example.org:5000/v2/team/base/manifests/sha256:0a",
             "tag": "\(tag)"},
           "request": {"id": "r", "host": "registry.example.org:5000", "method": "PUT"}, "actor": {"name": "ada"}}]}
        """
    }

    private func post(
        _ ground: TriggerGround,
        _ text: String,
        secret: String? = nil
    ) async throws
        -> TriggerGround.Answer
    {
        try await ground.post("registry", text, [("X-Roost-Hook-Secret", secret ?? ground.secret.exposed)])
    }

    @Test("a registry's notification begins a run that knows the image")
    func image() async throws {
        try await Self.with { ground in
            let answer = try await post(ground, Self.distribution(tag: "v2"))
            #expect(answer.outcomes == ["queued tagIncluded"], "\(answer.text)")
            let run = try #require(try await ground.runs().first)
            #expect(run.reason == .resourceTrigger)
            let variables = run.causeVariables
            #expect(variables["Resources.TriggeringCategory"] == "container")
            #expect(variables["Resources.Container.base.Tag"] == "v2")
            #expect(variables["Resources.Container.base.Digest"] == "sha256:0a")
            #expect(variables["Resources.Container.base.URI"] == "registry.example.org:5000/team/base:v2")
            #expect(variables["Build.RequestedFor"] == "ada")
            let again = try await post(ground, Self.distribution(tag: "v2"))
            #expect(again.body.status == "repeated")
            let other = try await post(ground, Self.distribution(tag: "main", id: "2"))
            #expect(other.outcomes == ["skipped tagNotIncluded"])
            #expect(try await post(ground, Self.distribution(tag: "v3", id: "3"), secret: "x").status == 401)
        }
    }

    @Test(
        "each registry's own shape is understood",
        arguments: [
            (
                #"{"id": "a", "action": "push", "target": {"mediaType": "application/vnd.docker.distribution.manifest.v2+json", "digest": "sha256:0a", "repository": "app", "tag": "v1"}, "request": {"host": "corp.azurecr.io"}}"#,
                ImageEvent(registry: "corp.azurecr.io", repository: "app", tag: "v1", digest: "sha256:0a")
            ),
            (
                #"{"push_data": {"pushed_at": 1, "pusher": "ada", "tag": "v1"}, "repository": {"repo_name": "team/app", "name": "app"}}"#,
                ImageEvent(registry: "docker.io", repository: "team/app", tag: "v1", pusher: "ada")
            ),
            (
                #"{"type": "PUSH_ARTIFACT", "operator": "ada", "event_data": {"resources": [{"digest": "sha256:0a", "tag": "v1", "resource_url": "harbor.example.org/team/app:v1"}], "repository": {"name": "app", "repo_full_name": "team/app"}}}"#,
                ImageEvent(
                    registry: "harbor.example.org",
                    repository: "team/app",
                    tag: "v1",
                    digest: "sha256:0a",
                    pusher: "ada"
                )
            ),
        ]
    )
    func shapes(text: String, image: ImageEvent) throws {
        let event = try HookHost.registry.event(Data(text.utf8)) { _ in nil }
        #expect(event.content == .images([image]))
    }

    @Test(
        "what a registry tells beside pushes begins nothing",
        arguments: [
            #"{"events": [{"id": "1", "action": "pull", "target": {"repository": "a", "tag": "b"}}]}"#,
            #"{"events": [{"id": "1", "action": "push", "target": {"repository": "a", "mediaType": "application/octet-stream"}}]}"#,
            #"{"action": "delete", "target": {"repository": "a"}}"#, #"{"type": "DELETE_ARTIFACT", "event_data": {}}"#,
            "{}",
        ]
    )
    func others(text: String) throws {
        let event = try HookHost.registry.event(Data(text.utf8)) { _ in nil }
        guard case .other = event.content else {
            Issue.record("\(event.content)")
            return
        }
    }

    private static func package(type: String = "npm", name: String = "lib", action: String = "published") -> String {
        """
        {"action": "\(action)", "registry_package": {"id": 1, "name": "\(name)", "namespace": "team",
           "ecosystem": "\(type)", "package_type": "\(type)", "owner": {"login": "team"},
           "package_version": {"id": 2, "version": "1.4.0", "container_metadata": {"tag": {"name": "v1", "digest": "sha256:0a"}}}},
         "repository": {"name": "lib", "full_name": "team/lib", "owner": {"login": "team"}}, "sender": {"login": "ada"}}
        """
    }

    @Test("a package that GitHub publishes begins a run that knows the version")
    func package() async throws {
        try await Self.with { ground in
            let answer = try await ground.hook("registry_package", Self.package())
            #expect(answer.outcomes == ["queued packagePublished"], "\(answer.text)")
            let variables = try #require(try await ground.runs().first).causeVariables
            #expect(variables["Resources.TriggeringAlias"] == "lib")
            #expect(variables["Resources.Package.lib.Version"] == "1.4.0")
            let nothing = [
                try await ground.hook("registry_package", Self.package(type: "nuget")),
                try await ground.hook("registry_package", Self.package(name: "other")),
                try await ground.hook("registry_package", Self.package(action: "deleted")),
            ]
            #expect(nothing.map(\.body.status) == ["nothing", "nothing", "nothing"])
            #expect(try await ground.runs().count == 1)
        }
    }

    @Test("an image in GitHub's registry is told as a package")
    func gitHubImage() throws {
        let text = Self.package(type: "CONTAINER", name: "app")
        let event = try HookHost.github.event(Data(text.utf8)) { $0 == "X-GitHub-Event" ? "registry_package" : nil }
        let image = ImageEvent(
            registry: "ghcr.io",
            repository: "team/app",
            tag: "v1",
            digest: "sha256:0a",
            pusher: "ada"
        )
        #expect(event.content == .images([image]))
    }
}
