import FoundationEssentials

/// Bytes of the disk that each of the last jobs needed while it ran, the newest last.
///
/// Agents that share a work folder may overwrite each other's, which costs nothing but a measurement.
struct JobNeeds {
    let bytes: [Int]

    /// As many jobs are remembered.
    static let kept = 20

    init(_ folders: AgentFolders) {
        let text = SmallFile.read(folders.needs, limit: 1 << 12) ?? "[]"
        bytes = (try? JSONDecoder().decode([Int].self, from: Data(text.utf8))) ?? []
    }

    static func keep(_ bytes: [Int], _ folders: AgentFolders) {
        guard FileTree.make(folders.upkeep, mode: 0o700) == 0, let data = try? JSONEncoder().encode(bytes) else {
            return
        }
        _ = SmallFile.write(String(decoding: data, as: UTF8.self), to: folders.needs)
    }
}
