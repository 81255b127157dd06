import FoundationEssentials
import Glibc
import RoostModel

/// Images of containers that jobs of this agent have fetched; others are not the agent's.
struct UpkeepImages: Sendable {
    let folders: AgentFolders
    let environment: [String: String]

    /// Nil where no job had containers: then nobody asks for podman.
    private var engine: PodmanEngine? {
        get async {
            guard !UseLocks.images(in: folders).isEmpty else { return nil }
            let settings = WorkerSettings(
                folders: folders,
                agentName: "",
                agentVersion: "",
                environment: environment
            )
            guard let profile = try? await PodmanProbe(settings: settings).find() else { return nil }
            return PodmanEngine(profile: profile, settings: settings)
        }
    }

    func items() async -> [UpkeepItem] {
        guard let engine = await engine, let sizes = try? await engine.imageSizes() else { return [] }
        let storage = try? await engine.storage()
        let rate = FetchRates(in: folders.mirrors).origin ?? 10_000_000
        return UseLocks.images(in: folders).compactMap { name -> UpkeepItem? in
            let id = UpkeepItem.ID(.image, name)
            guard let bytes = sizes[name] else {
                // Somebody else has removed it.
                forget(name)
                return nil
            }
            let used = UseLocks.lastUse(id, in: folders)
            return UpkeepItem(
                id,
                bytes: bytes,
                lastUse: used.map { Date(timeIntervalSince1970: Double($0.tv_sec)) } ?? Date(),
                cost: 1 + Double(bytes) / rate,
                use: UseLocks.isHeld(id, in: folders) ? .held : .free,
                isOnDisk: storage.map { Self.device($0) == Self.device(folders.work) } ?? false
            )
        }
    }

    private static func device(_ path: String) -> dev_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_dev : nil
    }

    private func forget(_ name: String) { FileTree.delete("\(folders.images)/\(UseLocks.fileName(name))") }

    /// The engine itself refuses to remove an image of which there is a container.
    func remove(_ id: UpkeepItem.ID) async -> TrashFolder.Outcome {
        guard let engine = await engine else { return .left(id.name) }
        guard let taken = UseLocks.take(id, in: folders) else { return .inUse }
        let isRemoved = (try? await engine.removeImage(id.name)) == true
        return withExtendedLifetime(taken) {
            guard isRemoved else { return .left(id.name) }
            forget(id.name)
            UseLocks.forget(id, in: folders)
            return .removed
        }
    }
}
