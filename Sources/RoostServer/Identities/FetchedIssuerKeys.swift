import AsyncHTTPClient
import Foundation
import JWTKit
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import RoostModel

/// Reads keys where an issuer says they are (OpenID Connect Discovery 1.0 §4), over https; over http only on this machine.
struct FetchedIssuerKeys: IssuerKeys {
    /// Documents of issuers are small.
    private static let limit = 1 << 20
    /// Who waits for a token waits no longer.
    private static let patience = TimeAmount.seconds(10)

    private struct Discovery: Decodable {
        var issuer: String
        var jwks_uri: String
    }

    /// Keys of kinds that are not known are left out.
    private struct KeySet: Decodable {
        struct Entry: Decodable {
            var key: JWK?
            init(from decoder: any Decoder) throws { key = try? JWK(from: decoder) }
        }
        var keys: [Entry]
    }

    func keys(for issuer: String) async throws -> JWKS {
        guard let address = IssuerAddress(issuer) else { throw IssuerProblem.notHTTPS(issuer) }
        let discovery: Discovery = try await read(address.discovery)
        guard discovery.issuer == issuer else {
            throw IssuerProblem.otherIssuer(url: address.discovery, got: discovery.issuer)
        }
        guard IssuerAddress(discovery.jwks_uri) != nil else { throw IssuerProblem.notHTTPS(discovery.jwks_uri) }
        let set: KeySet = try await read(discovery.jwks_uri)
        return JWKS(keys: set.keys.compactMap(\.key))
    }

    private func read<Value: Decodable>(_ url: String) async throws -> Value {
        let body: ByteBuffer
        do {
            let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: Self.patience)
            guard response.status == .ok else {
                throw IssuerProblem.unreadable(url: url, reason: "it answers \(response.status.code)")
            }
            body = try await response.body.collect(upTo: Self.limit)
        } catch let problem as IssuerProblem {
            throw problem
        } catch { throw IssuerProblem.unreadable(url: url, reason: "\(error)") }
        do { return try JSONDecoder().decode(Value.self, from: Data(buffer: body)) } catch {
            throw IssuerProblem.unreadable(url: url, reason: "its answer is not what it should be")
        }
    }
}

/// Why an issuer's keys cannot be had.
enum IssuerProblem: Error, Hashable, CustomStringConvertible {
    case notHTTPS(String)
    case unreadable(url: String, reason: String)
    case otherIssuer(url: String, got: String)

    var description: String {
        switch self {
        case .notHTTPS(let url): "\(url.prefix(300)) is no https address"
        case .unreadable(let url, let reason): "\(url.prefix(300)): \(reason.prefix(300))"
        case .otherIssuer(let url, let got): "\(url.prefix(300)) is of the issuer '\(got.prefix(300))'"
        }
    }
}
