import FoundationEssentials
import RoostClient
import RoostModel

/// Reads secrets of AWS Secrets Manager.
struct AWSSecretReader {
    let environment: LookupEnvironment

    private static let service = "AWS Secrets Manager"

    /// The secret as it is stored.
    func text(name: String) async throws(LookupFailure) -> String {
        try await secret(name).text
    }

    /// One of the secret's keys, or the only one; a secret that is no object is its own value.
    func value(name: String, key: String?) async throws(LookupFailure) -> String {
        let (text, url) = try await secret(name)
        guard let object = try? JSONDecoder().decode([String: PlainJSON].self, from: Data(text.utf8)) else {
            return text
        }
        let known = object.keys.sorted().prefix(20).joined(separator: ", ")
        guard let chosen = key ?? (object.count == 1 ? object.keys.first : nil) else {
            let count = object.isEmpty ? "no keys" : "several keys, and none is named"
            throw .missing(
                "The secret \"\(name)\" has \(count).",
                url: url,
                advice: object.isEmpty ? nil : "Name one of \(known)."
            )
        }
        guard let value = object[chosen] else {
            throw .missing("The secret \"\(name)\" has no key \"\(chosen)\".", url: url, advice: "It has \(known).")
        }
        guard let result = value.text else {
            throw .unusable(
                "The value of the key \"\(chosen)\" is no text.",
                url: url,
                advice: "Take the whole secret with aws_secretsmanager_raw and decode it."
            )
        }
        return result
    }

    private func secret(_ name: String) async throws(LookupFailure) -> (text: String, url: String) {
        let configuration = AWSConfiguration(environment: environment)
        let region = try configuration.region()
        let credentials = try configuration.credentials()
        let url = configuration.secretsEndpoint(region)
        let answer = try await send(name, url, region, credentials)
        guard answer.status == 200 else { throw Self.refusal(answer, url, name, credentials) }
        let read = try? JSONDecoder().decode(SecretAnswer.self, from: answer.body)
        guard let text = read?.SecretString else {
            throw .unusable(
                "The secret \"\(name)\" is no text.",
                url: url,
                advice: read?.SecretBinary == nil ? "Look whether the endpoint is right." : "Store it as a text."
            )
        }
        return (text, url)
    }

    private func send(
        _ name: String,
        _ url: String,
        _ region: String,
        _ credentials: AWSConfiguration.Credentials
    ) async throws(LookupFailure) -> WebClient.Answer {
        do {
            let request = try request(name, url, region, credentials)
            let client = try environment.client(for: url, authority: "AWS_CA_BUNDLE", verifies: true)
            return try await client.answer(request)
        } catch {
            throw .unanswered(
                error,
                service: Self.service,
                advice: "Look whether the region \(region) is right, and AWS_ENDPOINT_URL where one is set."
            )
        }
    }

    private func request(
        _ name: String,
        _ url: String,
        _ region: String,
        _ credentials: AWSConfiguration.Credentials
    ) throws(ClientError) -> WebClient.Request {
        guard let parsed = URL(string: url), let host = parsed.host, parsed.scheme?.hasPrefix("http") == true else {
            throw .invalidURL(url)
        }
        let signature = AWSSignature(
            keyID: credentials.keyID,
            key: credentials.key,
            region: region,
            service: "secretsmanager",
            date: environment.now()
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(["SecretId": name, "VersionStage": "AWSCURRENT"]) else {
            throw .invalidURL(url)
        }
        var headers = [
            (name: "Content-Type", value: "application/x-amz-json-1.1"),
            (name: "Host", value: parsed.port.map { "\(host):\($0)" } ?? host),
            (name: "X-Amz-Date", value: signature.timestamp),
            (name: "X-Amz-Target", value: "secretsmanager.GetSecretValue"),
        ]
        if let token = credentials.sessionToken { headers.append((name: "X-Amz-Security-Token", value: token)) }
        let path = parsed.path.isEmpty ? "/" : parsed.path
        let authorization = signature.authorization("POST", path: path, headers: headers, body: body)
        headers.append((name: "Authorization", value: authorization))
        return .init("POST", parsed.path.isEmpty ? "\(url)/" : url, headers: headers, body: body)
    }

    private static func refusal(
        _ answer: WebClient.Answer,
        _ url: String,
        _ name: String,
        _ credentials: AWSConfiguration.Credentials
    ) -> LookupFailure {
        let read = try? JSONDecoder().decode(ErrorAnswer.self, from: answer.body)
        let type = read?.__type?.split(separator: "#").last.map(String.init) ?? ""
        let secrets = [credentials.key, credentials.sessionToken].compactMap(\.self)
        let words = (read?.message ?? read?.Message ?? "").asMessage(hiding: secrets)
        if type == "ResourceNotFoundException" {
            return .missing(
                "AWS Secrets Manager has no secret \"\(name)\".",
                url: url,
                advice: "Look whether the name and the region are right."
            )
        }
        let advice: String? =
            switch type {
            case "AccessDeniedException": "Allow secretsmanager:GetSecretValue for the secret."
            case "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException",
                "InvalidClientTokenId":
                "Look whether the AWS keys are right and have not ended, and the clock is right."
            default: nil
            }
        let message = [type, words].filter { !$0.isEmpty }.joined(separator: ": ")
        return .refused(service: service, url: url, status: answer.status, message: message, advice: advice)
    }

    private struct SecretAnswer: Decodable {
        var SecretString: String?
        var SecretBinary: String?
    }

    private struct ErrorAnswer: Decodable {
        var __type: String?
        var message: String?
        var Message: String?
    }
}
