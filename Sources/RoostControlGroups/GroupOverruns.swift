import FoundationEssentials
import Glibc

/// How often something wanted more than its control groups allow.
public struct GroupOverruns: Hashable, Sendable {
    /// Processes that were killed because there was no memory for them.
    public var kills = 0
    /// Processes that were not made because there were too many.
    public var refusals = 0

    /// None.
    public init() {}

    /// What the kernel has counted in groups.
    ///
    /// - Parameter folders: as ``ControlGroups/make(_:_:swaps:)`` gave them.
    public init(of folders: [String]) {
        for folder in folders {
            // The second version, and the first.
            for file in ["memory.events", "memory.oom_control"] {
                kills += Self.count("oom_kill", in: "\(folder)/\(file)")
            }
            refusals += Self.count("max", in: "\(folder)/pids.events")
        }
    }

    /// The number behind a name, in lines such as `oom_kill 2`.
    private static func count(_ name: String, in file: String) -> Int {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name { return Int(words[1]) ?? 0 }
        }
        return 0
    }
}
