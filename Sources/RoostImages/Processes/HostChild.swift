import CRoostLinux
import Glibc
import Synchronization

/// A program that was started, with the ends of its pipes.
final class HostChild: Sendable {
    let pid: pid_t
    let output: Int32
    let errors: Int32
    /// Readable when it has ended; below zero on a kernel without such descriptors.
    let handle: Int32
    /// Readable when it is to be stopped.
    let stopEvent: Int32
    let grace: Duration
    let stopSignal: Int32

    /// What an unprivileged user may have by default; fewer and larger reads.
    private static let pipeSize: Int32 = 1 << 16

    init(_ command: HostCommand) throws(ImageBuildFailure) {
        var (output, errors): ((Int32, Int32), (Int32, Int32)) = ((-1, -1), (-1, -1))
        var error = roost_pipe(&output.0, &output.1, Self.pipeSize)
        if error == 0 { error = roost_pipe(&errors.0, &errors.1, Self.pipeSize) }
        var pid: pid_t = 0
        if error == 0 { error = Self.start(command, output.1, errors.1, &pid) }
        for end in [output.1, errors.1] where end >= 0 { close(end) }
        guard error == 0 else {
            for end in [output.0, errors.0] where end >= 0 { close(end) }
            throw .notStarted(program: command.program, reason: String(cString: strerror(error)))
        }
        self.pid = pid
        (self.output, self.errors) = (output.0, errors.0)
        handle = roost_pidfd_open(pid)
        stopEvent = roost_eventfd()
        grace = command.grace
        stopSignal = command.stopSignal
        RunningGroups.insert(pid)
    }

    deinit { for descriptor in [output, errors, handle, stopEvent] where descriptor >= 0 { close(descriptor) } }

    private static func start(_ command: HostCommand, _ output: Int32, _ errors: Int32, _ pid: inout pid_t) -> Int32 {
        let arguments = CWords([command.program] + command.arguments)
        let environment = CWords(command.environment.map { "\($0.key)=\($0.value)" })
        return roost_spawn(
            command.program,
            arguments.pointers,
            environment.pointers,
            command.folder,
            output,
            errors,
            &pid
        )
    }

    /// Lets the reader end the program.
    func stop() {
        var one: UInt64 = 1
        _ = write(stopEvent, &one, MemoryLayout<UInt64>.size)
    }

    /// How it ended; nil while it runs.
    func collected() -> HostEnd? {
        var (exited, code): (Int32, Int32) = (0, 0)
        switch roost_reap(pid, &exited, &code) {
        case 0: return nil
        case pid: return exited != 0 ? .exited(code) : .signaled(code)
        // Somebody else collected it, and nobody knows how it ended.
        default: return .exited(255)
        }
    }

    func signal(_ number: Int32) { kill(-pid, number) }
}

/// A null-terminated array of C strings that lives as long as this object.
final class CWords {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ words: [String]) {
        count = words.count
        pointers = .allocate(capacity: count + 1)
        for (place, word) in words.enumerated() { (pointers + place).initialize(to: strdup(word)) }
        (pointers + count).initialize(to: nil)
    }

    deinit {
        for place in 0..<count { free(pointers[place]) }
        pointers.deallocate()
    }
}
