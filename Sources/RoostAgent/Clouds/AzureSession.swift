import FoundationEssentials
import RoostModel

/// `az`, signed in for one step, with a configuration of its own that goes with the step.
struct AzureSession: Sendable {
    /// The step, whose programs find the session.
    let work: StepWork
    private let az: String
    private let account: CloudAccount
    /// Of secrets and, unless the machine's is used, of the configuration.
    private let folder: String
    private let isVisible: Bool

    /// - Parameters:
    ///   - work: the step.
    ///   - account: who signs in.
    ///   - isGlobal: uses the machine's own configuration of `az`.
    ///   - isVisible: shows what signing in prints.
    /// - Throws: ``ProgramFailure`` when there is no `az`, ``TaskFolderFailure`` when its folder cannot be made.
    init(_ work: StepWork, _ account: CloudAccount, isGlobal: Bool, isVisible: Bool) throws {
        az = try work.program("az", package: "azure-cli")
        folder = "\(work.settings.folders.temp)/.az-\(UUID().uuidString.lowercased())"
        let error = FileTree.make(folder, mode: 0o700)
        guard error == 0 else { throw TaskFolderFailure.fileNotWritten(folder, reason: systemMessage(error)) }
        var environment = ["AZURE_HTTP_USER_AGENT": "Roost", "AZURE_CORE_COLLECT_TELEMETRY": "false"]
        // A login host that its maker does not know could never be found genuine there.
        if !account.isBuiltIn { environment["AZURE_CORE_INSTANCE_DISCOVERY"] = "false" }
        if !isGlobal { environment["AZURE_CONFIG_DIR"] = work.insideText(folder) }
        self.work = work.adding(environment)
        self.account = account
        self.isVisible = isVisible
    }

    /// Signs in.
    ///
    /// - Returns: false when `az` did not; its own words are in the log.
    func begin(allowsNoSubscriptions: Bool) async throws -> Bool {
        guard try await chooseCloud() else { return false }
        var words = ["login"]
        let proof = try proof
        words += proof
        if account.subscription == nil || allowsNoSubscriptions { words.append("--allow-no-subscriptions") }
        if !isVisible { words += ["--output", "none"] }
        guard try await run(words) else { return false }
        guard let subscription = account.subscription else { return true }
        return try await run(["account", "set", "--subscription", subscription])
    }

    /// Forgets the session.
    func end() async throws {
        if work.stop.reason == nil { _ = try await run(["account", "clear"]) }
    }

    /// Removes what is left of it; secrets are in its folder only.
    func remove() { FileTree.delete(folder) }

    private func chooseCloud() async throws -> Bool {
        if !account.isBuiltIn {
            guard try await run(["cloud", "register", "--name", account.cloud] + endpoints) else { return false }
        }
        return try await run(["cloud", "set", "--name", account.cloud])
    }

    /// What the connection says of a cloud that `az` does not know.
    private var endpoints: [String] {
        let options = [
            ("--endpoint-resource-manager", Cloud.Field.resourceManager),
            ("--endpoint-active-directory", Cloud.Field.authority),
            ("--endpoint-active-directory-resource-id", Cloud.Field.audience),
            ("--endpoint-active-directory-graph-resource-id", "graphUrl"),
            ("--suffix-keyvault-dns", Cloud.Field.vaultSuffix), ("--suffix-storage-endpoint", "StorageEndpointSuffix"),
        ]
        return options.flatMap { option, name in
            account.endpoint(name).map { value in
                // az wants the suffix of vaults with its dot.
                [option, name == Cloud.Field.vaultSuffix && !value.hasPrefix(".") ? ".\(value)" : value]
            } ?? []
        }
    }

    /// Secrets go by files, since others can read arguments; `az` reads `@file` as what is in the file.
    private var proof: [String] {
        get throws {
            let principal = ["--service-principal", "--username", account.client, "--tenant", account.tenant]
            switch account.credential {
            case .secret(let secret): return principal + ["--password", "@\(try file("secret", secret))"]
            case .certificate(let pem): return principal + ["--certificate", try file("certificate.pem", pem)]
            case .idToken(let token): return principal + ["--federated-token", "@\(try file("token", token))"]
            case .managedIdentity(let client): return ["--identity"] + (client.map { ["--client-id", $0] } ?? [])
            }
        }
    }

    private func file(_ name: String, _ secret: Secret) throws -> String {
        let path = "\(folder)/\(name)"
        let error = SecretFile.create(Array(secret.exposed.utf8), at: path)
        guard error == 0 else { throw TaskFolderFailure.fileNotWritten(path, reason: systemMessage(error)) }
        return work.insideText(path)
    }

    private func run(_ words: [String]) async throws -> Bool {
        let outcome = try await work.call(az, words)
        return work.judge(outcome, program: "az \(words[0])") == .succeeded
    }
}
