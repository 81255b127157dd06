import FoundationEssentials
import Glibc
import RoostModel

/// Where items go before they are deleted: a rename takes no time and is whole or not at all, so that an agent that is killed leaves no half of an item.
struct TrashFolder: Sendable {
    let folders: AgentFolders

    /// How a removal went.
    enum Outcome: Hashable, Sendable {
        case removed
        /// A job has begun to use it.
        case inUse
        /// An error of the system, and where.
        case failed(path: String, error: Int32)
        /// Files that nobody here may delete; they are tried again with the next start.
        case left(String)
    }

    /// Removes an item; blocks until it is deleted.
    func remove(_ id: UpkeepItem.ID, path: String) -> Outcome {
        let error = FileTree.make(folders.trash, mode: 0o700)
        guard error == 0 else { return .failed(path: folders.trash, error: error) }
        let place = "\(folders.trash)/\(UUID().uuidString.lowercased())"
        guard let moved = move(id, path, to: place) else { return .inUse }
        // Something that went with another, or that another agent of the same folder has removed.
        if moved == ENOENT { return .removed }
        if moved == EXDEV, id.kind == .log { return deleted(path) }
        guard moved == 0 else { return .failed(path: path, error: moved) }
        return deleted(place)
    }

    /// 0 or an error number; nil when a job uses it.
    private func move(_ id: UpkeepItem.ID, _ path: String, to place: String) -> Int32? {
        guard let taken = UseLocks.take(id, in: folders) else { return nil }
        return withExtendedLifetime(taken) {
            for mark in marks(id, path) { FileTree.delete(mark) }
            let error = FileTree.rename(path, to: place)
            if error == 0 { UseLocks.forget(id, in: folders) }
            return error
        }
    }

    private func deleted(_ path: String) -> Outcome {
        FileTree.delete(path).first.map { .left($0) } ?? .removed
    }

    /// Files beside an item that say something of it.
    private func marks(_ id: UpkeepItem.ID, _ path: String) -> [String] {
        switch id.kind {
        case .task: ["\(path).completed", "\(path).lock"]
        case .tool: ["\(path).complete", "\(folders.broughtTools)/\(UseLocks.fileName(id.name))"]
        case .workspace, .mirror, .tree, .image, .log, .temporary: []
        }
    }

    /// Deletes what a killed agent left.
    func empty() { FileTree.empty(folders.trash) }
}
