/// How much a root file system holds.
struct DiskContent: Sendable, Hashable {
    private(set) var bytes = 0
    private(set) var files = 0

    /// A block of ext4.
    private static let block = 4096

    /// Counts a line `SIZE KIND` of find(1); each file takes whole blocks.
    mutating func add(_ line: String) {
        let words = line.split(separator: " ")
        guard words.count == 2, let size = Int(words[0]) else { return }
        files += 1
        if words[1] == "f" || words[1] == "d" || size > 59 {
            bytes += (size + Self.block - 1) / Self.block * Self.block
        }
    }
}
