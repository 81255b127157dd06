import Foundation
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// The real `az` is too large for a test; a script stands for it, which says what it was called with and what its files hold.
@Suite("AzureCLI@2 with connections of each kind", .serialized, .timeLimit(.minutes(6)))
struct AzureCLITests {
    /// Reads `@file` as az does, and tells how anybody can see its arguments.
    private static let az = #"""
        #!/bin/bash
        printf 'az'
        for word in "$@"; do
          case "$word" in
            @*) printf ' <%s:%s>' "$(basename "${word:1}")" "$(wc -c < "${word:1}" | tr -d ' ')" ;;
            */certificate.pem) printf ' <pem %s>' "$(grep -c -- '-----BEGIN' "$word")" ;;
            *) printf ' %s' "$word" ;;
          esac
        done
        printf ' config=%s discovery=%s\n' "$([ -d "$AZURE_CONFIG_DIR" ] && echo own || echo global)" "$AZURE_CORE_INSTANCE_DISCOVERY"
        for word in "$@"; do
          case "$word" in @*) cat "${word:1}" >> "$AZ_SEEN"; echo >> "$AZ_SEEN" ;; esac
        done
        """#

    private static let yaml = """
        parameters:
        - { name: connection, type: string }
        - { name: folder, type: string }
        variables: { AZ_SEEN: "${{ parameters.folder }}/seen.txt" }
        steps:
        - checkout: none
        - script: echo "##vso[task.prependpath]${{ parameters.folder }}/bin"
        - task: AzureCLI@2
          inputs:
            azureSubscription: ${{ parameters.connection }}
            scriptType: bash
            scriptLocation: inlineScript
            arguments: one two
            addSpnToEnvironment: true
            inlineScript: |
              echo "script $1 $2 as $servicePrincipalId in $tenantId"
              echo "key ${#servicePrincipalKey} token ${#idToken}"
              echo "raw $servicePrincipalKey$idToken"
              az group list
        """

    private func roost(_ cluster: TestCluster, _ words: [String]) async throws -> String {
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed]
        let done = try await ChildProgram("roost", words, environment: environment, folder: cluster.folder.path)
            .finished()
        #expect(done.code == 0, "\(words): \(done.output)")
        return done.output
    }

    private func connect(_ cluster: TestCluster, _ name: String, _ kind: String, _ more: String...) async throws {
        var words = ["service-connection", "create-azure", name, "--kind", kind, "--all-pipelines"]
        if kind != "managed-identity" { words += ["--tenant", "the-tenant", "--client-id", "the-client"] }
        _ = try await roost(cluster, words + more)
    }

    private func output(_ cluster: TestCluster, _ pipeline: Pipeline, _ connection: String) async throws -> String {
        let request = RunRequest(
            pipeline: pipeline.id,
            parameters: ["connection": connection, "folder": cluster.folder.path]
        )
        let run = try await cluster.plane.queueRun(request, by: .system)
        let view = try await cluster.finished(run.id)
        #expect(view.run.state == .completed(.succeeded), "\(view.records.flatMap(\.issues).map(\.message))")
        return try await cluster.output(of: run.id)
    }

    @Test(
        "az is signed in by a secret, a certificate, an id token or the machine; secrets are in no argument and no log"
    )
    func kinds() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let folder = cluster.folder
            try folder.write(Self.az, to: "bin/az")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder.path)/bin/az")
            try folder.write("a-client-secret", to: "key.txt")
            _ = try ShortCommand.run([
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=c", "-keyout",
                "\(folder.path)/c.key", "-out", "\(folder.path)/c.pem",
            ])
            let pem = try ["c.pem", "c.key"].map { try String(contentsOfFile: "\(folder.path)/\($0)", encoding: .utf8) }
            try folder.write(pem.joined(), to: "both.pem")
            let pipeline = try await cluster.pipeline(repository)
            try await connect(cluster, "by-secret", "secret", "--secret-file", "key.txt", "--cloud", "china")
            try await connect(
                cluster,
                "by-pem",
                "certificate",
                "--certificate-file",
                "both.pem",
                "--subscription",
                "sub-1"
            )
            try await connect(
                cluster,
                "by-token",
                "federation",
                "--cloud",
                "Private",
                "--endpoint",
                "environmentUrl=https://arm.example",
                "--endpoint",
                "environmentAuthorityUrl=https://login.example",
                "--endpoint",
                "activeDirectoryServiceEndpointResourceId=https://arm.example"
            )
            try await connect(cluster, "by-machine", "managed-identity")
            let seen = "\(folder.path)/seen.txt"
            try await cluster.withRealAgent {
                let secret = try await output(cluster, pipeline, "by-secret")
                for line in [
                    "az cloud set --name AzureChinaCloud config=own discovery=",
                    "az login --service-principal --username the-client --tenant the-tenant --password <secret:15> --allow-no-subscriptions config=own",
                    "script one two as the-client in the-tenant", "key 15 token 0", "raw ***",
                    "az group list config=own",
                    "az account clear config=own",
                ] {
                    #expect(secret.contains(line), "\(secret)")
                }
                #expect(!secret.contains("a-client-secret"))
                let certificate = try await output(cluster, pipeline, "by-pem")
                #expect(certificate.contains("--certificate <pem 2> config=own"), "\(certificate)")
                #expect(certificate.contains("az account set --subscription sub-1"))
                let token = try await output(cluster, pipeline, "by-token")
                for line in [
                    "az cloud register --name Private --endpoint-resource-manager https://arm.example --endpoint-active-directory https://login.example",
                    "az cloud set --name Private config=own discovery=false", "--federated-token <token:", "raw ***",
                ] {
                    #expect(token.contains(line), "\(token)")
                }
                let machine = try await output(cluster, pipeline, "by-machine")
                #expect(machine.contains("az login --identity --allow-no-subscriptions config=own"), "\(machine)")
                #expect(machine.contains("key 0 token 0"))
            }
            let files = try String(contentsOfFile: seen, encoding: .utf8)
            #expect(files.contains("a-client-secret\n"))
            let idToken = try #require(files.split(separator: "\n").first { $0.hasPrefix("eyJ") })
            #expect(idToken.split(separator: ".").count == 3)
        }
    }
}
