import Foundation
import RoostClient
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("What a worker has done before its job comes")
struct WorkerWarmUpTests {
    @Test("the message that is rehearsed has all members that a message can have")
    func members() throws {
        let sample = try #require(WorkerWarmUp.sample())
        #expect(Self.missing(in: sample, at: "message") == [])
    }

    /// Members that are nil, and lists that are empty.
    private static func missing(in value: Any, at path: String) -> [String] {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            guard let some = mirror.children.first else { return [path] }
            return missing(in: some.value, at: path)
        case .collection, .dictionary, .set:
            guard !mirror.children.isEmpty else { return [path] }
            return mirror.children.flatMap { missing(in: $0.value, at: path) }
        case .struct, .tuple:
            return mirror.children.flatMap { missing(in: $0.value, at: "\(path).\($0.label ?? "")") }
        default: return []
        }
    }

    @Test("a rehearsal goes through to the first step, and leaves nothing behind")
    func rehearsal() async throws {
        try await ScratchFolder.with { folder in
            let client = try RoostClient(
                url: "http://127.0.0.1:9/",
                credential: .bearer(Secret("none")),
                options: ClientOptions(userAgent: "test", retries: 0)
            )
            #expect(await JobRehearsal.play(try #require(WorkerWarmUp.sample()), client, in: folder))
            await client.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }
}
