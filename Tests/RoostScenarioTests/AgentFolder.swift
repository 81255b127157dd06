import Foundation
import RoostTesting

/// A folder as a person has it who unpacked an agent: the scripts, and the program of this build.
struct AgentFolder {
    let path: String
    private static let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "agent").path
    private static let files = ["config.sh", "run.sh", "env.sh", "svc.sh", "install.sh", "boot.sh"]

    /// - Parameters:
    ///   - path: made with all above it.
    ///   - copies: the program is there itself, for users who cannot enter the build's folder.
    /// - Throws: when it cannot be made.
    init(_ path: String, copies: Bool = false) throws {
        self.path = path
        let manager = FileManager.default
        try manager.createDirectory(atPath: "\(path)/bin", withIntermediateDirectories: true)
        for name in Self.files { try manager.copyItem(atPath: "\(Self.scripts)/\(name)", toPath: "\(path)/\(name)") }
        let (program, place) = ("\(ChildProgram.buildFolder)/roost-agent", "\(path)/bin/roost-agent")
        if copies {
            // By another process: whatever this one starts meanwhile would hold the file open, and it could not be run.
            guard try ShortCommand.run(["cp", program, place]).code == 0 else { throw TestFailure("no \(place)") }
        } else {
            try manager.createSymbolicLink(atPath: place, withDestinationPath: program)
        }
    }

    /// Runs `config.sh` to its end.
    func configure(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> (code: Int32, output: String) {
        try await start("config.sh", arguments, environment).finished()
    }

    /// Starts `run.sh` and waits until the agent listens.
    func run(environment: [String: String] = [:]) async throws -> ChildProgram {
        let agent = try start("run.sh", ["--grace", "0"], environment)
        try await agent.line(with: "Listening for Jobs")
        return agent
    }

    /// Starts a script of the folder.
    func start(
        _ name: String,
        _ arguments: [String],
        _ environment: [String: String] = [:]
    ) throws -> ChildProgram {
        try ChildProgram(
            executable: "/bin/bash",
            ["\(path)/\(name)"] + arguments,
            environment: environment.merging(["AGENT_ALLOW_RUNASROOT": "1"]) { $1 },
            folder: path
        )
    }

    /// What an agent has put here beside what was unpacked.
    var added: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { !(Self.files + ["bin"]).contains($0) }.sorted()
    }

    /// Files below the folder in which a text is found.
    func files(with text: String) -> [String] { files(with: Data(text.utf8)) }

    /// Files below the folder in which some bytes are found.
    func files(with wanted: Data) -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { !$0.hasPrefix("bin/") }.filter { name in
            (try? Data(contentsOf: URL(filePath: "\(path)/\(name)")))?.range(of: wanted) != nil
        }
    }
}
