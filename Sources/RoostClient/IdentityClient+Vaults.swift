import FoundationEssentials
import NIOHTTP1
public import RoostModel
import RoostWire

extension IdentityClient {
    /// Facts of this machine by name, from the tags of its instance document.
    ///
    /// - Parameter url: the document's, with its query.
    /// - Returns: values by name.
    /// - Throws: ``IdentityFailure``.
    public func machineFacts(at url: String) async throws(IdentityFailure) -> [String: String] {
        let answer: Answer
        do { answer = try await send(.GET, url, headers: [("Metadata", "true")]) } catch { throw .failed(error) }
        guard answer.status == .ok else { throw Self.refusal(answer) }
        do {
            let tags = try WireJSON.decode(InstanceWire.self, from: answer.body).compute?.tagsList ?? []
            return Dictionary(tags.map { ($0.name, $0.value) }) { first, _ in first }
        } catch { throw .failed(.malformedAnswer(url: url, reason: "it is no instance document")) }
    }

    /// The resource that a vault wants tokens for, as it says to who brings none.
    ///
    /// - Parameter vault: the vault's URL, without a slash at its end.
    /// - Returns: the audience of tokens.
    /// - Throws: ``IdentityFailure``.
    public func vaultResource(_ vault: String) async throws(IdentityFailure) -> String {
        let url = "\(vault)/secrets?api-version=7.4&maxresults=1"
        let answer: Answer
        do { answer = try await send(.GET, url) } catch { throw .failed(error) }
        let challenges = answer.headers["WWW-Authenticate"].compactMap { Self.resource(in: $0) }
        guard answer.status == .unauthorized, let resource = challenges.first else {
            throw .failed(.malformedAnswer(url: url, reason: "it does not ask for a token as a vault does"))
        }
        return resource
    }

    /// The value of a secret's newest version.
    ///
    /// - Throws: ``IdentityFailure``.
    public func vaultSecret(_ name: String, of vault: String, token: Secret) async throws(IdentityFailure) -> Secret {
        let url = "\(vault)/secrets/\(RoostClient.escape(name))/?api-version=7.4"
        let answer: Answer
        do { answer = try await send(.GET, url, headers: [("Authorization", "Bearer \(token.exposed)")]) } catch {
            throw .failed(error)
        }
        guard answer.status == .ok else { throw Self.vaultRefusal(answer) }
        do { return Secret(try WireJSON.decode(SecretWire.self, from: answer.body).value) } catch {
            throw .failed(.malformedAnswer(url: url, reason: "it has no value"))
        }
    }

    private struct InstanceWire: Decodable {
        struct Compute: Decodable { var tagsList: [Tag]? }
        struct Tag: Decodable {
            var name: String
            var value: String
        }
        var compute: Compute?
    }
    private struct SecretWire: Decodable { var value: String }
    private struct VaultErrorWire: Decodable {
        struct Problem: Decodable {
            var code: String
            var message: String
        }
        var error: Problem
    }

    private static func vaultRefusal(_ answer: Answer) -> IdentityFailure {
        let problem = (try? WireJSON.decode(VaultErrorWire.self, from: answer.body))?.error
        return .refused(
            IdentityRefusal(
                url: String(answer.url.prefix { $0 != "?" }),
                status: Int(answer.status.code),
                error: problem?.code ?? "",
                message: problem?.message ?? "",
                code: nil,
                advice: nil
            )
        )
    }

    /// The part `resource` (or `scope`) of a challenge.
    private static func resource(in header: String) -> String? {
        for part in header.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0] == "resource" || pair[0] == "scope" else { continue }
            let value = pair[1].filter { $0 != "\"" }
            return value.hasSuffix("/.default") ? String(value.dropLast(9)) : String(value)
        }
        return nil
    }
}
