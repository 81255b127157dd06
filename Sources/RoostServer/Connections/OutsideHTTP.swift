import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import RoostModel

/// Requests to vaults and clouds of others: secure ones only, short ones, and never to where an answer redirects.
enum OutsideHTTP {
    struct Answer: Sendable {
        var status: Int
        var body: Data
    }

    /// Lives as long as the process.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// A job waits for it while its lease runs.
    private static let limit = TimeAmount.seconds(20)
    private static let answerLimit = 1 << 20

    static func send(
        _ method: String,
        _ url: String,
        headers: [(String, String)] = [],
        form: [(String, String)]? = nil,
        json: Data? = nil
    ) async throws(Unreachable) -> Answer {
        guard OutsideAddress.isSecure(url) else {
            throw Unreachable(reason: "'\(url.prefix(200))' is no https address")
        }
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let form {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            let text = form.map { "\($0)=\(PercentCoding.encode($1))" }.joined(separator: "&")
            request.body = .bytes(ByteBuffer(string: text))
        } else if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: json))
        }
        do {
            let response = try await client.execute(request, timeout: limit)
            let body = try await response.body.collect(upTo: answerLimit)
            return Answer(status: Int(response.status.code), body: Data(buffer: body))
        } catch {
            let reason = (error as? HTTPClientError)?.shortDescription ?? "there is no connection"
            throw Unreachable(reason: "\(Self.host(url)) cannot be reached: \(reason)")
        }
    }

    struct Unreachable: Error {
        var reason: String
    }

    private static func host(_ url: String) -> String { URL(string: url)?.host ?? "the other side" }
}
