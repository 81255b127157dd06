import FoundationEssentials
import RoostModel

/// Reads the values of a variable group from a vault of others.
struct VaultReader: Sendable {
    let plane: ControlPlane
    let group: VariableGroup
    let vault: GroupVault
    let connection: TaskConnection
    /// Of the connection, opened.
    let parameters: [String: String]

    /// The values of some names; every name has one.
    func read(_ names: [String]) async throws -> [String: Secret] {
        switch vault.kind {
        case .own: [:]
        case .azure: try await azure(names)
        case .hashiCorp: try await hashiCorp(names)
        }
    }

    // MARK: Azure Key Vault

    private struct SecretValue: Decodable { var value: String }
    private struct AzureProblem: Decodable {
        struct Inner: Decodable { var code: String? }
        struct Problem: Decodable {
            var code: String?
            var innererror: Inner?
        }
        var error: Problem?
    }

    private func azure(_ names: [String]) async throws -> [String: Secret] {
        let token = try await azureToken()
        let suffix = data(Cloud.Field.vaultSuffix) ?? Cloud.builtIn[0].endpoints[Cloud.Field.vaultSuffix] ?? ""
        let base = data("keyVaultUrl") ?? "https://\(vault.vault).\(suffix)"
        return try await withThrowingTaskGroup(of: (String, Secret).self) { tasks in
            for name in names { tasks.addTask { (name, try await azureSecret(name, base, token)) } }
            var values: [String: Secret] = [:]
            for try await (name, value) in tasks { values[name] = value }
            return values
        }
    }

    private func azureToken() async throws -> String {
        let known = connection.taskData[ignoringCase: Cloud.Field.vaultAudience]
        let resource = Self.trimmed(known ?? Cloud.builtIn[0].endpoints[Cloud.Field.vaultAudience] ?? "")
        let signIn = ConnectionSignIn(plane: plane, connection: connection, parameters: parameters)
        do throws(ConnectionFailure) { return try await signIn.token(scope: "\(resource)/.default").exposed } catch {
            throw failure(.signIn(error))
        }
    }

    private func azureSecret(_ name: String, _ base: String, _ token: String) async throws -> Secret {
        let answer = try await send(
            "GET",
            "\(Self.trimmed(base))/secrets/\(PercentCoding.encode(name))?api-version=7.4",
            headers: [("Authorization", "Bearer \(token)")],
            secret: name
        )
        guard answer.status == 200 else {
            let problem = decode(AzureProblem.self, answer)?.error
            throw failure(.answered(answer.status, problem?.innererror?.code ?? problem?.code), secret: name)
        }
        guard let value = decode(SecretValue.self, answer) else { throw failure(.unreadable, secret: name) }
        return Secret(value.value)
    }

    // MARK: HashiCorp Vault

    private struct Login: Decodable {
        struct Auth: Decodable { var client_token: String }
        var auth: Auth
    }
    private struct KeyValues: Decodable {
        struct Version: Decodable { var data: [String: JSONScalar]? }
        var data: Version
    }
    private struct HashiCorpProblem: Decodable { var errors: [String]? }

    private func hashiCorp(_ names: [String]) async throws -> [String: Secret] {
        let base = Self.trimmed(connection.url)
        let token = try await hashiCorpToken(base)
        let path = Self.path(vault.mount ?? "secret") + "/data/" + Self.path(vault.vault)
        let answer = try await send("GET", "\(base)/v1/\(path)", headers: [("X-Vault-Token", token)] + namespace)
        guard answer.status == 200 else { throw refused(answer) }
        guard let found = decode(KeyValues.self, answer)?.data.data else { throw failure(.unreadable) }
        var values: [String: Secret] = [:]
        for name in names {
            guard let value = found[name] else { throw failure(.answered(404, "no such key"), secret: name) }
            values[name] = Secret(value.text)
        }
        return values
    }

    private func hashiCorpToken(_ base: String) async throws -> String {
        if let token = optionalParameter("token") ?? optionalParameter("apitoken") { return token }
        let role = ["role_id": try parameter("roleid"), "secret_id": try parameter("secretid")]
        let mount = Self.path(data("appRoleMount") ?? "approle")
        let answer = try await send(
            "POST",
            "\(base)/v1/auth/\(mount)/login",
            headers: namespace,
            json: try JSONEncoder().encode(role)
        )
        guard answer.status == 200 else { throw refused(answer) }
        guard let login = decode(Login.self, answer) else { throw failure(.unreadable) }
        return login.auth.client_token
    }

    private var namespace: [(String, String)] { data("namespace").map { [("X-Vault-Namespace", $0)] } ?? [] }

    private func refused(_ answer: OutsideHTTP.Answer) -> VaultReadFailure {
        let word = decode(HashiCorpProblem.self, answer)?.errors?.first
        return failure(.answered(answer.status, word.map { String($0.prefix(100)) }))
    }

    /// Each part of a path for itself, so that none of them leads elsewhere.
    private static func path(_ text: String) -> String {
        text.split(separator: "/").filter { $0 != "." && $0 != ".." }.map { PercentCoding.encode(String($0)) }
            .joined(separator: "/")
    }

    // MARK: Both

    private func send(
        _ method: String,
        _ url: String,
        headers: [(String, String)] = [],
        form: [(String, String)]? = nil,
        json: Data? = nil,
        secret: String? = nil
    ) async throws -> OutsideHTTP.Answer {
        do { return try await OutsideHTTP.send(method, url, headers: headers, form: form, json: json) } catch {
            throw failure(.unreachable(error.reason), secret: secret)
        }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ answer: OutsideHTTP.Answer) -> Value? {
        try? JSONDecoder().decode(type, from: answer.body)
    }

    private func failure(_ reason: VaultReadFailure.Reason, secret: String? = nil) -> VaultReadFailure {
        VaultReadFailure(group: group.name, vault: vault, secret: secret, reason: reason)
    }

    private func data(_ name: String) -> String? { connection.taskData[ignoringCase: name] }

    private func optionalParameter(_ name: String) -> String? { parameters[ignoringCase: name] }

    private func parameter(_ name: String) throws(VaultReadFailure) -> String {
        guard let value = optionalParameter(name) else {
            throw failure(.connection(connection.name, missing: "parameter '\(name)'"))
        }
        return value
    }

    private static func trimmed(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}

/// A value of JSON as text; keys of a secret may hold numbers and flags, too.
struct JSONScalar: Decodable, Hashable, Sendable {
    var text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            text = value
        } else if let value = try? container.decode(Bool.self) {
            text = value ? "true" : "false"
        } else if let value = try? container.decode(Int.self) {
            text = String(value)
        } else if let value = try? container.decode(Double.self) {
            text = String(value)
        } else {
            text = ""
        }
    }
}
