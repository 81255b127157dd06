import CRoostLinux
import Glibc

/// A child that has just been started.
struct SpawnedProcess {
    let pid: pid_t
    /// The reading end of its output; does not block.
    let output: OwnedDescriptor
    /// The same of standard error; nil when it goes the way of standard output.
    let errors: OwnedDescriptor?
    /// Readable when it has ended; nil on a kernel without such descriptors.
    let handle: OwnedDescriptor?
    /// See ``ProcessEntry/startTicks``.
    let startTicks: UInt64

    /// Starts a program as leader of its own session.
    ///
    /// - Parameters:
    ///   - launch: what to start.
    ///   - separatesErrors: whether standard error has a pipe of its own.
    /// - Throws: ``ProcessFailure``.
    init(_ launch: ProcessLaunch, separatesErrors: Bool) throws(ProcessFailure) {
        let output = try Self.pipe()
        let errors = separatesErrors ? try Self.pipe() : nil
        self.output = output.read
        self.errors = errors?.read
        pid = try Self.start(launch, output: output.write.number, errors: (errors ?? output).write.number)
        let handle = pidfdOpen(pid)
        self.handle = handle >= 0 ? OwnedDescriptor(handle) : nil
        startTicks = ProcessEntry(pid: pid)?.startTicks ?? 0
        preferForKilling()
    }

    /// Where memory ends, what a step has started goes before the agent, which tells what happened.
    private func preferForKilling() {
        let file = open("/proc/\(pid)/oom_score_adj", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, Self.killingScore, Self.killingScore.utf8.count)
        close(file)
    }

    /// A third of the memory there is, as proc_pid_oom_score_adj(5) counts; more than a worker ever has.
    private static let killingScore = "300"

    /// What an unprivileged user may have by default; fewer and larger reads.
    private static let pipeSize: Int32 = 1 << 20

    private static func pipe() throws(ProcessFailure) -> (read: OwnedDescriptor, write: OwnedDescriptor) {
        var ends: (read: Int32, write: Int32) = (-1, -1)
        let error = roost_pipe(&ends.read, &ends.write, pipeSize)
        guard error == 0 else { throw .noPipe(error: error) }
        return (OwnedDescriptor(ends.read), OwnedDescriptor(ends.write))
    }

    private static func start(_ launch: ProcessLaunch, output: Int32, errors: Int32) throws(ProcessFailure) -> pid_t {
        let words = LaunchWords(launch)
        let started = OwnChildren.spawn { pid in
            if let walls = launch.walls {
                return walls.spawn(launch, words, output: output, errors: errors, &pid)
            }
            return roost_spawn(
                launch.executable,
                words.arguments.pointers,
                words.environment.pointers,
                launch.workingDirectory,
                output,
                errors,
                &pid
            )
        }
        guard started.error == 0 else { throw failure(launch, started.error) }
        return started.pid
    }

    /// The system does not say which file it did not find; a second look does.
    private static func failure(_ launch: ProcessLaunch, _ error: Int32) -> ProcessFailure {
        var status = stat()
        if stat(launch.workingDirectory, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR {
            return .directoryMissing(launch.workingDirectory)
        }
        switch error {
        case ENOENT where access(launch.executable, F_OK) != 0:
            return .programNotFound(launch.executable, path: launch.environment["PATH"] ?? "")
        case EACCES, ENOEXEC: return .notExecutable(launch.executable)
        default: return .refused(program: launch.executable, error: error)
        }
    }
}

/// The arguments and the environment of a launch as the system takes them.
struct LaunchWords {
    let arguments: CStringArray
    let environment: CStringArray

    init(_ launch: ProcessLaunch) {
        arguments = CStringArray([launch.executable] + launch.arguments)
        environment = CStringArray(launch.environment.map { "\($0.key)=\($0.value)" })
    }
}

/// A null-terminated array of C strings that lives as long as this object.
final class CStringArray {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { (pointers + index).initialize(to: strdup(string)) }
        (pointers + count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}
