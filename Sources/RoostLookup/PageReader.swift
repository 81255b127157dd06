import FoundationEssentials
import RoostClient
import RoostModel
import RoostTemplate

/// Fetches what the data source `http` asks for.
struct PageReader {
    let environment: LookupEnvironment

    /// Pages that are larger are no values of a template.
    private static let answerLimit = 16 << 20

    func value(_ request: TemplateRequest) async throws(LookupFailure) -> HCLValue {
        let answer = try await send(request)
        guard (200..<300).contains(answer.status) else {
            throw .refused(service: "The server", url: request.url, status: answer.status, message: "", advice: nil)
        }
        guard let text = String(validating: answer.body, as: UTF8.self) else {
            throw .unusable("The page is no text in UTF-8.", url: request.url, advice: nil)
        }
        return Self.value(request, text, answer.headers)
    }

    private func send(_ request: TemplateRequest) async throws(LookupFailure) -> WebClient.Answer {
        let options = ClientOptions(
            userAgent: environment.userAgent,
            timeout: .seconds(60),
            retries: 0,
            proxy: environment.proxy(for: request.url)
        )
        do {
            let client = try WebClient(options: options, redirects: 10, answerLimit: Self.answerLimit)
            return try await client.answer(
                .init(
                    request.method,
                    request.url,
                    headers: request.headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
                    body: request.body.isEmpty ? nil : Data(request.body.utf8)
                )
            )
        } catch {
            throw .unanswered(error, service: "The server", advice: "Look whether the url of the data source is right.")
        }
    }

    /// Headers are named as Go writes them, and several of one name are one.
    private static func value(
        _ request: TemplateRequest,
        _ body: String,
        _ headers: [(name: String, value: String)]
    ) -> HCLValue {
        var named: [String: String] = [:]
        for (name, value) in headers {
            let name = name.split(separator: "-", omittingEmptySubsequences: false).map { part in
                part.prefix(1).uppercased() + part.dropFirst().lowercased()
            }.joined(separator: "-")
            named[name] = named[name].map { "\($0), \(value)" } ?? value
        }
        return .object([
            "url": .string(request.url), "body": .string(body),
            "request_headers": .map(named.mapValues { .string($0) }, of: .string),
        ])
    }
}
