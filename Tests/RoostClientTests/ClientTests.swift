import RoostClient
import RoostModel
import Testing

@Suite("The client")
struct ClientTests {
    @Test("pauses double, stay under the ceiling, and are never shorter than the server asks")
    func pauses() {
        #expect(RetryPolicy.delay(attempt: 1, jitter: 1) == RetryPolicy.base)
        #expect(RetryPolicy.delay(attempt: 3, jitter: 1) == RetryPolicy.base * 4)
        #expect(RetryPolicy.delay(attempt: 3, jitter: 0) == RetryPolicy.base * 2)
        #expect(RetryPolicy.delay(attempt: 60, jitter: 1) == RetryPolicy.ceiling)
        #expect(RetryPolicy.delay(attempt: 1, jitter: 0, asked: .seconds(7)) == .seconds(7))
    }

    @Test("what is no URL of a server is refused", arguments: ["", "host", "ftp://host/", "http://"])
    func badURL(text: String) {
        #expect(throws: ClientError.invalidURL(text)) {
            try RoostClient(url: text, credential: .none, options: ClientOptions(userAgent: "test"))
        }
    }

    @Test("a server that nobody runs is unreachable, with advice")
    func unreachable() async throws {
        let options = ClientOptions(userAgent: "test", timeout: .seconds(5), retries: 0)
        let client = try RoostClient(url: "http://127.0.0.1:1/", credential: .none, options: options)
        do {
            _ = try await client.connectionData()
            Issue.record("somebody answered")
        } catch {
            #expect(error.code == "server.unreachable" && error.advice != nil)
        }
        await client.close()
    }
}
