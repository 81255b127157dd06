import Foundation
import Glibc
import RoostTesting

/// A program that is run to its end, with the time and the memory that it takes.
struct MeasuredProgram {
    struct Use {
        var code: Int32
        var seconds: Double
    }

    let words: [String]
    let environment: [String: String]

    /// Runs it once.
    func run() throws -> Use {
        let start = ContinuousClock.now
        let pid = try spawn()
        var status = Int32(0)
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return Use(code: Self.code(status), seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Runs it once, and finds the largest resident memory of one process, in MB: its own or that of one it waited for.
    ///
    /// A small program is between: what the kernel tells of a process counts from its fork, so that no child of this one would ever seem smaller than this one.
    ///
    /// - Throws: ``TestFailure``, also when it fails.
    func peak() throws -> Double {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let file = "\(folder.path)/peak"
        let timed = MeasuredProgram(
            words: ["time", "--format=%M", "--output=\(file)"] + words,
            environment: environment
        )
        guard try timed.run().code == 0,
            let kilobytes = try Double(
                String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
            )
        else { throw TestFailure("\(words.joined(separator: " ")) failed, or `time` is not there") }
        return kilobytes / 1024
    }

    /// Runs it once, and finds the largest sum of the memory of all its processes.
    ///
    /// Every 10 ms the proportional set sizes (PSS: pages that several share are split between them) of it and all that descend from it
    /// are added. That slows it down, so that the time of such a run means nothing.
    func peakOfAll() throws -> Double {
        let pid = try spawn()
        var (status, peak) = (Int32(0), 0.0)
        while waitpid(pid, &status, WNOHANG) == 0 {
            peak = max(peak, Self.family(of: pid).reduce(0) { $0 + Self.proportionalMegabytes(of: $1) })
            usleep(10_000)
        }
        return peak
    }

    /// Starts it with nothing to read and nobody who hears it.
    private func spawn() throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid = pid_t()
        guard posix_spawnp(&pid, words[0], &actions, nil, &arguments, &variables) == 0 else {
            throw TestFailure("\(words[0]) cannot be started")
        }
        return pid
    }

    private static func code(_ status: Int32) -> Int32 { status & 0x7F == 0 ? status >> 8 & 0xFF : 255 }

    // MARK: Memory

    /// A process and all that descend from it, by the fourth field of the files that proc(5) describes.
    private static func family(of root: pid_t) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var children: [String: [String]] = [:]
        for name in names where name.first?.isNumber == true {
            let data = FileManager.default.contents(atPath: "/proc/\(name)/stat") ?? Data()
            let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
            if fields.count > 1 { children[String(fields[1]), default: []].append(name) }
        }
        var family = ["\(root)"]
        var place = 0
        while place < family.count {
            family += children[family[place]] ?? []
            place += 1
        }
        return family
    }

    private static func proportionalMegabytes(of process: String) -> Double {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/smaps_rollup") else { return 0 }
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Pss:") }
        return Double(line?.split(separator: " ").dropFirst().first ?? "").map { $0 / 1024 } ?? 0
    }
}
