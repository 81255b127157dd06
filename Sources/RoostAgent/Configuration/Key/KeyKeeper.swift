import FoundationEssentials
import Glibc
import RoostWire

/// Keeps an agent's private key on its machine and gets it back.
struct KeyKeeper: Sendable {
    let files: AgentFiles
    /// Of the process, for PATH and for credentials that systemd hands to a service.
    let environment: [String: String]

    /// The name a unit has to give the key in `LoadCredentialEncrypted=`.
    private static let credentialName = "roost-agent-key"
    /// Exists where systemd has started the machine.
    private static let systemdMark = "/run/systemd/system"

    private var sealedFile: String { files.root.file(.sealedKey) }

    // MARK: Keeping

    /// Keeps a key in the place of an older one.
    ///
    /// - Returns: where it went.
    /// - Throws: ``ConfigurationFailure``.
    func keep(_ key: AgentKey, _ protection: KeyProtection) async throws(ConfigurationFailure) -> KeyPlace {
        switch protection {
        case .file: return try plain(key, because: nil)
        case .keyring: return try demand(try ring(key))
        case .systemd: return try demand(await seal(key))
        case .auto:
            guard FileTree.exists(Self.systemdMark) else {
                return try plain(key, because: "this machine does not run systemd")
            }
            switch await seal(key) {
            case .success(let place): return place
            case .failure(let fault): return try plain(key, because: fault.reason)
            }
        }
    }

    private func demand(_ result: Result<KeyPlace, KeyFault>) throws(ConfigurationFailure) -> KeyPlace {
        switch result {
        case .success(let place): return place
        case .failure(let fault): throw .keyNotProtected(fault.reason)
        }
    }

    private func content(_ key: AgentKey) -> Data? { try? key.fileContent }

    private func plain(_ key: AgentKey, because reason: String?) throws(ConfigurationFailure) -> KeyPlace {
        let old = files.keyring
        try files.write(key)
        FileTree.delete(sealedFile)
        if let old { KernelKeyring.drop(old) }
        return .file(because: reason)
    }

    private func ring(_ key: AgentKey) throws(ConfigurationFailure) -> Result<KeyPlace, KeyFault> {
        guard let content = content(key) else { throw .noKeyMade }
        let name = files.keyring ?? "roost-agent:\(UUID().uuidString.lowercased())"
        do { try KernelKeyring.store(content, as: name) } catch { return .failure(error) }
        try files.write(KeyringReference(keyring: name))
        FileTree.delete(sealedFile)
        return .success(.keyring)
    }

    private func seal(_ key: AgentKey) async -> Result<KeyPlace, KeyFault> {
        guard let content = content(key) else { return .failure(KeyFault(reason: "the key cannot be written")) }
        do throws(KeyFault) {
            let systemd = try SystemdCredential(path: environment["PATH"])
            try await systemd.seal(content, to: sealedFile)
            if let old = files.keyring { KernelKeyring.drop(old) }
            FileTree.delete(files.root.file(.key))
            return .success(.sealed(hasTPM: await systemd.hasTPM()))
        } catch {
            return .failure(error)
        }
    }

    /// How the present key is kept, for a new one that is to be kept alike; `auto` when it lies in a plain file.
    var present: KeyProtection {
        if files.root.has(.sealedKey) { return .systemd }
        return files.keyring == nil ? .auto : .keyring
    }

    // MARK: Getting back

    /// - Throws: ``ConfigurationFailure``.
    func key() async throws(ConfigurationFailure) -> AgentKey {
        if let folder = environment["CREDENTIALS_DIRECTORY"], FileTree.exists("\(folder)/\(Self.credentialName)") {
            return try files.key(in: "\(folder)/\(Self.credentialName)")
        }
        do throws(KeyFault) {
            if files.root.has(.sealedKey) {
                let content = try await SystemdCredential(path: environment["PATH"]).open(sealedFile)
                return try read(content)
            }
            if let name = files.keyring { return try read(KernelKeyring.read(name)) }
        } catch {
            throw .keySealed(error.reason)
        }
        return try files.key(in: files.root.file(.key))
    }

    private func read(_ content: Data) throws(KeyFault) -> AgentKey {
        do { return try AgentKey(fileContent: content) } catch { throw KeyFault(reason: "what is kept is no key") }
    }
}

/// Stands in the key's file when the key itself is in the kernel's keyring.
struct KeyringReference: Codable, Hashable, Sendable {
    var keyring: String
}
