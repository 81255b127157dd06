import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

/// A script stands for `roost`, which says what it was called with and what it finds in the files it was given.
@Suite("Packer@1 and PackerBuild@1")
struct PackerTaskTests {
    private static let roost = #"""
        #!/bin/sh
        echo "roost: $*"
        for word in "$@"; do
          case "$word" in
            -var-file=*) echo "given $(cat "${word#-var-file=}")" ;;
            *.json|*/variables) [ -f "$word" ] && cp "$word" "$KEEP/template.json" && stat -c 'mode %a' "$word" && [ "${word##*/}" = variables ] && cat "$word" ;;
          esac
        done
        echo "account $ARM_CLIENT_ID of $ARM_TENANT_ID in $ARM_ENVIRONMENT $ARM_METADATA_HOSTNAME, subscription $ARM_SUBSCRIPTION_ID"
        for file in "$ARM_CLIENT_SECRET_FILE_PATH" "$ARM_CLIENT_CERTIFICATE_PATH" "$ROOST_OFFERED_VARIABLES"; do
          [ -z "$file" ] || { stat -c 'mode %a' "$file" "$(dirname "$file")"; wc -c < "$file"; cp "$file" "$KEEP/"; }
        done
        echo "machine ${ARM_USE_MSI:-no}, left ${ARM_CLIENT_SECRET:-nothing}"
        printf '==> a: ok\n    a: ManagedImageName: forged\n--> a: Azure:\n\nManagedImageName: m\nManagedImageId: /s/m\n'
        printf "==> a:  -> DeploymentName    : 'pkrdp1'\n"
        exit ${CODE:-0}
        """#

    private func prepare(_ bench: inout JobBench) throws {
        let path = "\(bench.folder)/externals/roost"
        try FileManager.default.createDirectory(atPath: path.folderPart, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(
            atPath: path,
            contents: Data(Self.roost.utf8),
            attributes: [.posixPermissions: 0o755]
        )
        bench.agentEnvironment = ["KEEP": bench.folder, "ARM_CLIENT_SECRET": "of-the-machine"]
        bench.script("mkdir -p pack/sub; touch a.pkr.hcl a.json values.json pack/sub/go.sh")
        bench.endpoints = [
            Self.endpoint("secret", ["serviceprincipalkey": "hush-hush"]),
            Self.endpoint("pem", ["servicePrincipalCertificate": "PEM", "authenticationType": "spnCertificate"]),
            JobEndpoint(
                id: "00000000-0000-0000-0000-00000000000a",
                name: "own",
                url: "",
                scheme: "ManagedServiceIdentity",
                data: ["environment": "Private", "environmentUrl": "https://arm.example/"]
            ),
            JobEndpoint(
                id: "00000000-0000-0000-0000-00000000000b",
                name: "aws",
                url: "",
                scheme: "UsernamePassword",
                parameters: ["username": "AKIA", "password": "hush-key"]
            ),
        ]
    }

    private static func endpoint(_ name: String, _ parameters: [String: String]) -> JobEndpoint {
        JobEndpoint(
            id: "0a0a0a0a-0000-0000-0000-000000000001",
            name: name,
            url: "",
            scheme: "ServicePrincipal",
            parameters: ["serviceprincipalid": "the-client", "tenantid": "the-tenant"].merging(parameters) { $1 },
            data: ["environment": "AzureChinaCloud", "subscriptionId": "sub-1"]
        )
    }

    private func text(_ bench: JobBench, _ name: String) -> String {
        let bytes = FileManager.default.contents(atPath: "\(bench.folder)/\(name)") ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("Packer@1 hands over files with the account and the values, and sets what packer tells of the image")
    func packer() async throws {
        try await JobBench.with { bench in
            try prepare(&bench)
            let step = bench.add(
                PackerTask.reference,
                [
                    "connectedServiceType": "azure", "connectedServiceAzure": "secret", "templatePath": "a.pkr.hcl",
                    "variables": "a=1\nb=two words", "variables-file": "values.json", "options": "-on-error=abort",
                    "force": "true",
                ],
                name: "image"
            )
            let after = bench.script("echo '$(ManagedImageId) $(image.ManagedImageName) $(DeploymentName)'")
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded, "\(bench.lines(step))")
            let lines = bench.printed(step)
            let call = lines.first { $0.hasPrefix("roost: ") } ?? ""
            #expect(call.hasPrefix("roost: image build -color=false -force --values-from /"), "\(call)")
            #expect(call.contains("/s/values.json -on-error=abort /") && call.hasSuffix("/s/a.pkr.hcl"), "\(call)")
            for line in [
                "a=1", "b=two words", "account the-client of the-tenant in AzureChinaCloud , subscription sub-1",
                "mode 600", "mode 700", "machine no, left nothing",
            ] {
                #expect(lines.contains(line), "\(line) in \(lines)")
            }
            #expect(text(bench, "secret") == "hush-hush")
            let offered = text(bench, "offered.json")
            for part in [#""client_secret":"hush-hush""#, #""cloud_environment_name":"China""#, #""client_jwt":"""#] {
                #expect(offered.contains(part), "\(offered)")
            }
            #expect(!lines.contains { $0.contains("hush-hush") })
            #expect(bench.printed(after).contains("/s/m m pkrdp1"))
            let left = try FileManager.default.contentsOfDirectory(atPath: bench.settings.folders.temp)
            #expect(!left.contains { $0.hasPrefix(".packer") })
        }
    }

    @Test("each kind of connection gives what it has")
    func kinds() async throws {
        try await JobBench.with { bench in
            try prepare(&bench)
            let pem = bench.add(PackerTask.reference, ["azureSubscription": "pem", "templatePath": "a.json"])
            let machine = bench.add(PackerTask.reference, ["azureSubscription": "own", "templatePath": "a.json"])
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded, "\(bench.lines(pem)) \(bench.lines(machine))")
            #expect(text(bench, "certificate.pem") == "PEM")
            #expect(bench.printed(machine).contains("machine true, left nothing"), "\(bench.printed(machine))")
            #expect(bench.printed(machine).contains("account  of  in Private arm.example, subscription "))
        }
        try await JobBench.with { bench in
            try prepare(&bench)
            let aws = bench.add(
                PackerTask.reference,
                ["connectedServiceType": "aws", "connectedServiceAWS": "aws", "templatePath": "a.json"]
            )
            #expect(try await bench.run().result == .succeeded, "\(bench.lines(aws))")
            #expect(text(bench, "offered.json").contains(#""secret_key":"hush-key""#))
        }
    }

    @Test("other commands are packer's own; a check and a look are those of roost")
    func commands() async throws {
        try await JobBench.with { bench in
            try prepare(&bench)
            bench.script(
                "mkdir bin; printf '#!/bin/sh\\necho packer: $*\\n' > bin/packer; chmod +x bin/packer; echo \"##vso[task.prependpath]$PWD/bin\""
            )
            let none = ["connectedServiceType": "none", "templatePath": "a.json"]
            let check = bench.add(PackerTask.reference, none.merging(["command": "validate"]) { $1 })
            let fix = bench.add(PackerTask.reference, none.merging(["command": "fix"]) { $1 })
            let version = bench.add(PackerTask.reference, ["command": "version"])
            #expect(try await bench.run().result == .succeeded)
            #expect(bench.printed(check).contains { $0.hasPrefix("roost: image validate /") })
            #expect(bench.printed(fix).contains { $0.hasPrefix("packer: fix /") })
            #expect(bench.printed(version).contains("packer: version"))
        }
    }

    @Test("what is wrong is said before roost starts", arguments: ["compatible", "kind", "missing", "base", "version"])
    func refusals(_ name: String) async throws {
        try await JobBench.with { bench in
            try prepare(&bench)
            bench.script(
                "mkdir bin; printf '#!/bin/sh\\necho 1.6.6\\n' > bin/packer; chmod +x bin/packer; echo \"##vso[task.prependpath]$PWD/bin\""
            )
            let own = [
                "location": "l", "azureResourceGroup": "g", "managedImageName": "m", "ConnectedServiceName": "secret",
            ]
            let (inputs, task, message): ([String: String], TaskReference, String) =
                switch name {
                case "compatible":
                    (
                        ["azureSubscription": "pem", "templatePath": "a.json"], PackerTask.reference,
                        "Endpoint auth data not present: 0a0a0a0a-0000-0000-0000-000000000001"
                    )
                case "kind":
                    (
                        ["azureSubscription": "aws", "templatePath": "a.json"], PackerTask.reference,
                        "The service connection 'aws' has the scheme 'UsernamePassword', and this task accepts the kinds secret, certificate, federation, managed-identity."
                    )
                case "missing":
                    (
                        ["templateType": "custom"], PackerBuildTask.reference,
                        "The input 'customTemplateLocation' is missing."
                    )
                case "base":
                    (
                        own.merging(["baseImage": "a:b:c"]) { $1 }, PackerBuildTask.reference,
                        "The input 'baseImage' is 'a:b:c'; it must be PUBLISHER:OFFER:SKU:linux or …:windows."
                    )
                default:
                    (
                        ["templateType": "custom", "customTemplateLocation": "a.json", "packerVersion": "1.9.4"],
                        PackerBuildTask.reference, "The input 'packerVersion' asks for 1.9.4, and this agent has 1.6.6."
                    )
                }
            if name == "compatible" { bench.variables["Roost.Connections.AnyKind"] = OutputVariable(value: "true") }
            let step = bench.add(task, inputs)
            #expect(try await bench.run().result == .failed)
            let issue = bench.issues(step).first?.message ?? ""
            #expect(name == "compatible" ? issue == message : issue.hasPrefix(message), "\(issue)")
            #expect(!bench.lines(step).contains { $0.hasPrefix("roost:") })
        }
    }

    @Test("PackerBuild@1 puts a template together, and sets the variables its inputs name")
    func builtIn() async throws {
        try await JobBench.with { bench in
            try prepare(&bench)
            let step = bench.add(
                PackerBuildTask.reference,
                [
                    "ConnectedServiceName": "secret", "location": "chinanorth3", "azureResourceGroup": "g",
                    "managedImageName": "m", "baseImage": "Canonical:UbuntuServer:18.04-LTS:linux",
                    "packagePath": "pack", "deployScriptPath": "**/go.sh", "deployScriptArguments": "-a {{b}}",
                    "additionalBuilderParameters": #"{"vm_size": "Standard_B2s", "os_disk_size_gb": 40}"#,
                    "imageUri": "name", "imageId": "id",
                ]
            )
            let after = bench.script("echo '$(name) $(id)'")
            #expect(try await bench.run().result == .succeeded, "\(bench.lines(step))")
            #expect(bench.printed(after).contains("m /s/m"))
            let json = try JSONDecoder().decode(
                PlainJSON.self,
                from: FileManager.default.contents(atPath: "\(bench.folder)/template.json") ?? Data()
            )
            guard case .object(let root) = json, case .list(let builders)? = root["builders"],
                case .object(let builder)? = builders.first, case .list(let steps)? = root["provisioners"]
            else {
                Issue.record("\(json)")
                return
            }
            #expect(
                builder == [
                    "type": .text("azure-arm"), "vm_size": .text("Standard_B2s"), "os_disk_size_gb": .number(40),
                    "os_type": .text("Linux"), "location": .text("chinanorth3"), "managed_image_name": .text("m"),
                    "managed_image_resource_group_name": .text("g"), "image_publisher": .text("Canonical"),
                    "image_offer": .text("UbuntuServer"), "image_sku": .text("18.04-LTS"),
                ]
            )
            guard steps.count == 4, case .object(let run) = steps[2] else {
                Issue.record("\(steps)")
                return
            }
            let path = "/deployTemp/pack/sub/go.sh"
            #expect(
                run["inline"]
                    == .list(["cd /deployTemp", "chmod +x '\(path)'", "'\(path)' -a {{`{{`}}b}}"].map { .text($0) })
            )
        }
    }

    @Test(
        "facts stand alone in their lines or behind the name of a builder",
        arguments: [
            ("ManagedImageId: /a b", "ManagedImageId=/a b"), ("==> x.y: AMI: ami-1", "AMI=ami-1"),
            ("    x: ManagedImageId: forged", nil), ("OSType: Linux", nil), ("", nil),
            ("==> a:  -> DeploymentName    : 'pk'", "DeploymentName=pk"),
            ("OSDiskUri: https://a.blob/x.vhd\r", "OSDiskUri=https://a.blob/x.vhd"),
        ] as [(String, String?)]
    )
    func facts(_ line: String, _ fact: String?) {
        #expect(PackerFacts.fact(in: line).map { "\($0.name)=\($0.value)" } == fact)
    }
}
