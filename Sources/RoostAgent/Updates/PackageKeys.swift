import FoundationEssentials
import RoostClient
import RoostWire

/// The keys whose signatures of packages an agent trusts: those that its server had when the agent joined it.
struct PackageKeys: Sendable {
    let root: AgentRoot

    /// Those of the file, a key in base 64 at the beginning of each line.
    func known() -> [PackageKeyWire] {
        let lines = (SmallFile.read(root.file(.packageKeys)) ?? "").split(whereSeparator: \.isNewline)
        return lines.compactMap { line in
            guard let word = line.split(whereSeparator: \.isWhitespace).first,
                let bytes = Data(base64Encoded: String(word)), bytes.count == 32
            else { return nil }
            return PackageKeyWire(id: PackageKeyWire.id(of: bytes), publicKey: bytes)
        }
    }

    /// Takes over the server's, unless some are known; later ones are not believed.
    @discardableResult
    func learn(_ client: RoostClient) async throws(ClientError) -> [PackageKeyWire] {
        guard !FileTree.exists(root.file(.packageKeys)) else { return known() }
        let keys = try await client.packageKeys()
        let text = keys.map { "\($0.publicKey.base64EncodedString()) \($0.id)\n" }.joined()
        let error = SmallFile.write(text, to: root.file(.packageKeys), mode: 0o644)
        guard error == 0 else { throw .file(path: root.file(.packageKeys), reason: systemMessage(error)) }
        return keys
    }
}
