import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import NIOSSL

/// Reads an issuer's discovery document, and its keys from where that document says.
///
/// Each call has its own connections, for an issuer is asked once an hour. No redirect is followed, so that every address was looked at.
struct IssuerKeyFetch: IssuerKeyFetching {
    /// PEM file with authorities that are trusted beside the system's for all issuers.
    var authorityFile: String?
    /// For each of the two documents; who waits is an agent's setup.
    var patience = TimeAmount.seconds(10)
    /// Largest document; those of clouds have some ten kilobytes.
    var limit = 1 << 20

    private struct Discovery: Decodable {
        var issuer: String?
        var jwks_uri: String?
    }

    func keys(of source: IssuerSource) async throws(IssuerKeyFailure) -> IssuerKeySet {
        guard IssuerSource.isSafe(source.discovery) else { throw .insecure(url: source.discovery) }
        let http = try client(source)
        let result: Result<IssuerKeySet, IssuerKeyFailure>
        do { result = .success(try await keys(of: source, http)) } catch { result = .failure(error) }
        try? await http.shutdown()
        return try result.get()
    }

    private func keys(of source: IssuerSource, _ http: HTTPClient) async throws(IssuerKeyFailure) -> IssuerKeySet {
        let url = source.discovery
        let bytes = try await document(url, http)
        guard let discovery = try? JSONDecoder().decode(Discovery.self, from: bytes),
            let issuer = discovery.issuer, let address = discovery.jwks_uri
        else { throw .unreadable(url: url, cause: "it is no discovery document with 'issuer' and 'jwks_uri'") }
        guard issuer == source.issuer else {
            throw .otherIssuer(url: url, claimed: issuer, expected: source.issuer)
        }
        guard IssuerSource.isSafe(address), address.hasPrefix("https:") || url.hasPrefix("http:") else {
            throw .insecure(url: ClaimText.short(address))
        }
        let set = try await document(address, http)
        do { return try IssuerKeySet(json: set) } catch { throw .unreadable(url: address, cause: error.text) }
    }

    private func document(_ url: String, _ http: HTTPClient) async throws(IssuerKeyFailure) -> Data {
        do {
            var request = HTTPClientRequest(url: url)
            request.headers.add(name: "Accept", value: "application/json")
            let response = try await http.execute(request, timeout: patience)
            guard response.status == .ok else {
                throw IssuerKeyFailure.unreadable(url: url, cause: "the answer is \(response.status)")
            }
            return Data(buffer: try await response.body.collect(upTo: limit))
        } catch let failure as IssuerKeyFailure {
            throw failure
        } catch {
            throw .unreadable(url: url, cause: cause(error))
        }
    }

    private func cause(_ error: any Error) -> String {
        switch error {
        case is NIOTooManyBytesError: return "it is larger than \(limit >> 10) KiB"
        case let error as HTTPClientError where error == .deadlineExceeded || error == .connectTimeout:
            return "there is no answer within \(patience.nanoseconds / 1_000_000_000) seconds"
        case is NIOSSLError, is NIOSSLExtraError:
            return "its certificate is not trusted, or TLS fails otherwise (\(ClaimText.short("\(error)")))"
        case is CancellationError: return "the request was given up"
        default: return ClaimText.short("\(error)")
        }
    }

    private func client(_ source: IssuerSource) throws(IssuerKeyFailure) -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            if let authorityFile {
                tls.additionalTrustRoots.append(.certificates(try NIOSSLCertificate.fromPEMFile(authorityFile)))
            }
            if let authority = source.authority {
                tls.additionalTrustRoots.append(
                    .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
                )
            }
        } catch {
            throw .unreadable(url: source.discovery, cause: "the authorities that shall be trusted cannot be read")
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: patience, read: patience),
            ignoreUncleanSSLShutdown: false,
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
