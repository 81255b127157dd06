import Foundation
import RoostFuzzing

/// Works through inputs until it is ended.
struct FuzzChild {
    /// Seconds of processor time one input may take.
    private static let timeLimit = 10.0

    let source: FuzzSource
    let progress: String
    let findings: String
    let memory: Int

    func run(from start: Int) throws {
        var limit = rlimit(rlim_cur: rlim_t(memory) << 21, rlim_max: rlim_t(memory) << 21)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        let file = open(progress, O_WRONLY | O_CREAT, 0o644)
        guard file >= 0 else { throw CocoaError(.fileWriteUnknown) }
        let check = FuzzCheck()
        var number = start
        while true {
            note(number, file)
            let input = source.input(number)
            let before = ProcessClock.seconds
            var failures = check.failures(of: input)
            let time = ProcessClock.seconds - before
            if time > Self.timeLimit { failures.append("it took \(time) seconds of processor time") }
            if ProcessClock.peakMegabytes > memory {
                failures.append("memory came to \(ProcessClock.peakMegabytes) MB")
            }
            if !failures.isEmpty { try Finding(input, number, failures).write(into: findings) }
            // A process that has grown begins anew, so that the next input is blamed for its own memory only.
            if ProcessClock.peakMegabytes > memory { exit(3) }
            number += 1
        }
    }

    /// Writes the number of the input and the peak of memory, for whoever watches.
    private func note(_ number: Int, _ file: Int32) {
        let line = "\(number) \(ProcessClock.peakMegabytes)".padding(toLength: 40, withPad: " ", startingAt: 0)
        _ = Array(line.utf8).withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
    }
}

/// An input that broke a rule.
struct Finding {
    let input: FuzzInput
    let number: Int
    let failures: [String]

    init(_ input: FuzzInput, _ number: Int, _ failures: [String]) {
        self.input = input
        self.number = number
        self.failures = failures
    }

    func write(into folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = "\(folder)/\(number).\(input.kind.rawValue)"
        try Data(input.encoded).write(to: URL(fileURLWithPath: path))
        try Data(failures.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: "\(path).txt"))
    }
}
