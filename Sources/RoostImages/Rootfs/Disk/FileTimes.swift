/// Sets times in a file system so that the same files make the same bytes.
///
/// Works on what debugfs(8) says and takes. When a file was read, made or given to somebody is one moment for all; when its content changed
/// stays unless that was after the moment.
struct FileTimes: Sendable {
    /// Seconds since 1970.
    let moment: Int
    private var inode: Int?
    /// Files that changed after the moment.
    private(set) var later: Set<Int> = []

    init(moment: Int) { self.moment = moment }

    /// The first inode that a file can have besides the top folder.
    private static let first = 11

    /// The inodes that are used, when none was ever removed.
    static func inodes(count: Int) -> [Int] { [2] + (count >= first ? Array(first...count) : []) }

    /// Asks for a file's times.
    static func question(_ inode: Int) -> String { "stat <\(inode)>\n" }

    /// Reads a line of an answer: `Inode: 12   Type: …` or `mtime: 0x3b9aca00:00000000 -- …`, seconds and what is finer with
    /// two bits of further seconds.
    mutating func read(_ line: String) {
        let words = line.split(separator: " ")
        guard words.count >= 2 else { return }
        if words[0] == "Inode:" { inode = Int(words[1]) }
        guard words[0] == "mtime:", let inode else { return }
        let parts = words[1].split(separator: ":")
        let seconds = parts.first.flatMap { Int($0.dropFirst(2), radix: 16) } ?? 0
        let finer = parts.count > 1 ? Int(parts[1], radix: 16) ?? 0 : 0
        // A second that has begun is later than its begin.
        if seconds + (finer & 3) << 32 >= moment { later.insert(inode) }
    }

    /// Sets a file's times.
    func command(_ inode: Int) -> String {
        let names = ["atime", "ctime", "crtime"] + (later.contains(inode) ? ["mtime"] : [])
        return names.map { "set_inode_field <\(inode)> \($0) @0x\(String(moment, radix: 16))\n" }.joined()
    }
}
