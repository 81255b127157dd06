import RoostModel

/// The most that each job of an agent may use, as a command line says it.
enum JobLimits {
    /// Each agent is a session, a process and a folder; far beyond what a machine can run.
    static let mostSlots = 256
    /// Less starts no worker.
    static let leastMemory = 64 << 20
    static let leastProcesses = 32

    /// Those of `--cpus`, `--memory` and `--pids`; nil when there are none.
    ///
    /// - Throws: ``ConfigurationFailure/limitValue(_:_:expected:)``.
    static func read(_ inputs: AgentInputs) throws(ConfigurationFailure) -> MachineSize? {
        let size = MachineSize(
            milliProcessors: try value(inputs, "cpus", "a number of processors from 0.1 on", milliProcessors),
            memory: try value(inputs, "memory", "a quantity from 64M on", memory),
            processes: try value(inputs, "pids", "a number from \(leastProcesses) on") { text in
                Int(text).flatMap { $0 >= leastProcesses ? $0 : nil }
            }
        )
        return size == MachineSize() ? nil : size
    }

    /// The number of `--slots`; nil when it is not given or is one.
    ///
    /// - Throws: ``ConfigurationFailure/limitValue(_:_:expected:)``.
    static func slots(_ inputs: AgentInputs) throws(ConfigurationFailure) -> Int? {
        let count = try value(inputs, "slots", "a number from 1 to \(mostSlots)") { text in
            Int(text).flatMap { (1...mostSlots).contains($0) ? $0 : nil }
        }
        return count == 1 ? nil : count
    }

    /// A value that would be right.
    static func example(_ name: String) -> String {
        ["cpus": "1.5", "memory": "4G", "pids": "1000"][name] ?? "4"
    }

    private static func value(
        _ inputs: AgentInputs,
        _ name: String,
        _ expected: String,
        _ read: (String) -> Int?
    ) throws(ConfigurationFailure) -> Int? {
        guard let text = inputs.text(name) else { return nil }
        guard let value = read(text) else { throw .limitValue(name, text, expected: expected) }
        return value
    }

    private static func milliProcessors(_ text: String) -> Int? {
        guard let count = Double(text), count.isFinite, count >= 0.1, count <= 10_000 else { return nil }
        return Int((count * 1000).rounded())
    }

    private static func memory(_ text: String) -> Int? {
        ByteCount(parsing: text).flatMap { $0.bytes >= leastMemory ? $0.bytes : nil }
    }
}

extension MachineSize {
    /// What of it is limited.
    var names: [String] {
        [milliProcessors.map { _ in "cpu" }, memory.map { _ in "memory" }, processes.map { _ in "pids" }].compactMap(
            \.self
        )
    }

    /// One line for people, such as `1.5 processors, 4 GB of memory, 1000 processes`.
    var sentence: String {
        [
            milliProcessors.map { "\(Self.processors($0)) processors" }, memory.map { "\(Self.size($0)) of memory" },
            processes.map { "\($0) processes" },
        ].compactMap(\.self).joined(separator: ", ")
    }

    /// Thousandths as a number of processors.
    static func processors(_ thousandths: Int) -> String {
        thousandths % 1000 == 0 ? "\(thousandths / 1000)" : "\(Double(thousandths) / 1000)"
    }

    /// As it was written on the command line.
    static func size(_ bytes: Int) -> String {
        for (shift, unit) in [(30, "GB"), (20, "MB"), (10, "KB")] where bytes & ((1 << shift) - 1) == 0 {
            return "\(bytes >> shift) \(unit)"
        }
        return "\(bytes) bytes"
    }
}
