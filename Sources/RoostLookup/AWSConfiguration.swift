/// What the environment and the files below `~/.aws` say about an account.
struct AWSConfiguration {
    let environment: LookupEnvironment

    struct Credentials: Equatable {
        var keyID: String
        var key: String
        var sessionToken: String?
    }

    private static let fileAdvice =
        "Export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or put them into ~/.aws/credentials; 'aws configure export-credentials --format env' prints those of other sign-ins."

    var profile: String { environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"] ?? "default" }

    func credentials() throws(LookupFailure) -> Credentials {
        if let id = environment["AWS_ACCESS_KEY_ID"] ?? environment["AWS_ACCESS_KEY"],
            let key = environment["AWS_SECRET_ACCESS_KEY"] ?? environment["AWS_SECRET_KEY"]
        {
            return Credentials(keyID: id, key: key, sessionToken: environment["AWS_SESSION_TOKEN"])
        }
        for settings in [credentialsFile[profile] ?? [:], configurationFile[profile] ?? [:]] {
            if let id = settings["aws_access_key_id"], let key = settings["aws_secret_access_key"] {
                return Credentials(keyID: id, key: key, sessionToken: settings["aws_session_token"])
            }
        }
        let other = ["role_arn", "sso_session", "sso_start_url", "credential_process", "web_identity_token_file"]
            .first { configurationFile[profile]?[$0] != nil }
        let detail = other.map { ": it has \($0), which is not followed" } ?? ""
        throw .unset("The AWS profile \"\(profile)\" has no keys\(detail).", advice: Self.fileAdvice)
    }

    func region() throws(LookupFailure) -> String {
        if let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] { return region }
        if let region = configurationFile[profile]?["region"] ?? credentialsFile[profile]?["region"] { return region }
        throw .unset(
            "No AWS region is set.",
            advice: "Export AWS_REGION, or write region = … for the profile \"\(profile)\" in ~/.aws/config."
        )
    }

    /// Where Secrets Manager answers.
    func secretsEndpoint(_ region: String) -> String {
        let named =
            environment["AWS_ENDPOINT_URL_SECRETS_MANAGER"] ?? environment["AWS_ENDPOINT_URL"]
            ?? configurationFile[profile]?["endpoint_url"]
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        var url = named ?? "https://secretsmanager.\(region).\(domain)"
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    // MARK: Files

    private var credentialsFile: [String: [String: String]] {
        Self.sections(environment.file(environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials") ?? "")
    }

    /// Its sections are called `profile NAME`, but for the default one.
    private var configurationFile: [String: [String: String]] {
        let sections = Self.sections(environment.file(environment["AWS_CONFIG_FILE"] ?? "~/.aws/config") ?? "")
        return sections.reduce(into: [:]) { result, section in
            let words = section.key.split(whereSeparator: \.isWhitespace)
            if words.count == 2, words[0] == "profile" { result[String(words[1])] = section.value }
            if section.key == "default" { result[section.key] = result[section.key] ?? section.value }
        }
    }

    /// `[section]` and below it `name = value`; indented lines belong to the setting above them and are none of ours.
    static func sections(_ text: String) -> [String: [String: String]] {
        var result: [String: [String: String]] = [:]
        var section = ""
        for line in text.split(whereSeparator: \.isNewline) {
            guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
            if first == "[", let end = line.firstIndex(of: "]") {
                section = trimmed(line[line.index(after: line.startIndex)..<end])
                result[section] = result[section] ?? [:]
            } else if let sign = line.firstIndex(of: "=") {
                let value = trimmed(line[line.index(after: sign)...])
                result[section]?[trimmed(line[..<sign]).lowercased()] = value.isEmpty ? nil : value
            }
        }
        return result
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(
            start[..<(start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex)]
        )
    }
}
