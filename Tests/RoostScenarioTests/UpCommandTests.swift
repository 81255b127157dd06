import Foundation
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

@Suite("roost up", .timeLimit(.minutes(5)))
struct UpCommandTests {
    /// Starts it, waits for its agent, runs a body with the address and a token, and ends it.
    private func up(
        _ folder: ScratchFolder,
        _ body: (String, String) async throws -> Void
    ) async throws {
        let program = try ChildProgram(
            "roost",
            ["up", "--data", "data", "--port", "0"],
            environment: ["HOME": folder.path],
            folder: folder.path
        )
        let result: Result<Void, any Error>
        do {
            try await program.line(with: "1 agent in pool")
            let listening = program.lines.compactMap { $0.firstMatch(of: #/address=(\S+)/#)?.1 }.first
            let address = String(try #require(listening, "\(program.lines)"))
            let token = try String(contentsOfFile: "\(folder.path)/data/admin-token", encoding: .utf8)
            try await body(address, token.trimmingCharacters(in: .whitespacesAndNewlines))
            result = .success(())
        } catch { result = .failure(error) }
        program.send(SIGTERM)
        #expect(await program.end() == 0)
        try result.get()
    }

    private func roost(_ folder: ScratchFolder, _ url: String, _ token: String, _ words: String...) async throws {
        let environment = ["ROOST_URL": url, "ROOST_TOKEN": token, "HOME": folder.path]
        let done = try await ChildProgram("roost", words, environment: environment, folder: folder.path).finished()
        #expect(done.code == 0, "\(words): \(done.output)")
    }

    @Test("its agent joins by itself, also where people may not use tokens for that, and anew when its folder is gone")
    func agent() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- script: echo hello"])
        defer { repository.remove() }
        try await up(folder) { url, token in
            try await roost(folder, url, token, "agent", "wait", "--online", "local-1", "--timeout", "2m")
            try await roost(
                folder,
                url,
                token,
                "pipeline",
                "create",
                "ci",
                "--repository",
                repository.path,
                "--pool",
                "Default"
            )
            try await roost(folder, url, token, "run", "queue", "ci", "--follow")
            try await roost(folder, url, token, "trust", "policy", "--pat-enrollment", "refused")
        }
        try FileManager.default.removeItem(atPath: "\(folder.path)/data/agents")
        try await up(folder) { url, token in
            try await roost(folder, url, token, "agent", "wait", "--online", "local-1", "--timeout", "2m")
            try await roost(folder, url, token, "run", "queue", "ci", "--follow")
        }
    }
}
