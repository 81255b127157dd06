/// A value that another server keeps, and that a template asks for.
public enum TemplateLookup: Hashable, Sendable {
    /// The value of a key below a path of HashiCorp Vault.
    case vault(path: String, key: String)
    /// The value of a key of Consul.
    case consul(key: String)
    /// A secret of AWS Secrets Manager: one of its keys, the only one when none is named, or the text when it has no keys.
    case awsSecret(name: String, key: String?)
    /// A secret of AWS Secrets Manager as it is stored.
    case awsSecretText(name: String)
    /// What the data source `http` fetches.
    case http(TemplateRequest)

    /// Whether what is found must not be shown.
    public var isSensitive: Bool {
        if case .http = self { false } else { true }
    }
}

/// A request that a data source makes.
public struct TemplateRequest: Hashable, Sendable {
    public var url: String
    /// Such as `GET`.
    public var method: String
    public var headers: [String: String]
    public var body: String

    public init(url: String, method: String = "GET", headers: [String: String] = [:], body: String = "") {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
    }
}

/// What came of a look-up.
public enum TemplateAnswer: Sendable {
    case found(HCLValue)
    /// Why there is no value: one or more sentences, without secrets.
    case failed(String)
}
