import AsyncHTTPClient
public import FoundationEssentials
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import NIOSSL
import RoostModel

/// A client of servers that are not Roost's, each with its own way of asking.
///
/// Close it with ``close()``.
public final class WebClient: Sendable {
    public struct Request: Sendable {
        public var method: String
        public var url: String
        public var headers: [(name: String, value: String)]
        public var body: Data?

        public init(
            _ method: String,
            _ url: String,
            headers: [(name: String, value: String)] = [],
            body: Data? = nil
        ) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
        }
    }

    public struct Answer: Sendable {
        public var status: Int
        /// In the order of the answer; a name may be there more than once.
        public var headers: [(name: String, value: String)]
        public var body: Data
    }

    private let http: HTTPClient
    private let options: ClientOptions
    private let answerLimit: Int

    /// - Parameters:
    ///   - options: how it connects.
    ///   - certificateFile: PEM file of the certificate by which this side proves who it is, with that of its key.
    ///   - keyFile: the same.
    ///   - redirects: how many redirects are followed.
    ///   - answerLimit: bytes of an answer's body.
    /// - Throws: ``ClientError/tlsFailure(url:reason:)`` for a file that cannot be read.
    public init(
        options: ClientOptions,
        certificateFile: String? = nil,
        keyFile: String? = nil,
        redirects: Int = 0,
        answerLimit: Int = 4 << 20
    ) throws(ClientError) {
        self.options = options
        self.answerLimit = answerLimit
        var configuration = try RoostClient.configuration(options, "")
        if redirects > 0 { configuration.redirectConfiguration = .follow(max: redirects, allowCycles: false) }
        if let certificateFile, let keyFile {
            do {
                let chain = try NIOSSLCertificate.fromPEMFile(certificateFile).map {
                    NIOSSLCertificateSource.certificate($0)
                }
                let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
                configuration.tlsConfiguration?.certificateChain = chain
                configuration.tlsConfiguration?.privateKey = .privateKey(key)
            } catch {
                throw .tlsFailure(
                    url: "",
                    reason: "the certificate \(certificateFile) or its key \(keyFile) cannot be read"
                )
            }
        }
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Ends its connections.
    public func close() async { try? await http.shutdown() }

    /// Sends a request once; every answer is one, whatever its status.
    public func send(_ request: Request) async throws(ClientError) -> Answer {
        var message = HTTPClientRequest(url: request.url)
        message.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { message.headers.replaceOrAdd(name: name, value: value) }
        if !message.headers.contains(name: "User-Agent") {
            message.headers.add(name: "User-Agent", value: options.userAgent)
        }
        if let body = request.body { message.body = .bytes(ByteBuffer(data: body)) }
        do {
            let response = try await http.execute(message, timeout: .seconds(options.timeout.components.seconds))
            let body = try await response.body.collect(upTo: answerLimit)
            return Answer(
                status: Int(response.status.code),
                headers: response.headers.map { ($0.name, $0.value) },
                body: Data(buffer: body)
            )
        } catch is NIOTooManyBytesError {
            throw .malformedAnswer(url: request.url, reason: "it has more than \(answerLimit >> 20) MiB")
        } catch {
            throw await RoostClient.failure(error, url: request.url, options)
        }
    }
}
