import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Tools")
struct UsePythonTests {
    @Test(
        "ranges take what semantic versioning takes",
        arguments: [
            ("3.x", "3.11.2", true), ("3.x", "2.7.18", false), ("3.11", "3.11.2", true), ("3.11", "3.12.0", false),
            ("3.11.2", "3.11.2", true), ("3.11.2", "3.11.3", false), (">=3.9 <3.12", "3.11.9", true),
            (">= 3.9 < 3.12", "3.12.0", false), (">3.11", "3.11.4", false), ("<=3.11", "3.11.4", true),
            ("~3.9.1", "3.9.7", true), ("~3.9.1", "3.10.0", false), ("^3.9", "3.13.1", true), ("^3.9", "4.0.0", false),
            ("2.7 || 3.11", "3.11.0", true), ("*", "3.6.1", true), ("3.11.0-rc.2", "3.11.0", true),
            ("v3.10", "3.10.0", true), ("^0.2", "0.2.9", true), ("^0.2", "0.3.0", false),
        ]
    )
    func ranges(_ range: String, _ version: String, _ isIn: Bool) throws {
        let parsed = try #require(VersionRange(range))
        let found = try #require(ToolVersion(version))
        #expect(parsed.contains(found) == isIn)
    }

    @Test("what is no range is refused", arguments: ["", "three", "3.", ">=", "3.1.2.3.4", "3..1", "-1"])
    func noRanges(_ text: String) { #expect(VersionRange(text) == nil) }

    @Test("a Python of the tool cache goes on PATH, the highest that fits")
    func toolCache() async throws {
        try await JobBench.with { bench in
            for version in ["3.9.1", "3.9.20", "3.10.0", "2.7.18"] {
                let folder = "\(bench.settings.folders.tools)/Python/\(version)/x64"
                try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
                let script = Data("#!/bin/sh\necho cached \(version)\n".utf8)
                let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
                let program = "\(folder)/bin/\(version.hasPrefix("2") ? "python" : "python3")"
                _ = FileManager.default.createFile(atPath: program, contents: script, attributes: mode)
                // An installation that was interrupted has no mark.
                guard version != "3.9.20" else { continue }
                _ = FileManager.default.createFile(atPath: "\(folder).complete", contents: Data())
            }
            bench.add(UsePythonVersionTask.reference, ["versionSpec": "3.9"], name: "py")
            let after = bench.script("python3; echo at $(py.pythonLocation)")
            bench.add(UsePythonVersionTask.reference, ["versionSpec": "2.x"])
            let last = bench.script("python")
            let outcome = try await bench.run()
            #expect(bench.lines(last).contains("cached 2.7.18"))
            #expect(outcome.result == .succeeded)
            #expect(bench.lines(after).contains("cached 3.9.1"))
            #expect(bench.lines(after).contains("at \(bench.settings.folders.tools)/Python/3.9.1/x64"))
        }
    }

    @Test("the system's Python serves through an environment of the job")
    func systemPython() async throws {
        try await JobBench.with { bench in
            bench.add(UsePythonVersionTask.reference, ["versionSpec": "3.x"])
            let after = bench.script("python -c 'import sys; print(sys.prefix)'; command -v pip")
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            let environments = "\(bench.settings.folders.temp)/python/"
            #expect(bench.lines(after).filter { $0.hasPrefix(environments) }.count == 2)
        }
    }

    @Test("a version nobody has fails and says what is here")
    func missing() async throws {
        try await JobBench.with { bench in
            let step = bench.add(UsePythonVersionTask.reference, ["versionSpec": "2.3"])
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            let message = try #require(bench.issues(step).first?.message)
            #expect(message.contains("No Python '2.3'") && message.contains("3."))
        }
    }
}
