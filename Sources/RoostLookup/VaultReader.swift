import FoundationEssentials
import RoostClient
import RoostModel

/// Reads keys of HashiCorp Vault's stores, of both versions of `kv`.
struct VaultReader {
    let environment: LookupEnvironment

    private static let service = "Vault"

    func value(path: String, key: String) async throws(LookupFailure) -> String {
        guard let token = environment["VAULT_TOKEN"] else {
            throw .unset(
                "The environment has no VAULT_TOKEN.",
                advice: "Log in with 'vault login', and export VAULT_TOKEN."
            )
        }
        let address = environment["VAULT_ADDR"] ?? "https://127.0.0.1:8200"
        let url = Self.url(address, path)
        let answer = try await send(url, token: token)
        guard answer.status == 200 else { throw refusal(answer, url, token: token) }
        guard let read = try? JSONDecoder().decode(VaultAnswer.self, from: answer.body) else {
            throw .unusable("The answer is none of Vault.", url: url, advice: "Look whether VAULT_ADDR is right.")
        }
        return try Self.value(key, of: read, url)
    }

    static func url(_ address: String, _ path: String) -> String {
        let base = address.hasSuffix("/") ? String(address.dropLast()) : address
        let parts = path.split(separator: "/").map { RoostClient.escape(String($0)) }
        return "\(base)/v1/\(parts.joined(separator: "/"))"
    }

    private func send(_ url: String, token: String) async throws(LookupFailure) -> WebClient.Answer {
        var headers = [("X-Vault-Request", "true"), ("X-Vault-Token", token), ("Accept", "application/json")]
        if let namespace = environment["VAULT_NAMESPACE"] { headers.append(("X-Vault-Namespace", namespace)) }
        do {
            let client = try environment.client(
                for: url,
                authority: "VAULT_CACERT",
                verifies: environment.truth("VAULT_SKIP_VERIFY") != true,
                certificate: "VAULT_CLIENT_CERT",
                key: "VAULT_CLIENT_KEY"
            )
            return try await client.answer(.init("GET", url, headers: headers))
        } catch {
            throw .unanswered(
                error,
                service: Self.service,
                advice:
                    "Look whether VAULT_ADDR is right (it is \(environment["VAULT_ADDR"] ?? "not set"))\(error.isTLS ? ", and VAULT_CACERT names its authority" : "")."
            )
        }
    }

    private func refusal(_ answer: WebClient.Answer, _ url: String, token: String) -> LookupFailure {
        let read = try? JSONDecoder().decode(VaultAnswer.self, from: answer.body)
        let words = ((read?.errors ?? []) + (read?.warnings ?? [])).joined(separator: "; ").asMessage(hiding: [token])
        if answer.status == 404 {
            return .missing(
                "Vault has nothing at this path\(words.isEmpty ? "" : ": \(words)").",
                url: url,
                advice:
                    "In stores of version 2 the path has data after the name of the store, such as secret/data/name."
            )
        }
        let advice: String? =
            switch answer.status {
            case 403: "Look whether VAULT_TOKEN is still valid and may read the path, and VAULT_NAMESPACE is right."
            case 300..<400: "Set VAULT_ADDR to the server that is active."
            case 503: "Unseal Vault, or set VAULT_ADDR to a server that is not sealed."
            default: nil
            }
        return .refused(service: Self.service, url: url, status: answer.status, message: words, advice: advice)
    }

    /// In version 2 the keys are one level deeper.
    private static func value(_ key: String, of answer: VaultAnswer, _ url: String) throws(LookupFailure) -> String {
        let data = answer.data ?? [:]
        let keys: [String: PlainJSON]
        if case .object(let inner)? = data["data"] { keys = inner } else { keys = data }
        guard let value = keys[key] else {
            let known = keys.isEmpty ? "" : " It has \(keys.keys.sorted().prefix(20).joined(separator: ", "))."
            throw .missing("The secret has no key \"\(key)\".", url: url, advice: "Name one that it has.\(known)")
        }
        guard let text = value.text else {
            throw .unusable("The value of the key \"\(key)\" is no text.", url: url, advice: "Store it as a text.")
        }
        return text
    }
}

private struct VaultAnswer: Decodable {
    var data: [String: PlainJSON]?
    var errors: [String]?
    var warnings: [String]?
}
