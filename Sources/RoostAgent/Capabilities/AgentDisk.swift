import Glibc
import RoostModel

/// The disk on which an agent's jobs work.
struct AgentDisk: Hashable, Sendable {
    /// Bytes that the agent's user may still write.
    var free: Int
    var size: Int

    /// Nil when the folder is on no disk that can be asked.
    init?(of folder: String) {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0, facts.f_blocks > 0 else { return nil }
        free = Int(facts.f_bavail) * Int(facts.f_frsize)
        size = Int(facts.f_blocks) * Int(facts.f_frsize)
    }

    init(free: Int, size: Int) { (self.free, self.size) = (free, size) }

    /// Under which the server is told.
    static let capability = DiskSpace.capability

    /// Rounded to a sixteenth of the disk: a difference that says nothing is not told to the server.
    var text: String {
        let step = max(1, size / 16)
        return DiskSpace(free: free < step ? (free >> 30) << 30 : free / step * step, size: size).text
    }
}
