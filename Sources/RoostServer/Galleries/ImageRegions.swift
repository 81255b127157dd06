import FoundationEssentials
import RoostModel
import RoostStore
import Synchronization

/// The regions images are kept in: a folder each, and in it a folder for each copy.
final class ImageRegions: Sendable {
    /// Folders by the regions' names.
    let folders: [String: String]
    /// One process has one store for a folder.
    private let stores = Mutex<[ReplicaKey: FolderChunkStore]>([:])

    init(folders: [String: String]) { self.folders = folders }

    var names: [String] { folders.keys.sorted() }

    /// The store of a copy.
    ///
    /// - Throws: ``GalleryError/regionUnknown(_:known:)`` for a region that the configuration does not name any more.
    func store(_ key: ReplicaKey) throws(GalleryError) -> FolderChunkStore {
        guard let folder = folders[key.region] else { throw .regionUnknown(key.region, known: names) }
        return stores.withLock { stores in
            if let known = stores[key] { return known }
            let store = FolderChunkStore(path: "\(folder)/replica-\(key.number)")
            stores[key] = store
            return store
        }
    }

    /// Copies that have a folder, whether anything is wanted of them or not.
    var present: [ReplicaKey] {
        folders.flatMap { region, folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.compactMap { name in
                name.hasPrefix("replica-") ? Int(name.dropFirst(8)).map { ReplicaKey(region, $0) } : nil
            }
        }
    }
}
