import Crypto
import Foundation

/// The keys that secrets are sealed with: values are opened with any of them and sealed with the newest.
///
/// A file of keys has one line of base64 for each, the newest first; `#` begins a comment. A file of 32 bytes is one key as they are.
public struct SealingKeys: Sendable {
    /// One key; its id follows from it, so that it need not be kept.
    struct Generation: Sendable {
        let id: SealingKeyID
        let key: SymmetricKey

        init(_ bytes: Data) {
            key = SymmetricKey(data: bytes)
            id = SealingKeyID(of: bytes)
        }

        var line: String { key.withUnsafeBytes { Data($0).base64EncodedString() } }
    }

    /// The newest first; never empty.
    private(set) var generations: [Generation]
    let source: SealingKeySource

    /// Reads the keys, or makes one at the very first start.
    ///
    /// - Parameters:
    ///   - source: where they are.
    ///   - isFirstStart: there is no store yet; else a missing key is an error, for a new one would open nothing.
    /// - Throws: ``SealingKeyError``.
    public init(_ source: SealingKeySource, isFirstStart: Bool) throws(SealingKeyError) {
        self.source = source
        let path = source.path
        guard FileManager.default.fileExists(atPath: path) else {
            guard isFirstStart, case .file = source else { throw .missing(path: path) }
            generations = [Generation(Data(SystemRandomBytes.make(32)))]
            try write()
            return
        }
        if case .file = source { try Self.checkMode(path) }
        guard let content = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: "it cannot be read")
        }
        generations = try Self.parse(content, path)
    }

    /// The key in use.
    var current: Generation { generations[0] }

    /// Whether values sealed with older keys may remain.
    public var isRotating: Bool { generations.count > 1 }

    func generation(_ id: SealingKeyID) -> Generation? { generations.first { $0.id == id } }

    private static func checkMode(_ path: String) throws(SealingKeyError) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue, mode & 0o077 != 0 else { return }
        throw .exposed(path: path, mode: String(mode & 0o777, radix: 8))
    }

    private static func parse(_ content: Data, _ path: String) throws(SealingKeyError) -> [Generation] {
        if content.count == 32 { return [Generation(content)] }
        var found: [Generation] = []
        for (number, line) in String(decoding: content, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        ).enumerated() {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty || text.hasPrefix("#") { continue }
            guard let bytes = Data(base64Encoded: text), bytes.count == 32 else {
                throw .malformed(path: path, line: number + 1)
            }
            let made = Generation(bytes)
            if !found.contains(where: { $0.id == made.id }) { found.append(made) }
        }
        guard !found.isEmpty else { throw .malformed(path: path, line: nil) }
        return found
    }

    // MARK: Rotation

    /// The same keys with a new one before them, which is in the file before it is used.
    func addingGeneration() throws(SealingKeyError) -> SealingKeys {
        guard case .file = source else { throw .needsNewKey(path: source.path) }
        var keys = self
        keys.generations.insert(Generation(Data(SystemRandomBytes.make(32))), at: 0)
        try keys.write()
        return keys
    }

    /// Only the newest key; a credential is for others to change.
    func droppingOldGenerations() throws(SealingKeyError) -> SealingKeys {
        var keys = self
        keys.generations = [current]
        if case .file = source { try keys.write() }
        return keys
    }

    /// Replaces the file in one step; what was half written is never read.
    private func write() throws(SealingKeyError) {
        let path = source.path
        let text = generations.map { "\($0.line)\n" }.joined()
        let file = "# Sealing keys of Roost, the newest first. Whoever has them and the store has its secrets.\n\(text)"
        let draft = "\(path).new"
        do {
            try? FileManager.default.removeItem(atPath: draft)
            guard
                FileManager.default.createFile(
                    atPath: draft,
                    contents: Data(file.utf8),
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw CocoaError(.fileWriteUnknown) }
            let handle = try FileHandle(forUpdating: URL(filePath: draft))
            try handle.synchronize()
            try handle.close()
            guard rename(draft, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
            Self.syncFolder(of: path)
        } catch {
            throw .unreadable(path: path, reason: "it cannot be written")
        }
    }

    /// The new name is on the disk, too, before the key is used.
    private static func syncFolder(of path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
