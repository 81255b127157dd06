import FoundationEssentials
import RoostClient
import RoostModel

/// A resource manager, and who asks it.
struct AzureConnection: Sendable {
    let endpoints: AzureEndpoints
    let token: Secret
    /// That signing in leads to; empty when it leads to none.
    let subscription: String
    let web: WebClient

    /// Pages of a list that are read.
    private static let mostPages = 50

    struct Answer: Sendable {
        var status: Int
        var body: Data
        var retryAfter: Double?
    }

    /// The address of a path that begins with a slash.
    func address(_ path: String, _ version: String, _ query: String = "") -> String {
        "\(endpoints.resourceManager)\(path)?api-version=\(version)\(query.isEmpty ? "" : "&\(query)")"
    }

    /// Reads something; nil when it is not there.
    func read<Value: Decodable & Sendable>(
        _ url: String,
        as type: Value.Type = Value.self,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> Value? {
        let answer = try await send("GET", url, by: deadline)
        guard let answer else { return nil }
        do { return try JSONDecoder().decode(Value.self, from: answer.body) } catch {
            throw .malformed(url: url, status: answer.status)
        }
    }

    /// Reads a list with all its pages; nil when what it is of is not there.
    func list<Element: Decodable & Sendable>(
        _ url: String,
        of type: Element.Type = Element.self,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> [Element]? {
        var (elements, next): ([Element], String?) = ([], url)
        for _ in 0..<Self.mostPages {
            guard let address = next else { break }
            guard let page = try await read(address, as: AzureListWire<Element>.self, by: deadline) else { return nil }
            elements += page.value
            next = page.nextLink.flatMap { $0.isEmpty ? nil : $0 }
            // The token goes to nobody else.
            if let next, !next.hasPrefix("\(endpoints.resourceManager)/") { throw .malformed(url: next, status: 200) }
        }
        return elements
    }

    /// Sends a request; nil when the resource manager says that there is no such thing.
    func send(
        _ method: String,
        _ url: String,
        body: Data? = nil,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> Answer? {
        var headers = [("Authorization", "Bearer \(token.exposed)"), ("Accept", "application/json")]
        if body != nil { headers.append(("Content-Type", "application/json")) }
        // What is there already must stay as it is.
        if method == "PUT" { headers.append(("If-None-Match", "*")) }
        let request = WebClient.Request(method, url, headers: headers, body: body)
        let answer = try await answered(by: deadline, at: url) { try await web.send(request) }
        let retryAfter = answer.headers.first { $0.name.lowercased() == "retry-after" }?.value
        guard !(200..<300).contains(answer.status) else {
            return Answer(status: answer.status, body: answer.body, retryAfter: retryAfter.flatMap(Double.init))
        }
        guard let error = try? JSONDecoder().decode(AzureErrorWire.self, from: answer.body).error else {
            throw .malformed(url: url, status: answer.status)
        }
        let isMissing = answer.status == 404 || error.code == "InvalidSubscriptionId"
        if isMissing { return nil }
        throw .refused(
            AzureRefusal(
                url: url,
                status: answer.status,
                code: error.code,
                message: (error.message ?? "").asMessage(hiding: [token.exposed]),
                retryAfter: retryAfter
            )
        )
    }
}

struct AzureListWire<Element: Decodable & Sendable>: Decodable, Sendable {
    var value: [Element]
    var nextLink: String?
}

private struct AzureErrorWire: Decodable {
    struct Content: Decodable {
        var code: String
        var message: String?
    }

    var error: Content
}
