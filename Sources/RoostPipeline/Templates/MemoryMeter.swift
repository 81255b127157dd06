import RoostLanguage

/// Estimates the memory of one compilation: what files were read, and what they were expanded to.
final class MemoryMeter {
    /// What one scalar, list or mapping needs with its place in the tree, measured over the files of real pipelines.
    static let nodeCost = 200

    private let limit: Int
    private(set) var used = 0

    init(limit: Int) {
        self.limit = limit
    }

    var isWithinLimit: Bool { used <= limit }

    func add(_ bytes: Int) { used += bytes }

    /// Counts a file that was read, with its tree.
    func add(_ document: YAMLDocument) { used += document.source.count + document.nodeCount * Self.nodeCost }
}

/// `20 MiB`, `300 KiB` or `12 bytes`.
func byteText(_ count: Int) -> String {
    if count >= 1 << 20, count % (1 << 20) == 0 { return "\(count >> 20) MiB" }
    if count >= 1 << 10, count % (1 << 10) == 0 { return "\(count >> 10) KiB" }
    return "\(count) bytes"
}
