import FoundationEssentials
import Glibc

/// What this process uses, from `/proc/self` (proc(5)).
struct ProcessUsage {
    var residentBytes: Int
    var cpuSeconds: Double

    /// Nil where there is no `/proc`.
    static func now() -> ProcessUsage? {
        guard let memory = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = memory.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
            let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let afterName = stat.lastIndex(of: ")")
        else { return nil }
        // After the name: state is field 3, utime field 14, stime field 15.
        let fields = stat[stat.index(after: afterName)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        let ticks = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
        return ProcessUsage(
            residentBytes: pages * max(sysconf(Int32(_SC_PAGESIZE)), 1),
            cpuSeconds: (user + system) / ticks
        )
    }
}
