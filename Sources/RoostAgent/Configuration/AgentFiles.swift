import FoundationEssentials
import Glibc
import RoostModel
import RoostWire

/// Reads and writes the configuration of an agent.
struct AgentFiles: Sendable {
    let root: AgentRoot

    /// Files that hold or lead to secrets are the owner's alone.
    private static let secretMode: mode_t = 0o600
    private static let plainMode: mode_t = 0o644

    // MARK: Writing

    func write(_ settings: AgentSettings) throws(ConfigurationFailure) {
        try write(json(settings), to: .settings, mode: Self.plainMode)
    }

    func write(_ credentials: AgentCredentials) throws(ConfigurationFailure) {
        try write(json(credentials), to: .credentials, mode: Self.secretMode)
    }

    func write(_ key: AgentKey) throws(ConfigurationFailure) {
        let content: Data
        do { content = try key.fileContent } catch { throw .keyUnusable(root.file(.key)) }
        try write(String(decoding: content, as: UTF8.self), to: .key, mode: Self.secretMode)
    }

    func write(_ reference: KeyringReference) throws(ConfigurationFailure) {
        try write(json(reference), to: .key, mode: Self.secretMode)
    }

    func write(_ text: String, to file: AgentRoot.File, isSecret: Bool) throws(ConfigurationFailure) {
        try write(text, to: file, mode: isSecret ? Self.secretMode : Self.plainMode)
    }

    private func write(_ text: String, to file: AgentRoot.File, mode: mode_t) throws(ConfigurationFailure) {
        let path = root.file(file)
        let error = SmallFile.write(text, to: path, mode: mode)
        guard error == 0 else { throw .notWritable(path: path, error: error) }
    }

    private func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? ""
    }

    // MARK: Reading

    /// - Throws: ``ConfigurationFailure/notConfigured(_:)``, ``ConfigurationFailure/unreadable(path:reason:)``.
    func settings() throws(ConfigurationFailure) -> AgentSettings {
        guard root.has(.settings) else { throw .notConfigured(root.path) }
        return try read(AgentSettings.self, .settings)
    }

    func credentials() throws(ConfigurationFailure) -> AgentCredentials {
        try read(AgentCredentials.self, .credentials)
    }

    /// A key that is in a file as it is.
    func key(in path: String) throws(ConfigurationFailure) -> AgentKey {
        guard let text = SmallFile.read(path) else { throw .unreadable(path: path, reason: systemMessage(errno)) }
        do { return try AgentKey(fileContent: Data(text.utf8)) } catch { throw .keyUnusable(path) }
    }

    /// The name of the key in the kernel's keyring; nil when it is not there.
    var keyring: String? {
        guard let text = SmallFile.read(root.file(.key)) else { return nil }
        return (try? JSONDecoder().decode(KeyringReference.self, from: Data(text.utf8)))?.keyring
    }

    private func read<Value: Decodable>(
        _ type: Value.Type,
        _ file: AgentRoot.File
    ) throws(ConfigurationFailure) -> Value {
        let path = root.file(file)
        guard let text = SmallFile.read(path) else { throw .unreadable(path: path, reason: systemMessage(errno)) }
        // Azure Pipelines' agent writes a byte order mark.
        let plain = text.hasPrefix("\u{feff}") ? String(text.dropFirst()) : text
        do { return try JSONDecoder().decode(type, from: Data(plain.utf8)) } catch {
            throw .unreadable(path: path, reason: "it is no JSON of that kind")
        }
    }

    // MARK: Deleting

    /// Deletes the configuration; what people wrote themselves (`.env`, `.path`, `.capabilities`) stays.
    func deleteConfiguration() {
        if let keyring { KernelKeyring.drop(keyring) }
        for file in [
            AgentRoot.File.credentials, .key, .sealedKey, .proxy, .proxyCredentials, .proxyBypass, .certificates,
            .packageKeys, .settings,
        ] {
            FileTree.delete(root.file(file))
        }
    }
}
