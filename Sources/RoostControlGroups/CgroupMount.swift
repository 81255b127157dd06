/// A mounted tree of control groups, from a line of `/proc/self/mountinfo`; see proc(5).
struct CgroupMount: Hashable, Sendable {
    /// The group that is seen as the top.
    var root: String
    var point: String
    /// Controllers and the name of the tree, of the first version.
    var names: Set<String>
    var isSecondVersion: Bool

    init?(_ line: Substring) {
        let words = line.split(separator: " ").map(String.init)
        let middle = words.firstIndex(of: "-") ?? words.endIndex
        let (left, right) = (words[..<middle], Array(words[middle...].dropFirst()))
        guard left.count >= 5, right.count >= 3, right[0] == "cgroup" || right[0] == "cgroup2" else { return nil }
        root = left[3]
        point = left[4]
        isSecondVersion = right[0] == "cgroup2"
        names = Set(right[2].split(separator: ",").map(String.init))
    }

    /// The folder of a group; nil when it lies outside of what is mounted.
    func folder(of group: String) -> String? {
        let base = root == "/" ? "" : root
        guard group == base || group.hasPrefix("\(base)/") else { return nil }
        let rest = group.dropFirst(base.count)
        return rest == "/" ? point : point + rest
    }
}
