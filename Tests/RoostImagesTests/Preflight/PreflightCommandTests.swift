import Foundation
import RoostTesting
import Testing

/// `roost image preflight` as a person runs it, against a cloud that is there.
@Suite("roost image preflight")
struct PreflightCommandTests {
    struct Answer: Decodable {
        struct Template: Decodable {
            var passed: Bool
            var milliseconds: Int
            var questions: [Question]
            var created: [String]
            var findings: [Finding]
            var diagnostics: [Problem]
        }

        struct Question: Decodable {
            var question: String
            var answer: String
            var address: String?
        }

        struct Finding: Decodable {
            var code: String
            var command: String?
            var creatable: Bool
        }

        struct Problem: Decodable {
            struct Place: Decodable { var line: Int }

            var severity: String
            var code: String
            var summary: String
            var advice: String?
            var place: Place?

            var mark: String { "\(place?.line ?? 0) \(code.split(separator: ".").last ?? "")" }
        }

        var passed: Bool
        var templates: [Template]
    }

    static func run(
        _ words: [String],
        in folder: ScratchFolder,
        path: String = "/usr/bin:/bin",
        environment: [String: String] = [:]
    ) async throws -> (code: Int32, output: String) {
        var variables = ["HOME": folder.path, "PATH": path, "XDG_CACHE_HOME": folder.path]
        variables.merge(environment) { $1 }
        let program = try ChildProgram(
            "roost",
            ["image", "preflight"] + words,
            environment: variables,
            folder: folder.path
        )
        return await program.finished()
    }

    static func answer(_ output: String) throws -> Answer.Template {
        let text = output.firstRange(of: "{").map { String(output[$0.lowerBound...]) } ?? output
        let answer = try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
        return try #require(answer.templates.first)
    }

    /// What programs a build needs are there, and do nothing.
    static func programs(_ folder: ScratchFolder, _ names: String...) throws -> String {
        let place = "\(folder.path)/programs"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        for name in names {
            try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: "\(place)/\(name)"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(place)/\(name)")
        }
        return place
    }

    private func write(_ text: String, _ name: String, in folder: ScratchFolder) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }

    @Test("a template that misses nothing passes, and the cloud is only read")
    func clean() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let programs = try Self.programs(folder, "packer")
        try await ScriptedCloud.with { cloud in
            cloud.fill()
            let source = PreflightTemplate.azure(
                "a",
                cloud,
                PreflightTemplate.gallery("linux"),
                #"virtual_network_name = "build""#,
                #"virtual_network_subnet_name = "default""#,
                #"virtual_network_resource_group_name = "net-a""#
            )
            try write(PreflightTemplate.build([source], of: ["azure-arm.a"]), "a.pkr.hcl", in: folder)
            let words = ["--within", "30", "--output", "json", "a.pkr.hcl"]
            let (code, output) = try await Self.run(words, in: folder, path: programs)
            #expect(code == 0, "\(output)")
            let answer = try Self.answer(output)
            #expect(answer.diagnostics.isEmpty && answer.passed)
            #expect(answer.questions.allSatisfy { $0.answer == "found" || $0.question.hasPrefix("managed image") })
            #expect(answer.questions.count >= 12)
            let writes = cloud.requests.filter { $0.method != "GET" && !$0.path.hasSuffix("/token") }
            #expect(writes.isEmpty)
            #expect(cloud.requests.count { $0.path.hasSuffix("/token") } == 1)
            #expect(Set(cloud.requests).count == cloud.requests.count, "something was asked twice")
        }
    }

    @Test("all mistakes of a template are named at once, each at its line")
    func seeded() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let nothing = try Self.programs(folder)
        try await ScriptedCloud.with { cloud in
            cloud.fill()
            let template = Self.seededTemplate(cloud)
            try write(template, "a.pkr.hcl", in: folder)
            try write("old", "there.tar", in: folder)
            try FileManager.default.createDirectory(atPath: "\(folder.path)/tree", withIntermediateDirectories: true)
            let huge = try FileHandle(forWritingTo: Self.empty("\(folder.path)/huge.tar.gz"))
            try huge.truncate(atOffset: 1 << 43)
            try huge.close()
            let words = [
                "--within", "30", "--output", "json", "--cache-folder", "/dev/null/cache", "a.pkr.hcl",
            ]
            let (code, output) = try await Self.run(
                words,
                in: folder,
                path: nothing,
                environment: ["AZURE_POD_IDENTITY_AUTHORITY_HOST": "\(cloud.address)/nobody"]
            )
            #expect(code == 1)
            let answer = try Self.answer(output)
            let found = Set(answer.diagnostics.map(\.mark))
            let wanted = PreflightTemplate.marks(template)
            #expect(wanted.count >= 25)
            #expect(wanted.subtracting(found).isEmpty, "\(output)")
            #expect(found.subtracting(wanted).isEmpty)
            for problem in answer.diagnostics where problem.code.hasPrefix("preflight.") {
                #expect(problem.advice != nil, "\(problem.summary)")
            }
            let creatable = Set(answer.findings.filter(\.creatable).map(\.code))
            #expect(
                creatable == [
                    "preflight.group", "preflight.gallery", "preflight.definition", "preflight.network",
                    "preflight.subnet",
                ]
            )
            #expect(!output.contains("-hush") && !output.contains(ScriptedCloud.token))
            #expect(cloud.requests.allSatisfy { $0.method == "GET" || $0.path.hasSuffix("/token") })
        }
    }

    private static func empty(_ path: String) -> URL {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return URL(filePath: path)
    }

    private static func seededTemplate(_ cloud: ScriptedCloud) -> String {
        func azure(_ name: String, mark: String = "", _ lines: String...) -> String {
            PreflightTemplate.azure(name, mark: mark, cloud, lines.joined(separator: "\n"))
        }
        let network = #"virtual_network_resource_group_name = "net-a""#
        let sources = [
            "variable \"unset\" {\n  type = string\n}",
            azure(
                "missing",
                mark: "program",
                """
                shared_image_gallery_destination {
                  resource_group = "nowhere" # group
                  gallery_name = "none" # gallery
                  image_name = "none" # definition
                  image_version = "1.0.0"
                  target_region {
                    name = "westeuropa" # region
                  }
                }
                """
            ),
            azure("system", PreflightTemplate.gallery("windows", "1.0.0", "", "os-type")),
            azure("generation", PreflightTemplate.gallery("old", "1.0.0", "", "generation")),
            azure("architecture", PreflightTemplate.gallery("arm", "1.0.0", "", "architecture")),
            azure("twice", PreflightTemplate.gallery("linux", "1.0.10", "version-exists")),
            azure("below", PreflightTemplate.gallery("linux", "1.0.2", "version-below")),
            azure(
                "network",
                network,
                #"virtual_network_name = "bild" # network"#,
                #"virtual_network_subnet_name = "default""#
            ),
            azure(
                "subnet",
                network,
                #"virtual_network_name = "build""#,
                #"virtual_network_subnet_name = "defult" # subnet"#
            ),
            azure(
                "region",
                network,
                #"virtual_network_name = "far" # network-region"#,
                #"virtual_network_subnet_name = "default""#
            ),
            azure("ambiguous", #"virtual_network_name = "twin" # network-ambiguous"#),
            azure("quota", #"vm_size = "Standard_F4s_v2" # quota"#),
            azure("size", #"vm_size = "Standard_D2s_v33" # vm-size"#),
            azure(
                "rights",
                #"managed_image_resource_group_name = "locked" # rights"#,
                #"managed_image_name = "m""#
            ),
            azure(
                "exists",
                #"managed_image_resource_group_name = "images""#,
                #"managed_image_name = "taken" # image-exists"#
            ),
            azure(
                "market",
                #"image_publisher = "Debian" # source"#,
                #"image_offer = "debian-12""#,
                #"image_sku = "13-gen2""#
            ),
            azure(
                "version",
                "shared_image_gallery { # source-version\nsubscription = \"\(ScriptedCloud.subscription)\"\nresource_group = \"images\"\ngallery_name = \"agents\"\nimage_name = \"linux\"\nimage_version = \"9.0.0\"\n}"
            ),
            azure(
                "latest",
                "shared_image_gallery { # source-version\nsubscription = \"\(ScriptedCloud.subscription)\"\nresource_group = \"images\"\ngallery_name = \"agents\"\nimage_name = \"hidden\"\n}"
            ),
            azure(
                "managed",
                #"custom_managed_image_name = "golden" # source-region"#,
                #"custom_managed_image_resource_group_name = "images""#
            ),
            azure("other", mark: "subscription", #"subscription_id = "99999999-1111-4111-8111-111111111111""#),
            azure("identity", mark: "sign-in, azure-authentication", "none = true"),
            azure(
                "secret",
                mark: "sign-in",
                #"client_secret = "wrong-hush""#
            ),
            azure(
                "disk",
                #"resource_group_name = "images""#,
                #"storage_account = "nostore" # storage-account"#,
                #"capture_container_name = "vhds""#,
                #"capture_name_prefix = "a""#
            ),
            "source \"roost-rootfs\" \"boot\" { # program, not-writable\n  output = \"there.tar\" # output-exists\n  bootstrap {\n    suite = \"bookworm\"\n  }\n}",
            "source \"roost-rootfs\" \"big\" { # space\n  base = \"huge.tar.gz\"\n  output = \"new.tar\" # space\n}",
        ]
        let names =
            [
                "missing", "system", "generation", "architecture", "twice", "below", "network", "subnet", "region",
                "ambiguous", "quota", "size", "rights", "exists", "market", "version", "latest", "managed", "other",
                "identity", "secret", "disk",
            ].map { "azure-arm.\($0)" } + ["roost-rootfs.boot", "roost-rootfs.big"]
        return PreflightTemplate.build(
            sources,
            of: names,
            steps:
                "  provisioner \"shell\" {\n    script = \"no.sh\" # missing-file\n  }\n  provisioner \"shell\" {\n    inline = [var.unset] # unset\n  }"
        )
    }

    @Test(
        "a cloud that is slow, throttles, refuses or is none is told with its address, and holds nobody up",
        arguments: [
            (ScriptedCloud.Trouble.refusing(401), "unauthorized"), (.refusing(403), "forbidden"),
            (.refusing(429), "throttled"), (.refusing(500), "refused"), (.page, "malformed"), (.silent, "timed-out"),
        ]
    )
    func troubled(_ trouble: ScriptedCloud.Trouble, _ code: String) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let programs = try Self.programs(folder, "packer")
        try await ScriptedCloud.with(trouble) { cloud in
            let source = PreflightTemplate.azure("a", cloud, PreflightTemplate.gallery("linux"))
            try write(PreflightTemplate.build([source], of: ["azure-arm.a"]), "a.pkr.hcl", in: folder)
            let within = trouble == .silent ? "0.5" : "30"
            let words = ["--output", "json", "--within", within, "a.pkr.hcl"]
            let (exit, output) = try await Self.run(words, in: folder, path: programs)
            #expect(exit == 1)
            let answer = try Self.answer(output)
            // A slow machine may come to the deadline while it signs in.
            let problem = try #require(
                answer.diagnostics.first {
                    $0.code.hasSuffix(code) || $0.summary.contains("there was no answer in time")
                },
                "\(output)"
            )
            #expect(problem.summary.contains(cloud.address))
            #expect(!output.contains(ScriptedCloud.token) && !output.contains(ScriptedCloud.secret))
            if trouble == .silent { #expect(answer.milliseconds < 20_000) }
        }
    }

    @Test("what is missing is made in its order, once; the second time nothing is changed")
    func making() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let programs = try Self.programs(folder, "packer")
        try await ScriptedCloud.with { cloud in
            cloud.fill()
            let source = PreflightTemplate.azure(
                "a",
                cloud,
                PreflightTemplate.gallery("fresh", "1.0.0").replacing("\"images\"", with: "\"new\"")
                    .replacing("\"agents\"", with: "\"new_gallery\""),
                #"virtual_network_resource_group_name = "new""#,
                #"virtual_network_name = "new-net""#,
                #"virtual_network_subnet_name = "machines""#
            )
            let other = PreflightTemplate.azure(
                "b",
                cloud,
                #"virtual_network_resource_group_name = "net-a""#,
                #"virtual_network_name = "build""#,
                #"virtual_network_subnet_name = "more""#
            )
            try write(
                PreflightTemplate.build([source, other], of: ["azure-arm.a", "azure-arm.b"]),
                "a.pkr.hcl",
                in: folder
            )
            let words = ["--create-missing", "--output", "json", "--within", "30", "a.pkr.hcl"]
            let (code, output) = try await Self.run(words, in: folder, path: programs)
            let answer = try Self.answer(output)
            let writes = cloud.requests.filter { $0.method == "PUT" }
            let root = "/subscriptions/\(ScriptedCloud.subscription)/resourceGroups"
            #expect(
                writes.map { $0.path.replacing(root, with: "") } == [
                    "/new", "/new/providers/Microsoft.Network/virtualNetworks/new-net",
                    "/new/providers/Microsoft.Compute/galleries/new_gallery",
                    "/new/providers/Microsoft.Compute/galleries/new_gallery/images/fresh",
                    "/net-a/providers/Microsoft.Network/virtualNetworks/build/subnets/more",
                ]
            )
            #expect(answer.created.count == 5)
            let definition = try #require(writes.dropFirst(3).first?.body)
            #expect(
                definition
                    == #"{"location":"westeurope","properties":{"architecture":"x64","hyperVGeneration":"V2","identifier":{"offer":"new_gallery","publisher":"new","sku":"fresh"},"osState":"Generalized","osType":"Linux"}}"#
            )
            #expect(writes.last?.body == #"{"properties":{"addressPrefix":"10.1.1.0/24"}}"#)
            // The double keeps a subnet for itself, so the network has to be told of it.
            let network = "/resourceGroups/net-a/providers/Microsoft.Network/virtualNetworks/build"
            cloud.put(
                network,
                #"{"name":"build","id":"/subscriptions/\#(ScriptedCloud.subscription)\#(network)","location":"westeurope","properties":{"subnets":[{"name":"default"},{"name":"more"}]}}"#
            )
            _ = code
            let again = try await Self.run(words, in: folder, path: programs)
            #expect(again.code == 0, "\(again.output)")
            #expect(cloud.requests.count { $0.method == "PUT" } == writes.count)
            #expect(try Self.answer(again.output).created.isEmpty)
        }
    }

    @Test("a build makes nothing while something is missing, unless nobody is to look")
    func beforeBuild() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let template = """
            source "file" "f" {
              target = "out.txt"
              content = "hello"
            }
            build {
              sources = ["file.f"]
              post-processor "compress" {
                output = "out.txt.lz4"
              }
            }

            """
        try write(template, "a.pkr.hcl", in: folder)
        let environment = ["HOME": folder.path, "PATH": try Self.programs(folder)]
        let whole = try ChildProgram(
            "roost",
            ["image", "build", "a.pkr.hcl"],
            environment: environment,
            folder: folder.path
        )
        let (code, output) = await whole.finished()
        #expect(code == 1 && output.contains("The program lz4, which compress needs, is not"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/out.txt"))
        let bare = try ChildProgram(
            "roost",
            ["image", "build", "--no-preflight", "a.pkr.hcl"],
            environment: environment,
            folder: folder.path
        )
        #expect(await bare.finished().code == 1)
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/out.txt"))
    }
}
