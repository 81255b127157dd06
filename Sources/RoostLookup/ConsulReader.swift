import FoundationEssentials
import RoostClient
import RoostModel

/// Reads keys of Consul's store.
struct ConsulReader {
    let environment: LookupEnvironment

    private static let service = "Consul"

    func value(key: String) async throws(LookupFailure) -> String {
        let url = url(key)
        let answer = try await send(url)
        guard answer.status == 200 else { throw refusal(answer, url, key) }
        guard let entries = try? JSONDecoder().decode([Entry].self, from: answer.body), let entry = entries.first else {
            throw .unusable(
                "The answer is none of Consul.",
                url: url,
                advice: "Look whether CONSUL_HTTP_ADDR is right."
            )
        }
        guard let value = entry.Value, !value.isEmpty else {
            throw .unusable(
                "The key \"\(key)\" has an empty value.",
                url: url,
                advice: "Store a value with 'consul kv put'."
            )
        }
        guard let data = Data(base64Encoded: value), let text = String(validating: data, as: UTF8.self) else {
            throw .unusable("The value of the key \"\(key)\" is no text.", url: url, advice: "Store it as UTF-8.")
        }
        return text
    }

    /// Addresses may have no scheme, and one of a socket.
    func url(_ key: String) -> String {
        let given = environment["CONSUL_HTTP_ADDR"] ?? "127.0.0.1:8500"
        let isSecure = environment.truth("CONSUL_HTTP_SSL") == true
        var address = given
        if let path = given.withoutPrefix("unix://") {
            address = "http+unix://\(RoostClient.escape(path))"
        } else if !given.contains("://") {
            address = "\(isSecure ? "https" : "http")://\(given)"
        } else if isSecure, let rest = given.withoutPrefix("http://") {
            address = "https://\(rest)"
        }
        while address.hasSuffix("/") { address.removeLast() }
        let parts = key.drop { $0 == "/" }.split(separator: "/", omittingEmptySubsequences: false).map {
            RoostClient.escape(String($0))
        }
        let namespace = environment["CONSUL_NAMESPACE"].map { "?ns=\(RoostClient.escape($0))" } ?? ""
        return "\(address)/v1/kv/\(parts.joined(separator: "/"))\(namespace)"
    }

    private var token: String? {
        environment["CONSUL_HTTP_TOKEN"]
            ?? environment["CONSUL_HTTP_TOKEN_FILE"].flatMap { environment.file($0) }.map { text in
                String(text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
            }
    }

    private func send(_ url: String) async throws(LookupFailure) -> WebClient.Answer {
        var headers = [("Accept", "application/json")]
        if let token { headers.append(("X-Consul-Token", token)) }
        if let user = environment["CONSUL_HTTP_AUTH"] {
            headers.append(("Authorization", "Basic \(Data(user.utf8).base64EncodedString())"))
        }
        do {
            let client = try environment.client(
                for: url,
                authority: "CONSUL_CACERT",
                verifies: environment.truth("CONSUL_HTTP_SSL_VERIFY") != false,
                certificate: "CONSUL_CLIENT_CERT",
                key: "CONSUL_CLIENT_KEY"
            )
            return try await client.answer(.init("GET", url, headers: headers))
        } catch {
            let given = environment["CONSUL_HTTP_ADDR"] ?? "not set"
            throw .unanswered(
                error,
                service: Self.service,
                advice:
                    "Look whether CONSUL_HTTP_ADDR is right (it is \(given))\(error.isTLS ? ", and CONSUL_CACERT names its authority" : "")."
            )
        }
    }

    private func refusal(_ answer: WebClient.Answer, _ url: String, _ key: String) -> LookupFailure {
        if answer.status == 404 {
            return .missing("Consul has no key \"\(key)\".", url: url, advice: "Look at 'consul kv get -keys'.")
        }
        let secrets = [token, environment["CONSUL_HTTP_AUTH"]].compactMap(\.self)
        return .refused(
            service: Self.service,
            url: url,
            status: answer.status,
            message: String(decoding: answer.body.prefix(1000), as: UTF8.self).asMessage(hiding: secrets),
            advice: answer.status == 403 ? "Look whether CONSUL_HTTP_TOKEN may read the key." : nil
        )
    }

    private struct Entry: Decodable { var Value: String? }
}

extension String {
    fileprivate func withoutPrefix(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
