import Foundation
import RoostTesting
import Testing

@Suite("A client that others wrote", .timeLimit(.minutes(6)))
struct OtherClientTests {
    @Test(
        "pygls opens a pipeline, hears of problems, completes, hovers, finds a definition and a fix, and ends the server"
    )
    func pygls() async throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let interpreter = tests.deletingLastPathComponent().appending(path: ".build/python/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: interpreter) else {
            throw TestFailure("There is no \(interpreter); 'scripts/install-python' makes it.")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "roost-pygls-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let root = "variables:\n  flavour: debug\nsteps:\n- template: template.yml\n"
        try root.write(toFile: "\(folder)/root.yml", atomically: true, encoding: .utf8)
        let template = "steps:\n- scrip: make\n"
        try template.write(toFile: "\(folder)/template.yml", atomically: true, encoding: .utf8)
        let program = try ChildProgram(
            executable: interpreter,
            [tests.appending(path: "Clients/language_server.py").path, "\(ChildProgram.buildFolder)/roost", folder],
            folder: folder
        )
        let (code, printed) = await program.finished()
        let line = printed.split(separator: "\n").last { $0.hasPrefix("{") }
        guard code == 0, let line, let seen = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        else { throw TestFailure("the client ended with \(code):\n\(printed)") }
        #expect(seen["server"] as? String == "roost")
        let problems = try #require(seen["problems"] as? [String: [[String: Any]]])
        #expect(problems["root.yml"]?.isEmpty == true)
        #expect(problems["template.yml"]?.first?["line"] as? Int == 1)
        #expect(problems["template.yml"]?.first?["related"] as? [String] == ["root.yml"])
        #expect((seen["completion"] as? [String])?.first == "flavour")
        #expect((seen["hover"] as? String)?.contains("template.yml") == true)
        #expect(seen["definition"] as? [String] == ["template.yml"])
        #expect(seen["symbols"] as? [String] == ["flavour", "template: template.yml", "script: make $("])
        #expect(seen["fixes"] as? [String] == ["Change to 'script'"])
        #expect(seen["code"] as? Int == 0)
    }
}
