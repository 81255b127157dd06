import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Templates of images that the server builds", .timeLimit(.minutes(5)))
struct ManagedImageTests {
    /// A server with an agent, a gallery with the definitions `base` and `agent`, and a version 1.0.0 of the base.
    private struct Ground: Sendable {
        let cluster: TestCluster

        var folder: String { cluster.folder.path }

        func roost(_ words: [String]) async throws -> (code: Int32, output: String) {
            let environment = [
                "ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1",
                "XDG_CACHE_HOME": "\(folder)/.cache",
            ]
            return try await ChildProgram("roost", words, environment: environment, folder: folder).finished()
        }

        @discardableResult
        func done(_ words: String) async throws -> String {
            let (code, output) = try await roost(words.split(separator: " ").map(String.init))
            #expect(code == 0, "\(words): \(output)")
            return output
        }

        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }

        func publishBase(_ version: String) async throws {
            try await done("image-version create agents base \(version) \(folder)/base-files")
        }

        /// An Image Builder template over the newest base.
        func template(_ steps: [String], distribute: String = Self.published, validate: String = "") -> String {
            let group = "/subscriptions/<subscriptionID>/resourceGroups/<rgName>/providers/Microsoft.Compute"
            let source = "\(group)/galleries/agents/images/base/versions/latest"
            let lines = steps.map { #"{"type": "Shell", "name": "\#($0.prefix { $0 != " " })", "inline": ["\#($0)"]}"# }
            return """
                {"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "location": "local",
                 "identity": {"type": "None"},
                 "properties": {"source": {"type": "SharedImageVersion", "imageVersionId": "\(source)"},
                 "customize": [\(lines.joined(separator: ", "))]\(validate),
                 "distribute": [\(distribute.replacing("GROUP", with: group))]}}
                """
        }

        static let published = """
            {"type": "SharedImage", "runOutputName": "agent", "galleryImageId": "GROUP/galleries/agents/images/agent",
             "targetRegions": [{"name": "local"}], "versioning": {"scheme": "Latest", "major": 1}}
            """

        func create(_ text: String, _ flags: String = "") async throws {
            try write("t.json", text)
            let values = "--parameter subscriptionID=s --parameter rgName=images"
            try await done("image-template create t --file t.json \(values) \(flags)")
        }

        /// Waits for the end of the newest build, and until the server has kept what became of it.
        func ended() async throws -> ImageRunStatusWire {
            let run = try #require(try await cluster.client.imageTemplate("t").lastRunId)
            _ = try await cluster.finished(RunID(run))
            return try await cluster.client.imageTemplateStatus("t")
        }

        func versions() async throws -> [String] {
            try await cluster.client.imageVersions(gallery: "agents", definition: "agent").compactMap(\.name)
        }
    }

    private static func with(_ body: @Sendable @escaping (Ground) async throws -> Void) async throws {
        try await TestCluster.with { cluster in
            let ground = Ground(cluster: cluster)
            try BusyboxTree.make("\(ground.folder)/base")
            try FileManager.default.createDirectory(
                atPath: "\(ground.folder)/base-files",
                withIntermediateDirectories: true
            )
            let (code, _) = try ShortCommand.run(
                ["tar", "-C", "\(ground.folder)/base", "-cf", "\(ground.folder)/base-files/rootfs.tar", "."]
            )
            #expect(code == 0)
            try await ground.done("gallery create agents")
            for name in ["base", "agent"] {
                let kind = "--publisher contoso --offer agents --sku \(name) --os-type linux"
                try await ground.done("image-definition create agents \(name) \(kind)")
            }
            try await ground.publishBase("1.0.0")
            try await cluster.withRealAgent { try await body(ground) }
            // What was made in a sandbox may belong to others.
            _ = try ShortCommand.run(["rm", "-rf", "\(ground.folder)/agent-local"])
        }
    }

    @Test(
        "a template is built by a job, published, shown layer by layer, and not built twice at once",
        .enabled(if: BusyboxTree.program != nil)
    )
    func built() async throws {
        try await Self.with { ground in
            try await ground.create(ground.template(["echo 1 > /one", "echo 2 > /two"]))
            let made = try await ground.cluster.client.imageTemplate("t")
            #expect(made.source == .init(gallery: "agents", definition: "base", version: "latest"))
            #expect(made.distributesTo == ["/galleries/agents/images/agent"])
            _ = try await ground.cluster.client.runImageTemplate("t")
            let conflict = try await ground.roost(["image-template", "run", "t"])
            #expect(conflict.code == 1 && conflict.output.contains("is being built by run"), "\(conflict.output)")

            let status = try await ground.ended()
            let run = try #require(status.runId)
            let log = try await ground.cluster.output(of: RunID(run))
            #expect(status.runState == "Succeeded", "\(log)")
            #expect(status.steps?.map(\.title) == ["1. shell echo", "2. shell echo"])
            #expect(status.steps?.map(\.reused) == [false, false])
            #expect(try await ground.versions() == ["1.0.1"])
            let outputs = try await ground.cluster.client.imageTemplateOutputs("t")
            #expect(outputs.map(\.name) == ["agent"])
            #expect(outputs.first?.properties.artifactId == "/galleries/agents/images/agent/versions/1.0.1")
            let version = try await ground.cluster.client.imageVersion("1.0.1", gallery: "agents", definition: "agent")
            #expect(version.properties?.provenance?.source == "/galleries/agents/images/base/versions/1.0.0")
            #expect(version.properties?.provenance?.run == run)
            #expect(version.properties?.provenance?.templateCommit == made.commit)

            _ = try await ground.cluster.client.runImageTemplate("t")
            let second = try await ground.ended()
            #expect(second.runState == "Succeeded" && second.steps?.map(\.reused) == [true, true])
            #expect(try await ground.versions() == ["1.0.1", "1.0.2"])
        }
    }

    @Test(
        "a template of packer is recorded by its job's token, with the run and the commit",
        .enabled(if: BusyboxTree.program != nil)
    )
    func recorded() async throws {
        try await Self.with { ground in
            let template = """
                source "file" "f" {
                  content = "hello"
                  target  = "hello.img"
                }
                build {
                  sources = ["file.f"]
                  post-processor "roost-gallery" {
                    gallery_name = "agents"
                    image_name   = "agent"
                  }
                }

                """
            try ground.write("t.pkr.hcl", template)
            try await ground.done("image-template create t --file t.pkr.hcl")
            let made = try await ground.cluster.client.imageTemplate("t")
            #expect(made.distributesTo == ["/galleries/agents/images/agent"])
            _ = try await ground.cluster.client.runImageTemplate("t")
            let status = try await ground.ended()
            let run = try #require(status.runId)
            let log = try await ground.cluster.output(of: RunID(run))
            #expect(status.runState == "Succeeded", "\(log)")
            #expect(try await ground.versions() == ["0.0.1"])
            let version = try await ground.cluster.client.imageVersion("0.0.1", gallery: "agents", definition: "agent")
            let provenance = try #require(version.properties?.provenance)
            #expect(provenance.run == run && provenance.templateCommit == made.commit)
            #expect(provenance.artifact?.builderType == "file")
            let outputs = try await ground.cluster.client.imageTemplateOutputs("t")
            #expect(outputs.contains { $0.properties.artifactId == "/galleries/agents/images/agent/versions/0.0.1" })
        }
    }

    @Test(
        "a failed step and a failed output are told with their reasons, and a build can be cancelled",
        .enabled(if: BusyboxTree.program != nil)
    )
    func ends() async throws {
        try await Self.with { ground in
            try await ground.create(ground.template(["echo 1 > /one", "echo no such tool >&2; exit 7"]))
            _ = try await ground.cluster.client.runImageTemplate("t")
            let failed = try await ground.ended()
            #expect(failed.runState == "Failed" && failed.runSubState == "Customizing")
            #expect(failed.message?.hasPrefix("2. shell echo: Script exited with non-zero exit status: 7") == true)
            #expect(try await ground.done("image-template log t").contains("no such tool"))
            #expect(try await ground.versions().isEmpty)
            try await ground.done("image-template delete t")

            // Where the second output is to be stored there is a file already.
            try ground.write("second.tar.zst", "in the way")
            let file = """
                {"type": "ManagedImage", "runOutputName": "second", "location": "local", "imageId": "GROUP/images/second"}
                """
            let text = ground.template(["echo 1 > /one"], distribute: "\(Ground.published), \(file)")
            try await ground.create(text, "--include second.tar.zst")
            _ = try await ground.cluster.client.runImageTemplate("t")
            let partial = try await ground.ended()
            #expect(partial.runState == "PartiallySucceeded", "\(partial.message ?? "")")
            let made = try await ground.cluster.client.imageTemplateOutputs("t")
            #expect(made.map(\.properties.provisioningState) == ["Succeeded", "Failed"])
            try await ground.done("image-template delete t")

            try await ground.create(ground.template(["echo begun; sleep 600"]))
            let begun = try await ground.cluster.client.runImageTemplate("t")
            let run = RunID(try #require(begun.lastRunId))
            try await ground.cluster.until(run) { view in
                view.records.contains { $0.kind == .imageStep && $0.state == .inProgress }
            }
            #expect(try await ground.cluster.client.imageTemplateStatus("t").runSubState == "Customizing")
            try await ground.done("image-template cancel t")
            let canceled = try await ground.ended()
            #expect(canceled.runState == "Canceled")
            let again = try await ground.roost(["image-template", "cancel", "t"])
            #expect(again.code == 1 && again.output.contains("is not being built"))
        }
    }

    @Test(
        "a newer version of the image it begins with builds a template, once, with the reason",
        .enabled(if: BusyboxTree.program != nil)
    )
    func triggered() async throws {
        try await Self.with { ground in
            try await ground.create(ground.template(["echo 1 > /one"]))
            try await ground.done("image-template trigger create t newer-base")
            let runs = ground.cluster.plane.recentRunEvents()
            try await ground.publishBase("1.0.1")
            for await run in runs where run.state.isCompleted { break }
            let template = try await ground.cluster.client.imageTemplate("t")
            let message = template.trigger?.properties?.status?.message ?? ""
            #expect(message.contains("is 1.0.1, it was 1.0.0"), "\(message)")
            #expect(try await ground.ended().runState == "Succeeded")
            let version = try await ground.cluster.client.imageVersion("1.0.1", gallery: "agents", definition: "agent")
            #expect(version.properties?.provenance?.source == "/galleries/agents/images/base/versions/1.0.1")
        }
    }

    @Test(
        "the token of a job reaches only what the template that it builds names, and no other pipeline's job reaches anything"
    )
    func reach() async throws {
        try await Self.with { ground in
            let roost = "\(ChildProgram.buildFolder)/roost"
            let refused = [
                "image-version list agents base", "image-version create agents base 9.0.0 t.pkr.hcl", "gallery list",
                "image-template list", "image-version delete agents agent 1.0.0",
                "image-definition delete agents agent",
            ]
            let commands =
                ["\(roost) image-version list agents agent"]
                + refused.map { "if \(roost) \($0); then echo reached; exit 3; fi" }
            let text = """
                source "file" "note" {
                  content = "note"
                  target  = "note.txt"
                }
                build {
                  sources = ["source.file.note"]
                  provisioner "shell-local" { inline = [\(commands.map { "\"\($0)\"" }.joined(separator: ", "))] }
                }
                """
            var draft = ImageTemplateWire()
            draft.form = "Packer"
            draft.main = "t.pkr.hcl"
            draft.files = [.init(path: "t.pkr.hcl", content: Data(text.utf8))]
            draft.distributesTo = ["/galleries/agents/images/agent"]
            _ = try await ground.cluster.client.createImageTemplate("t", draft)
            _ = try await ground.cluster.client.runImageTemplate("t")
            let status = try await ground.ended()
            let log = try await ground.cluster.output(of: RunID(try #require(status.runId)))
            #expect(status.runState == "Succeeded", "\(log)")
            #expect(log.contains("does not reach /galleries/agents/images/base"), "\(log)")

            // The same pipeline, begun as a pipeline, builds no template.
            let template = try await ground.cluster.client.imageTemplate("t")
            let pipeline = PipelineID(try #require(template.pipelineId))
            let run = try await ground.cluster.plane.queueRun(RunRequest(pipeline: pipeline), by: .system)
            #expect(try await ground.cluster.finished(run.id).run.state.result == .failed)
            #expect(
                try await ground.cluster.output(of: run.id).contains("does not reach /galleries/agents/images/agent")
            )
        }
    }
}
