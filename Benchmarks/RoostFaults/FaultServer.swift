import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostTesting

/// The server of a run, which is started again whenever it is killed.
actor FaultServer {
    let folder: String
    let port: Int
    private let words: [String]
    private let seed: UInt64
    private var program: ChildProgram?
    private var starting: Task<Void, any Error>?
    private(set) var starts = 0

    init(folder: String, provider: FaultProviderKind, seed: UInt64, perThousand: Int) throws {
        (self.folder, self.seed) = (folder, seed)
        port = try FreePort.take()
        words = [
            "serve", "--folder", folder, "--port", String(port), "--provider", provider.rawValue,
            "--per-thousand", String(perThousand),
        ]
    }

    nonisolated var address: String { "http://127.0.0.1:\(port)/" }

    /// Starts it, and waits until it listens.
    func start() async throws {
        starts += 1
        // Each one has faults of its own.
        let program = try ChildProgram(
            "roost-faults",
            words + ["--seed", String(seed &* 1_000_003 &+ UInt64(starts))],
            folder: folder
        )
        self.program = program
        let task = Task { try await program.line(with: "The server listens on") }
        starting = task
        try await task.value
    }

    /// Kills it wherever it is just now.
    func kill() async {
        program?.send(SIGKILL)
        await program?.end()
    }

    /// Waits until the one that was started last listens.
    func ready() async throws { try await starting?.value }

    /// What the last one said, for a person.
    var lastWords: [String] { Array((program?.lines ?? []).suffix(20)) }
}
