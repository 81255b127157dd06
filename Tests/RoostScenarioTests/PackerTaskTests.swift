import Foundation
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// Pipelines with a federated connection to a cloud: a scripted packer that looks at what it was given, and the real one before a double of
/// the cloud.
@Suite("Packer@1 and PackerBuild@1 with federated connections", .serialized, .timeLimit(.minutes(6)))
struct PackerTaskTests {
    private static let packer = #"""
        #!/bin/bash
        [ "$1" = validate ] && exit 0
        template=${!#}
        grep -o 'eyJ[A-Za-z0-9._-]*' "$(dirname "$template")/values.json" >> "$SEEN/tokens"
        cat "$template" >> "$SEEN/templates"
        # Long enough to be seen in the list of processes.
        sleep 0.3
        echo "17,,ui,say,==> a: signed in with $(grep -o 'eyJ[A-Za-z0-9._-]*' "$(dirname "$template")/values.json")"
        for part in builder-id,Azure id,/subscriptions/sub-1/images/m 'string,Azure:\n\nManagedImageName: m\nManagedImageId: /subscriptions/sub-1/images/m\nManagedImageSharedImageGalleryId: /g/1.0.0' end; do
          echo "17,a,artifact,0,$part"
        done
        """#

    private static let template = """
        variable "client_id" {}
        variable "tenant_id" {}
        variable "subscription_id" {}
        variable "client_secret" {
          default = ""
        }
        variable "size" {}
        source "azure-arm" "a" {
          client_id                         = var.client_id
          client_secret                     = var.client_secret
          tenant_id                         = var.tenant_id
          subscription_id                   = var.subscription_id
          vm_size                           = var.size
          os_type                           = "Linux"
          image_publisher                   = "p"
          image_offer                       = "o"
          image_sku                         = "k"
          location                          = "chinanorth3"
          managed_image_name                = "m"
          managed_image_resource_group_name = "g"
        }
        build {
          sources = ["azure-arm.a"]
        }

        """

    private static let yaml = """
        parameters:
        - { name: folder, type: string }
        - { name: path, type: string, default: "" }
        - { name: kind, type: string, default: "false" }
        - { name: proxy, type: string, default: "" }
        - { name: serviceConnection, type: string, default: cn }
        variables:
          SEEN: ${{ parameters.folder }}
          ROOST_IMAGE_PREFLIGHT: 'off'
          XDG_CACHE_HOME: ${{ parameters.folder }}/cache
          Roost.Connections.AnyKind: ${{ parameters.kind }}
          ${{ if parameters.proxy }}:
            HTTPS_PROXY: http://127.0.0.1:${{ parameters.proxy }}
            SSL_CERT_FILE: ${{ parameters.folder }}/d.pem
        steps:
        - checkout: self
        - ${{ if parameters.path }}:
          - script: echo "##vso[task.prependpath]${{ parameters.path }}"
        - task: Packer@1
          name: image
          inputs:
            connectedServiceType: azure
            connectedServiceAzure: ${{ parameters.serviceConnection }}
            templatePath: a.pkr.hcl
            command: build
            variables: size=Standard_B2s
            force: true
        - script: echo "made $(ManagedImageName) $(image.ManagedImageId) $(ManagedImageSharedImageGalleryId)"
        - task: PackerBuild@1
          condition: always()
          inputs:
            templateType: builtin
            ConnectedServiceName: ${{ parameters.serviceConnection }}
            isManagedImage: true
            managedImageName: own
            location: chinanorth3
            storageAccountName: store
            azureResourceGroup: g
            baseImageSource: default
            baseImage: Canonical:UbuntuServer:18.04-LTS:linux
            packagePath: pack
            deployScriptPath: go.sh
            imageId: ownId
        - script: echo "own $(ownId)"
        """

    private func with(
        _ body: @escaping @Sendable (TestCluster, Pipeline) async throws -> Void
    ) async throws {
        let files = ["azure-pipelines.yml": Self.yaml, "a.pkr.hcl": Self.template, "pack/go.sh": "echo go\n"]
        let repository = try ScratchRepository(files)
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let words = [
                "service-connection", "create-azure", "cn", "--kind", "federation", "--cloud", "china", "--tenant",
                "the-tenant", "--client-id", "the-client", "--subscription", "sub-1", "--all-pipelines",
            ]
            _ = try await roost(cluster, words)
            try await cluster.withRealAgent { try await body(cluster, pipeline) }
        }
    }

    private func roost(_ cluster: TestCluster, _ words: [String]) async throws -> String {
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed]
        let done = try await ChildProgram("roost", words, environment: environment, folder: cluster.folder.path)
            .finished()
        try #require(done.code == 0, "\(done.output)")
        return done.output
    }

    private func run(
        _ cluster: TestCluster,
        _ pipeline: Pipeline,
        _ parameters: [String: String]
    ) async throws -> (view: RunView, output: String) {
        let all = ["folder": cluster.folder.path].merging(parameters) { $1 }
        let run = try await cluster.plane.queueRun(RunRequest(pipeline: pipeline.id, parameters: all), by: .system)
        let view = try await cluster.finished(run.id)
        return (view, try await cluster.output(of: run.id))
    }

    @Test("images are built in a run; the token is in no argument, no environment and no log, at no time")
    func federated() async throws {
        try await with { cluster, pipeline in
            let folder = cluster.folder
            try folder.write(Self.packer, to: "packer.sh")
            let files = ["\(folder.path)/packer.sh", "\(folder.path)/bin/packer"]
            let made = try ShortCommand.run(["install", "-D", "-m", "755"] + files)
            try #require(made.code == 0)
            let watch = ProcessWatch()
            let (view, output) = try await run(cluster, pipeline, ["path": "\(folder.path)/bin"])
            let seen = await watch.finish()
            #expect(view.run.state == .completed(.succeeded), "\(output)")
            #expect(output.contains("made m /subscriptions/sub-1/images/m /g/1.0.0"), "\(output)")
            #expect(output.contains("own /subscriptions/sub-1/images/m"))
            let tokens = Set(
                try String(contentsOfFile: "\(folder.path)/tokens", encoding: .utf8).split(separator: "\n").map(
                    String.init
                )
            )
            #expect(tokens.count == 2)
            #expect(seen.count > 0)
            for token in tokens {
                #expect(token.split(separator: ".").count == 3)
                #expect(!output.contains(token))
                #expect(!seen.contains { $0.contains(token) })
            }
            let templates = try String(contentsOfFile: "\(folder.path)/templates", encoding: .utf8)
            for part in [
                "\"client_jwt\": \"{{user `secret_1`}}\"", "\"client_id\": \"the-client\"",
                "\"vm_size\": \"Standard_B2s\"",
                "\"cloud_environment_name\": \"China\"", "\"managed_image_name\": \"own\"",
                "/deployTemp/pack/go.sh",
            ] {
                #expect(templates.contains(part), "\(part) in \(templates)")
            }
            #expect(!templates.contains("client_secret"))
        }
    }

    @Test("with the compatibility variable the tasks fail as those do that know secrets only")
    func compatible() async throws {
        try await with { cluster, pipeline in
            let (view, output) = try await run(cluster, pipeline, ["kind": "true"])
            #expect(view.run.state == .completed(.failed))
            let messages = view.records.flatMap(\.issues).map(\.message).filter { $0.hasPrefix("Endpoint") }
            #expect(messages.count == 2, "\(output)")
            let id = try #require(messages.first?.split(separator: " ").last.map(String.init))
            #expect(Set(messages) == ["Endpoint auth data not present: \(id)"])
            #expect(UUID(uuidString: id) != nil)
            #expect(try await roost(cluster, ["service-connection", "show", id]).contains("the-client"))
        }
    }

    @Test(
        "the real packer signs in with the id token of the server, at the cloud of the connection",
        .enabled(
            if: ["packer", "python3", "openssl"].allSatisfy(Self.isThere),
            "packer, python3 or openssl is missing"
        )
    )
    func realPacker() async throws {
        try await with { cluster, pipeline in
            let folder = cluster.folder.path
            let double = try await CloudDouble(folder)
            defer { double.end() }
            let (view, output) = try await run(cluster, pipeline, ["proxy": "\(double.port)"])
            #expect(view.run.state == .completed(.failed))
            // Here the double's knowledge ends: packer is in, and the resource group is not there.
            #expect(
                output.components(separatedBy: "Cannot locate the managed image resource group g.").count > 2,
                "\(output)"
            )
            let asked = try double.asked
            let sub = "sc://"
            let assertions = asked.compactMap { $0.host == "login.chinacloudapi.cn" ? $0.assertion : nil }
            #expect(assertions.count >= 2)
            for claims in assertions {
                #expect(claims["sub"]?.hasPrefix(sub) == true && claims["sub"]?.hasSuffix("/cn") == true, "\(claims)")
                #expect(claims["aud"] == "api://AzureADTokenExchangeChina")
                #expect(claims["iss"]?.hasPrefix(cluster.address) == true)
            }
            let managed = asked.filter { $0.host == "management.chinacloudapi.cn" }
            #expect(managed.contains { $0.path.hasPrefix("/subscriptions/sub-1/resourcegroups/g?") })
            #expect(managed.allSatisfy { $0.authorization == "Bearer arm-token" })
            #expect(!output.contains("arm-token"))
        }
    }

    static func isThere(_ program: String) -> Bool {
        (try? ShortCommand.run(["sh", "-c", "command -v \(program)"]).code) == 0
    }
}

/// Reads the command lines and environments of all processes, again and again.
private final class ProcessWatch: Sendable {
    private let watching = Task.detached {
        var texts: Set<String> = []
        while !Task.isCancelled {
            texts.formUnion(ProcessWatch.look())
            try? await Task.sleep(for: .milliseconds(3))
        }
        return texts
    }

    /// Everything in which a token could be.
    func finish() async -> Set<String> {
        watching.cancel()
        return await watching.value
    }

    private static func look() -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var found: Set<String> = []
        for name in names where Int(name) != nil {
            for file in ["cmdline", "environ"] {
                guard let data = FileManager.default.contents(atPath: "/proc/\(name)/\(file)") else { continue }
                let text = String(decoding: data, as: UTF8.self)
                if text.contains("packer") { found.insert(text) }
            }
        }
        return found
    }
}
