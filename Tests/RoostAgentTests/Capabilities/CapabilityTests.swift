import FoundationEssentials
import Glibc
import RoostModel
import Testing

@testable import RoostAgent

/// A folder of PATH with programs made for a test.
private struct FakePath {
    let folder: String

    /// A program that prints a text, and counts how often it was started.
    func add(_ name: String, _ text: String) throws {
        let script = "#!/bin/sh\necho run >> '\(folder)/../\(name).count'\nprintf '%s\\n' '\(text)'\n"
        guard SmallFile.create(script, at: "\(folder)/\(name)", mode: 0o755) == 0 else { throw POSIXFault() }
    }

    func starts(_ name: String) -> Int {
        (SmallFile.read("\(folder)/../\(name).count") ?? "").split(separator: "\n").count
    }

    struct POSIXFault: Error {}

    static func with<Value>(_ body: (FakePath, AgentRoot) async throws -> Value) async throws -> Value {
        try await ScratchFolder.with { scratch in
            guard FileTree.make("\(scratch)/bin") == 0, FileTree.make("\(scratch)/agent") == 0 else {
                throw POSIXFault()
            }
            return try await body(FakePath(folder: "\(scratch)/bin"), AgentRoot("\(scratch)/agent"))
        }
    }
}

@Suite("What a machine offers")
struct CapabilityTests {
    @Test("tools on PATH with their versions, the environment, a file and the agent's own facts become capabilities")
    func golden() async throws {
        try await FakePath.with { path, root in
            try path.add("git", "git version 2.39.5")
            try path.add("nodejs", "v20.11.1")
            try path.add("java", "openjdk version \"17.0.9\" 2023-10-17")
            try path.add("docker", "Docker version 20.10.24+dfsg1, build 297e128")
            try path.add("sh", "no version is asked")
            _ = SmallFile.write(
                "# by hand\nrack=7\ngit=/opt/git\nempty=\nno equals\n",
                to: "\(root.path)/.capabilities"
            )
            let environment = [
                "PATH": path.folder, "JAVA_HOME": "/opt/java", "FOO_TOKEN": "abc", "git": "from the environment",
            ]
            let scan = CapabilityScan(root: root, agentName: "build-01", environment: environment, isInteractive: false)
            let found = await scan.run().dictionary
            let own = ["Agent.OSVersion", "Agent.ComputerName", "Agent.OSArchitecture"]
            #expect(own.allSatisfy { found[$0]?.isEmpty == false })
            let expected = [
                "PATH": path.folder, "JAVA_HOME": "/opt/java", "git": "/opt/git", "git.Version": "2.39.5",
                "node.js": "\(path.folder)/nodejs", "node.js.Version": "20.11.1", "java": "\(path.folder)/java",
                "java.Version": "17.0.9", "docker": "\(path.folder)/docker", "docker.Version": "20.10.24",
                "sh": "\(path.folder)/sh",
                "rack": "7", "empty": "", "Agent.Name": "build-01", "Agent.OS": "Linux",
                "Agent.Version": AgentVersion.level,
                "Agent.HomeDirectory": root.path, "InteractiveSession": "False", "Roost.Version": AgentVersion.roost,
            ]
            #expect(found.filter { !own.contains($0.key) && !$0.key.hasPrefix("Machine.") } == expected)
            #expect(scan.keptBack == ["FOO_TOKEN"])
        }
    }

    @Test("a second scan of unchanged tools starts none of them, a changed tool is asked again")
    func cache() async throws {
        try await FakePath.with { path, root in
            try path.add("git", "git version 2.39.5")
            try path.add("make", "GNU Make 4.3")
            let scan = CapabilityScan(root: root, agentName: "a", environment: ["PATH": path.folder])
            _ = await scan.run()
            let again = await scan.run()
            #expect(again["make.version"] == "4.3")
            #expect(path.starts("git") == 1 && path.starts("make") == 1)
            try path.add("git", "git version 2.47.1 changed")
            #expect(await scan.run()["git.Version"] == "2.47.1")
            #expect(path.starts("git") == 2 && path.starts("make") == 1)
        }
    }

    @Test("a tool that fails has no version, and is not asked again either")
    func failingTool() async throws {
        try await FakePath.with { path, root in
            _ = SmallFile.create("#!/bin/sh\necho git version 1.2.3\nexit 1\n", at: "\(path.folder)/git", mode: 0o755)
            let found = await CapabilityScan(root: root, agentName: "a", environment: ["PATH": path.folder]).run()
            #expect(found["git"] != nil && found["git.Version"] == nil)
        }
    }

    @Test(
        "versions are found in what programs say",
        arguments: [
            ("git version 2.39.5", "2.39.5"), ("v20.11.1", "20.11.1"), ("go version go1.22.3 linux/amd64", "1.22.3"),
            ("Apache Ant(TM) version 1.10.12 compiled on October 1 2021", "1.10.12"),
            ("ruby 3.1.2p20 (2022-04-12)", "3.1.2"),
            ("curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1", "7.88.1"), ("javac 17.0.9", "17.0.9"),
            ("no number", nil),
            ("GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)", "5.2.15"), ("x86_64 only", nil), ("5", nil),
        ] as [(String, String?)]
    )
    func versions(text: String, version: String?) {
        #expect(VersionText.find(in: text) == version)
    }
}

@Suite("Secrets in the environment")
struct SecretGuessTests {
    @Test(
        "names that say it are kept back",
        arguments: [
            "FOO_TOKEN", "token", "MY_SECRET_2", "dbPassword", "AZP_PAT", "API_KEY", "sshKey", "SSHKEY", "DB_PASS",
            "MYSQL_PWD",
            "AWS_ACCESS_KEY_ID", "GOOGLE_APPLICATION_CREDENTIALS", "STORAGE_CONNECTIONSTRING", "NPM_AUTH",
            "npm_config__authToken",
            "SENTRY_DSN", "SAS", "JWT",
        ]
    )
    func secretNames(_ name: String) { #expect(SecretGuess.judge(name: name, value: "x") == .name) }

    @Test(
        "ordinary names and values stay",
        arguments: [
            ("PATH", "/usr/local/bin:/usr/bin:/bin"), ("PWD", "/home/x"), ("KEYBOARD_LAYOUT", "de"),
            ("SSH_AUTH_SOCK", "/tmp/ssh-a/agent.1"),
            ("PATTERN", "a*b"), ("COMPASS", "north"), ("LANG", "C.UTF-8"),
            ("JAVA_HOME", "/usr/lib/jvm/java-17-openjdk-amd64"),
            ("DEBIAN_FRONTEND", "noninteractive"), ("GIT_SHA", "3f2c"), ("REPO", "https://git.example.org/a/b.git"),
            ("ID", "6d15af64-176c-496d-b583-fd2ae21d4df4"), ("MONKEY", "see"),
            ("XDG_DATA_DIRS", "/usr/share/gnome:/usr/share/"),
            ("HOSTNAME", "ip-10-0-0-12.eu-central-1.compute.internal"), ("NAME", "linux-agent-of-team-blue-number-12"),
        ]
    )
    func ordinary(name: String, value: String) { #expect(SecretGuess.judge(name: name, value: value) == nil) }

    @Test(
        "values with the shape of a secret are kept back whatever their name",
        arguments: [
            "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "AKIAIOSFODNN7EXAMPLE",
            "https://user:hunter2@git.example.org/x", "see postgres://u:p@db/x", "Bearer abcdefghij",
            "-----BEGIN RSA PRIVATE KEY-----\nMII",
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc", "Server=x;User=sa;Password=hunter2",
            "glpat-abcdefgh12345678",
            "q7x2m4k9v3b8n1c6z5w0r7t2y4u9i3o8p1a6s5d0f7g2h4j9k3l8", "wJalrXUtnFEMI7K7MDENGbPxRfiCYEXAMPLEKEY1",
            "https://x.blob.core.windows.net/c?sv=2022&sig=abc%3D",
        ]
    )
    func secretValues(_ value: String) { #expect(SecretGuess.judge(name: "HARMLESS", value: value) == .value) }

    @Test("what is ignored by name, by wish or for its length never becomes a capability")
    func ignored() {
        let environment = [
            "LS_COLORS": "x", "TERM": "xterm", "SHLVL": "1", "VSO_AGENT_IGNORE": "mine, other", "mine": "1",
            "other": "2", "MINE": "3",
            "long": String(repeating: "a ", count: 512), "VSTS_AGENT_INPUT_POOL": "p", "ROOST_AGENT_ROOT": "/x",
            "kept": "yes",
            ProcessTree.markName: "vsts_1",
        ]
        #expect(EnvironmentCapabilities.list(environment).capabilities.dictionary == ["MINE": "3", "kept": "yes"])
    }
}

@Suite("Changes of what a machine offers")
struct CapabilityWatchTests {
    @Test("a tool that is added is noticed, another file is not", .timeLimit(.minutes(6)))
    func addedTool() async throws {
        try await FakePath.with { path, root in
            let environment = AgentEnvironment(root: root, base: ["PATH": path.folder])
            let watch = try #require(CapabilityWatch(CapabilityWatch.interests(root: root, environment: environment)))
            let unrelated = try #require(CapabilityWatch([path.folder: ["nothing-of-this-name"]]))
            let waiting = Task { await unrelated.change() }
            try path.add("something-else", "1")
            try path.add("cmake", "cmake version 3.25.1")
            #expect(await watch.change())
            waiting.cancel()
            #expect(await waiting.value == false)
        }
    }

    @Test("the agent's own files and a folder that comes later are noticed", .timeLimit(.minutes(6)))
    func laterFolder() async throws {
        try await FakePath.with { path, root in
            let environment = AgentEnvironment(root: root, base: ["PATH": "\(path.folder)/later/bin"])
            let interests = CapabilityWatch.interests(root: root, environment: environment)
            let first = try #require(CapabilityWatch(interests))
            _ = SmallFile.write("X=1\n", to: "\(root.path)/.capabilities")
            #expect(await first.change())
            let second = try #require(CapabilityWatch(interests))
            #expect(FileTree.make("\(path.folder)/later/bin") == 0)
            #expect(await second.change())
        }
    }
}
