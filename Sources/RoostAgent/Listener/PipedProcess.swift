import CRoostLinux
import Glibc
import Synchronization

/// A child in a session of its own, to whose standard input this process writes and whose output it reads.
///
/// It outlives signals of the keyboard, which go to the parent's session only. When this process ends its input ends, however it ends.
final class PipedProcess: Sendable {
    let pid: pid_t
    /// See ``ProcessEntry/startTicks``.
    let startTicks: UInt64
    /// How it ended, once it has.
    let end = Promise<ProcessOutcome.End>()
    private let input: Mutex<OwnedDescriptor?>
    private let writing = AsyncLock()

    /// Starts a child.
    ///
    /// - Parameters:
    ///   - launch: what to start.
    ///   - receive: gets what it writes to either output, on one thread.
    /// - Throws: ``ProcessFailure``.
    convenience init(
        _ launch: ProcessLaunch,
        receive: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) throws(ProcessFailure) {
        let words = LaunchWords(launch)
        try self.init(launch.executable, receive: receive) { pid, input, output in
            roost_spawn_piped(
                launch.executable,
                words.arguments.pointers,
                words.environment.pointers,
                launch.workingDirectory,
                &input,
                &output,
                &pid
            )
        }
    }

    /// - Parameters:
    ///   - program: its name for failures.
    ///   - receive: gets what it writes to either output, on one thread.
    ///   - start: makes the child and two pipes; gives an error number, and the child's pid and this process's ends of the pipes.
    /// - Throws: ``ProcessFailure``.
    init(
        _ program: String,
        receive: @escaping @Sendable (UnsafeRawBufferPointer) -> Void,
        start: (_ pid: inout pid_t, _ input: inout Int32, _ output: inout Int32) -> Int32
    ) throws(ProcessFailure) {
        var ends: (input: Int32, output: Int32) = (-1, -1)
        let started = OwnChildren.spawn { pid in start(&pid, &ends.input, &ends.output) }
        guard started.error == 0 else { throw .refused(program: program, error: started.error) }
        pid = started.pid
        startTicks = ProcessEntry(pid: started.pid)?.startTicks ?? 0
        input = Mutex(OwnedDescriptor(ends.input))
        let handle = pidfdOpen(started.pid)
        let watch = Watch(
            pid: started.pid,
            output: OwnedDescriptor(ends.output),
            handle: handle >= 0 ? OwnedDescriptor(handle) : nil,
            receive: receive,
            end: end
        )
        guard OwnThread.detached({ watch.run() }) == 0 else {
            kill(started.pid, SIGKILL)
            OwnChildren.abandon(started.pid)
            throw .noThread(error: EAGAIN)
        }
    }

    /// Sends a signal to the child alone, as long as it is one.
    func signal(_ number: Int32) {
        guard end.known == nil, let entry = ProcessEntry(pid: pid), entry.startTicks == startTicks else { return }
        entry.signal(number)
    }

    /// Ends the child's standard input.
    func closeInput() { input.withLock { $0 = nil } }

    /// Writes all bytes in order, waiting while the pipe is full.
    ///
    /// - Parameters:
    ///   - bytes: what to write.
    ///   - patience: how long the child may take nothing.
    /// - Throws: ``PipeFault``.
    func write(_ bytes: [UInt8], patience: Duration) async throws {
        try await writing.withLock {
            guard let descriptor = input.withLock({ $0 }) else { throw PipeFault.closed }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor.number, $0.baseAddress, $0.count) }
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    try await Self.waitUntilWritable(descriptor, patience)
                } else if errno != EINTR {
                    throw PipeFault.closed
                }
            }
        }
    }

    private static func waitUntilWritable(_ descriptor: OwnedDescriptor, _ patience: Duration) async throws {
        let isReady: Bool = try await OwnThread.run { deliver in
            var request = pollfd(fd: descriptor.number, events: Int16(POLLOUT), revents: 0)
            deliver(poll(&request, 1, Int32(clamping: Int64(patience / .milliseconds(1)))) > 0)
        }
        guard isReady else { throw PipeFault.full }
    }

    /// The thread that reads what the child writes and takes note of its end.
    private struct Watch: Sendable {
        let pid: pid_t
        let output: OwnedDescriptor
        let handle: OwnedDescriptor?
        let receive: @Sendable (UnsafeRawBufferPointer) -> Void
        let end: Promise<ProcessOutcome.End>

        func run() {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
            defer { buffer.deallocate() }
            var isOpen = true
            while true {
                // Without a handle of the process its end shows at the end of its output.
                if handle == nil, !isOpen { usleep(10_000) }
                if handle != nil || isOpen { wait(isOpen) }
                if isOpen { isOpen = drain(buffer) }
                guard let how = OwnChildren.reap(pid) else { continue }
                if isOpen { _ = drain(buffer) }
                end.keep(how)
                return
            }
        }

        private func wait(_ isOpen: Bool) {
            var requests: [pollfd] = []
            if isOpen { requests.append(pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)) }
            if let handle { requests.append(pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)) }
            poll(&requests, nfds_t(requests.count), -1)
        }

        /// Takes what is there; false at the end of the output.
        private func drain(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
            while true {
                let count = read(output.number, buffer.baseAddress, buffer.count)
                if count > 0 {
                    receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                } else if count < 0, errno == EINTR {
                    continue
                } else {
                    return count < 0 && errno == EAGAIN
                }
            }
        }
    }
}

/// Why nothing can be written to a child.
enum PipeFault: Error, Hashable {
    /// It has ended, or closed its input.
    case closed
    /// It reads nothing.
    case full
}
