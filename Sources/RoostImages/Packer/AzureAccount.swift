import Foundation
public import RoostTemplate

/// Who signs in to Azure for builders of it, as the environment says, under the names that other tools of Azure read too.
///
/// It is for templates that say nothing about it; one with credentials of its own keeps them.
public struct AzureAccount: Sendable {
    /// What proves who the account is.
    enum Proof: Sendable, Hashable {
        case secret(String)
        /// The path of a certificate with its key, and its password.
        case certificate(String, password: String?)
        /// An id token of an issuer that the account trusts.
        case token(String)
        /// The session of `az`.
        case commandLine
        /// The identity of the machine that builds.
        case machine
    }

    let client: String?
    let tenant: String?
    let subscription: String?
    let proof: Proof
    /// As packer names it; nil is as the template says.
    let cloud: String?
    /// Where a cloud that packer does not know tells its endpoints.
    let metadataHost: String?

    /// Nil when the environment names no way to sign in.
    ///
    /// - Throws: ``PackerFailure`` when it does, and something is missing.
    public init?(_ environment: [String: String]) throws {
        func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let proof = try Self.proof(given) else { return nil }
        self.proof = proof
        (client, tenant) = (given("ARM_CLIENT_ID"), given("ARM_TENANT_ID"))
        subscription = given("ARM_SUBSCRIPTION_ID")
        metadataHost = given("ARM_METADATA_HOSTNAME")
        cloud = metadataHost == nil ? try given("ARM_ENVIRONMENT").map(Self.cloud) : nil
        guard proof != .commandLine, proof != .machine else { return }
        for (name, value) in [("ARM_CLIENT_ID", client), ("ARM_TENANT_ID", tenant)] where value == nil {
            throw PackerFailure.accountIncomplete(missing: name)
        }
    }

    private static func proof(_ given: (String) -> String?) throws -> Proof? {
        if let secret = try given("ARM_CLIENT_SECRET") ?? text(given, "ARM_CLIENT_SECRET_FILE_PATH") {
            return .secret(secret)
        }
        if let path = given("ARM_CLIENT_CERTIFICATE_PATH") {
            return .certificate(path, password: given("ARM_CLIENT_CERTIFICATE_PASSWORD"))
        }
        if let token = try given("ARM_OIDC_TOKEN") ?? text(given, "ARM_OIDC_TOKEN_FILE_PATH") { return .token(token) }
        if isTrue(given("ARM_USE_CLI")) { return .commandLine }
        return isTrue(given("ARM_USE_MSI")) ? .machine : nil
    }

    private static func isTrue(_ text: String?) -> Bool { text == "1" || text?.lowercased() == "true" }

    /// What is in the file that a variable names.
    private static func text(_ given: (String) -> String?, _ name: String) throws -> String? {
        guard let path = given(name) else { return nil }
        guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 16 else {
            throw PackerFailure.accountFile(name: name, path: path)
        }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The name that packer has for a cloud, whoever named it.
    static func cloud(_ name: String) throws -> String {
        switch name.lowercased() {
        case "public", "azurecloud", "azurepubliccloud", "publiccloud": "Public"
        case "china", "azurechinacloud", "chinacloud": "China"
        case "usgovernment", "us-government", "azureusgovernment", "azureusgovernmentcloud", "usgovernmentcloud":
            "USGovernment"
        default: throw PackerFailure.unknownCloud(name)
        }
    }

    // MARK: Settings

    /// Types of builders that sign in to Azure.
    static func isFor(_ type: String) -> Bool { type.hasPrefix("azure-") }

    private static let proofs = [
        "client_secret", "client_cert_path", "client_jwt", "oidc_request_token",
    ]

    /// Whether settings say themselves how to sign in.
    static func isGiven(in settings: ImageSettings) -> Bool {
        proofs.contains { settings.hasText($0) }
            || ["use_azure_cli_auth", "use_interactive_auth"].contains { settings[$0]?.truth == true }
    }

    /// Settings of a builder with this account, unless they have one.
    func filling(_ settings: ImageSettings) -> ImageSettings {
        guard !Self.isGiven(in: settings) else { return settings }
        var result = settings
        // An empty text, where a variable had no value, would be in the way.
        result.entries.removeAll { entry in
            (Self.proofs + ["client_id", "tenant_id"]).contains(entry.name) && !settings.hasText(entry.name)
        }
        for (name, value) in given where isOver(name) || !settings.hasText(name) {
            result.set(name, SettingValue(value.form, isSensitive: value.isSecret))
        }
        return result
    }

    /// The identity is that of the proof, whatever the template names.
    private func isOver(_ name: String) -> Bool { name == "client_id" || name == "tenant_id" }

    private var given: [(String, (form: SettingValue.Form, isSecret: Bool))] {
        var all: [(String, (form: SettingValue.Form, isSecret: Bool))] = []
        func add(_ name: String, _ text: String?, isSecret: Bool = false) {
            if let text { all.append((name, (.text(text), isSecret))) }
        }
        add("client_id", client)
        // The machine's identity and the session of az know their own.
        if proof != .machine, proof != .commandLine { add("tenant_id", tenant) }
        add("subscription_id", subscription)
        switch proof {
        case .secret(let secret): add("client_secret", secret, isSecret: true)
        case .certificate(let path, let password):
            add("client_cert_path", path)
            add("client_cert_password", password, isSecret: true)
        case .token(let token): add("client_jwt", token, isSecret: true)
        case .commandLine: all.append(("use_azure_cli_auth", (.truth(true), false)))
        case .machine: break
        }
        add("cloud_environment_name", cloud)
        add("metadata_host", metadataHost)
        return all
    }

    /// Texts that must not be shown.
    var secrets: [String] {
        switch proof {
        case .secret(let text), .token(let text): [text]
        case .certificate(_, let password): password.map { [$0] } ?? []
        case .commandLine, .machine: []
        }
    }
}

extension ImageSettings {
    /// Whether a setting has a text, or one that comes later.
    fileprivate func hasText(_ name: String) -> Bool {
        guard let value = self[name] else { return false }
        return value.text.map { !$0.isEmpty } ?? true
    }
}

extension ImagePlan {
    /// The plan with the account of an environment in the targets that have none of their own.
    ///
    /// - Throws: what ``AzureAccount`` says of an account that is not whole.
    public func withAccount(of environment: [String: String]) throws -> ImagePlan {
        guard let account = try AzureAccount(environment) else { return self }
        var plan = self
        for place in plan.targets.indices where AzureAccount.isFor(plan.targets[place].type) {
            plan.targets[place].settings = account.filling(plan.targets[place].settings)
        }
        return plan
    }
}
