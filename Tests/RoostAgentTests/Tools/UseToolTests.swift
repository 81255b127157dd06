import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Tools of other languages")
struct UseToolTests {
    /// Puts a program that prints a text into a folder.
    private func program(_ path: String, prints text: String) throws {
        try FileManager.default.createDirectory(atPath: path.folderPart, withIntermediateDirectories: true)
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
        let script = Data("#!/bin/sh\necho '\(text)'\n".utf8)
        _ = FileManager.default.createFile(atPath: path, contents: script, attributes: mode)
    }

    private func cache(_ bench: JobBench, _ tool: String, _ version: String, _ program: String) throws {
        let folder = "\(bench.settings.folders.tools)/\(tool)/\(version)/\(ToolCache.architecture)"
        try self.program("\(folder)/bin/\(program)", prints: "\(tool) \(version)")
        _ = FileManager.default.createFile(atPath: "\(folder).complete", contents: Data())
    }

    @Test("the highest version of the tool cache that fits goes on PATH, with the variables of its task")
    func cached() async throws {
        try await JobBench.with { bench in
            for version in ["18.1.0", "20.3.1", "20.10.0", "22.0.0"] { try cache(bench, "node", version, "node") }
            try cache(bench, "go", "1.22.1", "go")
            try cache(bench, "Ruby", "3.2.4", "ruby")
            bench.add(UseNodeTask.reference, ["versionSpec": "20.x"])
            bench.add(GoToolTask.reference, ["version": "1.22", "goPath": "/gopath"])
            bench.add(UseRubyTask.reference, [:], name: "rb")
            let after = bench.script("node; go; ruby; echo $GOROOT $GOPATH; echo $(rb.rubyLocation)")
            bench.script("echo v18 > .nvmrc; echo '{\"engines\":{\"node\":\">=22\"}}' > package.json")
            bench.add(UseNodeTask.reference, ["versionSource": "fromFile", "versionFilePath": ".nvmrc"])
            let file = bench.script("node")
            bench.add(UseNodeTask.reference, ["versionSource": "fromFile", "versionFilePath": "package.json"])
            let engine = bench.script("node")
            bench.add(UseNodeTask.newer, ["version": "<20"])
            let newer = bench.script("node")
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            let tools = bench.settings.folders.tools
            let (go, ruby) = ("\(tools)/go/1.22.1", "\(tools)/Ruby/3.2.4")
            #expect(
                bench.printed(after).suffix(5) == [
                    "node 20.10.0", "go 1.22.1", "Ruby 3.2.4", "\(go)/\(ToolCache.architecture) /gopath",
                    "\(ruby)/\(ToolCache.architecture)/bin",
                ]
            )
            #expect(bench.printed(file).last == "node 18.1.0")
            #expect(bench.printed(engine).last == "node 22.0.0")
            #expect(bench.printed(newer).last == "node 18.1.0")
        }
    }

    @Test("a version of the machine serves, and one nobody has fails with those that are here")
    func machine() async throws {
        try await JobBench.with { bench in
            let home = "\(bench.folder)/.nvm/versions/node"
            try program("\(home)/v4.2.1/bin/node", prints: "v4.2.1")
            try program("\(home)/v5.0.0/bin/node", prints: "v5.0.0")
            bench.add(UseNodeTask.reference, ["versionSpec": "4.x"])
            let after = bench.script("node")
            let missing = bench.add(UseNodeTask.reference, ["versionSpec": "3.1"])
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.printed(after).last == "v4.2.1")
            let message = try #require(bench.issues(missing).first?.message)
            #expect(message.contains("No Node.js '3.1'") && message.contains("4.2.1") && message.contains("5.0.0"))
        }
    }

    @Test("a packed JDK is unpacked and becomes JAVA_HOME")
    func packedJava() async throws {
        try await JobBench.with { bench in
            bench.script(
                """
                mkdir -p jdk-21/bin; printf '#!/bin/sh\\necho java-of-the-archive\\n' > jdk-21/bin/java; chmod +x jdk-21/bin/java
                tar -czf jdk.tar.gz jdk-21; rm -r jdk-21; tar -czf empty.tar.gz jdk.tar.gz
                """
            )
            let inputs = [
                "versionSpec": "21", "jdkArchitectureOption": "x64", "jdkSourceOption": "LocalDirectory",
                "jdkFile": "jdk.tar.gz", "jdkDestinationDirectory": "java",
            ]
            bench.add(JavaToolInstallerTask.reference, inputs)
            let after = bench.script("java; echo $JAVA_HOME; echo $JAVA_HOME_21_X64")
            let wrong = bench.add(JavaToolInstallerTask.reference, inputs.merging(["jdkFile": "empty.tar.gz"]) { $1 })
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            let lines = bench.printed(after).suffix(3)
            #expect(lines.first == "java-of-the-archive")
            #expect(lines.dropFirst().allSatisfy { $0.hasSuffix("s/java/JAVA_HOME_21_x64_jdk_tar_gz/jdk-21") })
            #expect(bench.issues(wrong).first?.message?.contains("holds no JDK") == true)
        }
    }

    @Test("an installed JDK is found by its version")
    func installedJava() async throws {
        try await JobBench.with { bench in
            let home = "\(bench.settings.folders.tools)/Java_Temurin-Hotspot_jdk/17.0.1-12/x64"
            try program("\(home)/bin/java", prints: "java 17")
            _ = FileManager.default.createFile(atPath: "\(home).complete", contents: Data())
            let inputs = ["jdkArchitectureOption": "x64", "jdkSourceOption": "PreInstalled"]
            bench.add(JavaToolInstallerTask.reference, inputs.merging(["versionSpec": "17.0.1"]) { $1 })
            let after = bench.script("java; echo $JAVA_HOME")
            let missing = bench.add(JavaToolInstallerTask.reference, inputs.merging(["versionSpec": "3"]) { $1 })
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.printed(after).suffix(2) == ["java 17", home])
            #expect(bench.issues(missing).first?.message?.contains("17.0.1") == true)
        }
    }

    @Test(".NET is found where it is installed, by version or by global.json")
    func dotNet() async throws {
        try await JobBench.with { bench in
            let root = "\(bench.settings.folders.tools)/dotnet"
            try program("\(root)/dotnet", prints: "dotnet of the cache")
            for version in ["6.0.100", "8.0.204", "9.0.100-rc.1"] {
                try FileManager.default.createDirectory(
                    atPath: "\(root)/sdk/\(version)",
                    withIntermediateDirectories: true
                )
            }
            let step = bench.add(UseDotNetTask.reference, ["version": "8.0.x"])
            let after = bench.script(
                "dotnet; echo $DOTNET_ROOT; echo '{\"sdk\":{\"version\":\"6.0.100\"}}' > global.json"
            )
            let file = bench.add(UseDotNetTask.reference, ["useGlobalJson": "true"])
            let missing = bench.add(UseDotNetTask.reference, ["version": "9.x"])
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.printed(after).suffix(2) == ["dotnet of the cache", root])
            #expect(bench.printed(step).contains { $0.hasPrefix(".NET sdk 8.0.204 in") })
            #expect(bench.printed(file).contains { $0.hasPrefix(".NET sdk 6.0.100 in") })
            #expect(bench.issues(missing).first?.message?.contains("6.0.100, 8.0.204") == true)
        }
    }
}
