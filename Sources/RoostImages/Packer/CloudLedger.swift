import Foundation
import Glibc

/// The resource groups that builds have made in clouds, each written down before it is made and struck off when it is gone.
public struct CloudLedger: Sendable {
    /// A file for each, named after the group.
    let folder: String
    /// Where the locks of builds are.
    let builds: String

    init(folder: String, builds: String) { (self.folder, self.builds) = (folder, builds) }

    /// Writes one down.
    ///
    /// - Throws: ``PackerFailure/folder(path:reason:)``; nothing must be made then.
    func enter(_ group: CloudGroup) throws(PackerFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let encoder = JSONEncoder()
            encoder.dateEncodingStrategy = .iso8601
            try encoder.encode(group).write(to: URL(filePath: path(group)), options: .atomic)
        } catch {
            throw .folder(path: folder, reason: "what the build makes in a cloud cannot be written down")
        }
    }

    /// Strikes one off, because it is gone or somebody wants to keep it.
    public func strike(_ group: CloudGroup) { unlink(path(group)) }

    private func path(_ group: CloudGroup) -> String { "\(folder)/\(group.name).json" }

    /// The groups of builds that are no more, and of which no process runs any more; the oldest first.
    ///
    /// Processes that such a build left are asked to end: packer takes its group away then by itself.
    public func abandoned() -> [CloudGroup] {
        let groups = entries()
        guard !groups.isEmpty else { return [] }
        PackerFolder.sweep(builds)
        return groups.filter { !FileManager.default.fileExists(atPath: "\(builds)/\($0.build).lock") }
    }

    private func entries() -> [CloudGroup] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let groups = names.compactMap { name -> CloudGroup? in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                let group = try? decoder.decode(CloudGroup.self, from: data), group.isOwn,
                name == "\(group.name).json"
            else { return nil }
            return group
        }
        return groups.sorted { ($0.since, $0.name) < ($1.since, $1.name) }
    }
}
