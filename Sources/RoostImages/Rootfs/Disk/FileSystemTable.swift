/// The text of `/etc/fstab`.
enum FileSystemTable {
    /// The table with this root file system; lines of others stay unless they name disks that the new one has not.
    static func text(_ old: String, root: String) -> String {
        let kept = old.split(separator: "\n").filter { line in
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count >= 2, !words[0].hasPrefix("#") else { return false }
            return words[1] != "/" && !isDisk(words[0])
        }
        return (["UUID=\(root) / ext4 errors=remount-ro 0 1"] + kept).joined(separator: "\n") + "\n"
    }

    private static func isDisk(_ source: Substring) -> Bool {
        ["UUID=", "PARTUUID=", "LABEL=", "PARTLABEL=", "/dev/"].contains { source.hasPrefix($0) }
    }
}
