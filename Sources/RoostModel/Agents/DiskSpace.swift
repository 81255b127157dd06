/// How much of an agent's disk is free, as the agent tells it.
public struct DiskSpace: Hashable, Sendable {
    /// The name of the system capability.
    public static let capability = "Agent.Disk"

    /// Bytes; rounded by whoever tells them.
    public var free: Int
    /// Bytes.
    public var size: Int

    /// A disk of a size and what is free of it, in bytes.
    public init(free: Int, size: Int) { (self.free, self.size) = (free, size) }

    /// Such as `56 GB free of 270 GB`.
    public var text: String { "\(free >> 30) GB free of \(size >> 30) GB" }

    /// Reads the capability; nil when an agent says something else.
    public init?(text: String) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[1] == "GB", words[2] == "free", words[3] == "of", words[5] == "GB",
            let free = Int(words[0]), let size = Int(words[4]), free >= 0, size > 0, size < 1 << 30
        else { return nil }
        self.init(free: free << 30, size: size << 30)
    }

    /// Less than a tenth is left.
    public var isLow: Bool { free < size / 10 }
}
