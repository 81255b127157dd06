import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Tasks that call programs")
struct ProgramTaskTests {
    @Test(
        "arguments in one text are words",
        arguments: [
            ("a  b", ["a", "b"]), ("\"a b\" c", ["a b", "c"]), ("-D\"x=1 2\"", ["-Dx=1 2"]), ("\"\"", [""]),
            ("\"a\\\"b\"", ["a\"b"]), ("c:\\x \"\\y\"", ["c:\\x", "\\y"]), (" ", []),
        ]
    )
    func words(_ text: String, _ words: [String]) { #expect(ArgumentLine.words(text) == words) }

    /// A folder of programs that say how they were called.
    private func programs(_ names: [String], _ bench: inout JobBench) throws {
        for name in names {
            let path = "\(bench.folder)/bin/\(name)"
            try FileManager.default.createDirectory(atPath: path.folderPart, withIntermediateDirectories: true)
            let script = Data("#!/bin/sh\necho \(name): \"$@\" in ${PWD##*/} ${MAVEN_OPTS:-} ${JAVA_HOME:-}\n".utf8)
            let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
            _ = FileManager.default.createFile(atPath: path, contents: script, attributes: mode)
        }
        bench.script("echo '##vso[task.prependpath]\(bench.folder)/bin'")
    }

    @Test("programs get the arguments of their tasks, in the folder the step names")
    func calls() async throws {
        try await JobBench.with { bench in
            try programs(["npm", "mvn", "cmake", "go", "ant"], &bench)
            bench.script("mkdir -p app jdk/bin; touch pom.xml build.xml; printf 'echo wrapped $@\\n' > gradlew")
            let ci = bench.add(NpmTask.reference, ["command": "ci", "workingDir": "app", "verbose": "true"])
            let custom = bench.add(NpmTask.reference, ["command": "custom", "customCommand": "run build -- \"a b\""])
            let maven = bench.add(
                MavenTask.reference,
                [
                    "goals": "clean verify", "options": "-q", "javaHomeOption": "Path", "jdkDirectory": "jdk",
                    "publishJUnitResults": "false", "mavenOptions": "-Xmx64m",
                ]
            )
            let gradle = bench.add(GradleTask.reference, ["tasks": "test", "options": "--offline"])
            let cmake = bench.add(CMakeTask.reference, ["cmakeArgs": ".. -DX=1"])
            let shell = bench.add(CMakeTask.reference, ["cmakeArgs": "-DB=$BUILD_BUILDID", "runInsideShell": "true"])
            let go = bench.add(GoTask.reference, ["command": "test", "arguments": "./... -race"])
            let ant = bench.add(AntTask.reference, ["targets": "dist", "publishJUnitResults": "false"])
            bench.variables["build.buildId"] = OutputVariable(value: "77")
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            #expect(bench.printed(ci).contains("npm: ci --loglevel verbose in app"))
            #expect(bench.printed(custom).contains("npm: run build -- a b in s"))
            let mvn = bench.printed(maven).first { $0.hasPrefix("mvn: -f ") } ?? ""
            #expect(mvn.contains("/pom.xml -B -q clean verify in s -Xmx64m /") && mvn.hasSuffix("/s/jdk"))
            #expect(bench.printed(gradle).contains("wrapped --offline test"))
            #expect(bench.issues(gradle).first?.message?.contains("'**/TEST-*.xml' were found") == true)
            #expect(bench.printed(cmake).contains("cmake: .. -DX=1 in build"))
            #expect(bench.printed(shell).contains("cmake: -DB=77 in build"))
            #expect(bench.printed(go).contains("go: test ./... -race in s"))
            #expect(
                bench.printed(ant).contains {
                    $0.hasPrefix("ant: -buildfile /") && $0.hasSuffix("build.xml dist in s")
                }
            )
        }
    }

    @Test("a program that fails fails the step, and one that is missing is named with its package")
    func failures() async throws {
        try await JobBench.with { bench in
            bench.script("mkdir -p bin; printf '#!/bin/sh\\nexit 3\\n' > bin/npm; chmod +x bin/npm; touch build.xml")
            bench.script("echo \"##vso[task.prependpath]$PWD/bin\"")
            let npm = bench.add(NpmTask.reference, ["command": "install"])
            let feed = bench.add(NpmTask.reference, ["customRegistry": "useFeed"], condition: "always()")
            let publish = bench.add(
                NpmTask.reference,
                ["command": "publish", "publishEndpoint": "corp"],
                condition: "always()"
            )
            let ant = bench.add(AntTask.reference, ["antHomeDirectory": "nowhere"], condition: "always()")
            let pom = bench.add(MavenTask.reference, [:], condition: "always()")
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.issues(npm).first?.message == "npm exited with code '3'.")
            #expect(bench.issues(feed).first?.message?.contains("feed of Azure Artifacts") == true)
            #expect(bench.issues(publish).first?.message?.contains("service connection 'corp'") == true)
            #expect(bench.issues(ant).first?.message?.contains("package ant has it") == true)
            #expect(bench.issues(pom).first?.message?.contains("pom.xml' does not exist") == true)
        }
    }

    private static let path = ProcessEnvironment.own()["PATH"]

    @Test(
        "npm and node of the machine build a package without a network",
        .enabled(if: ExecutableSearch.find("npm", path: path) != nil, "npm is not installed")
    )
    func realNpm() async throws {
        try await JobBench.with { bench in
            bench.script(
                """
                cat > package.json <<'E'
                {"name": "a", "version": "1.0.0", "scripts": {"hello": "node -e \\"console.log('made by node', 6*7)\\""}}
                E
                """
            )
            bench.add(UseNodeTask.newer, ["version": ">=4"])
            let install = bench.add(NpmTask.reference, ["command": "custom", "customCommand": "install --offline"])
            let run = bench.add(NpmTask.reference, ["command": "custom", "customCommand": "run hello"])
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            #expect(bench.result(install) == "succeeded")
            #expect(bench.printed(run).contains("made by node 42"))
        }
    }

    @Test(
        "cmake of the machine configures and builds",
        .enabled(if: ExecutableSearch.find("cmake", path: path) != nil, "cmake is not installed")
    )
    func realCMake() async throws {
        try await JobBench.with { bench in
            bench.script(
                """
                printf 'cmake_minimum_required(VERSION 3.10)\\nproject(a NONE)\\n' > CMakeLists.txt
                echo 'add_custom_target(hi ALL COMMAND ${CMAKE_COMMAND} -E echo made by cmake ${WORD})' >> CMakeLists.txt
                """
            )
            bench.add(CMakeTask.reference, ["cmakeArgs": ".. \"-DWORD=a b\""])
            let build = bench.add(CMakeTask.reference, ["cmakeArgs": "--build ."])
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            #expect(bench.printed(build).contains { $0.contains("made by cmake") && $0.contains("a") })
        }
    }

    @Test("Python and shell scripts run from files and from the step, and errors they write may fail it")
    func scripts() async throws {
        try await JobBench.with { bench in
            bench.script(
                """
                mkdir -p tools; printf 'import sys\\nprint("got", sys.argv[1:])\\n' > tools/a.py
                printf 'echo "at ${PWD##*/}" "$@"; echo oops >&2\\n' > tools/a.sh
                """
            )
            let file = bench.add(PythonScriptTask.reference, ["scriptPath": "tools/a.py", "arguments": "1 \"2 3\""])
            let inline = bench.add(
                PythonScriptTask.reference,
                ["scriptSource": "inline", "script": "import os\nprint('in', os.path.basename(os.getcwd()))"]
            )
            let shell = bench.add(ShellScriptTask.reference, ["scriptPath": "tools/a.sh", "args": "x y"])
            let strict = bench.add(
                ShellScriptTask.reference,
                ["scriptPath": "tools/a.sh", "disableAutoCwd": "true", "failOnStandardError": "true"]
            )
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.printed(file).contains("got ['1', '2 3']"))
            #expect(bench.printed(inline).contains("in s"))
            #expect(bench.printed(shell).contains("at tools x y"))
            #expect(bench.result(shell) == "succeeded" && bench.result(strict) == "failed")
            #expect(bench.printed(strict).contains("at s"))
        }
    }
}
