/// What debugfs(8) does not bring along when it copies files out: special bits of modes, further names, and capabilities.
struct FileRepairs: Sendable, Hashable {
    struct File: Sendable, Hashable {
        var mode = 0
        var links = 0
        var isFile = false
        /// As hexadecimal digits.
        var capability: String?
    }

    /// Those that need it, by their inodes.
    private(set) var files: [Int: File] = [:]
    private var inode: Int?
    private var file = File()

    /// Reads a line of what it says of inodes, one after the other.
    mutating func read(_ line: String) {
        let words = line.split(separator: " ")
        guard let first = words.first else { return }
        switch first {
        case "Inode:" where words.count >= 6:
            end()
            inode = Int(words[1])
            file.isFile = words[3] == "regular"
            file.mode = Int(words[5], radix: 8) ?? 0
        case "Links:" where words.count >= 2: file.links = Int(words[1]) ?? 0
        case "security.capability" where words.count > 3: file.capability = words.dropFirst(3).joined()
        default: return
        }
    }

    /// Takes the last one.
    mutating func end() {
        defer { (inode, file) = (nil, File()) }
        guard let inode, file.links > 0 else { return }
        let isSpecial = file.mode & 0o7000 != 0 || file.isFile && file.links > 1 || file.capability != nil
        if isSpecial { files[inode] = file }
    }

    /// Commands that repair a tree, as arguments of `ln -f`, `chmod` and `setfattr`.
    struct Commands: Sendable, Hashable {
        /// A name and another for it.
        var links: [[String]] = []
        /// A mode and a name.
        var modes: [[String]] = []
        /// A value and a name.
        var capabilities: [[String]] = []
    }

    /// The commands, given all names of these inodes.
    func commands(names: [Int: [String]]) -> Commands {
        var commands = Commands()
        for (inode, file) in files.sorted(by: { $0.key < $1.key }) {
            guard let all = names[inode]?.sorted(), let first = all.first else { continue }
            if file.isFile { commands.links += all.dropFirst().map { [first, $0] } }
            if file.mode & 0o7000 != 0 { commands.modes.append([String(file.mode, radix: 8), first]) }
            if let value = file.capability { commands.capabilities.append(["0x\(value)", first]) }
        }
        return commands
    }
}
