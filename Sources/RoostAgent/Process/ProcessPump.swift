import Glibc

/// Drives one process from its start to its end on one thread: output, requests to stop, deadlines.
struct ProcessPump {
    /// How far the stopping of the process has come.
    private enum Stage {
        /// Nobody asked. Goes to `interrupted`.
        case running
        /// SIGINT is out. Goes to `terminated`.
        case interrupted(until: ContinuousClock.Instant)
        /// SIGTERM is out, to the whole tree. Goes to `killed` or `gone`.
        case terminated(until: ContinuousClock.Instant)
        /// SIGKILL is out and repeated. Goes to `gone`.
        case killed(until: ContinuousClock.Instant)
        /// Nothing of the tree is left, or it cannot be killed.
        case gone(survivors: Int)
    }

    private let process: SpawnedProcess
    private let tree: ProcessTree
    private let isClient: Bool
    private let control: StopControl
    private let patience: StepProcess.Patience
    private let output: any ProcessOutput
    private let errors: (any ProcessOutput)?
    private let clock = ContinuousClock()
    private let buffer = UnsafeMutableRawBuffer(256 << 10)

    private var stage = Stage.running
    private var end: ProcessOutcome.End?
    private var outputEnded = false
    private var errorsEnded: Bool
    private var outputDeadline: ContinuousClock.Instant?
    /// Something was passed on since the last pause was told.
    private var pauseDue = false

    init(
        _ launch: ProcessLaunch,
        mark: String?,
        takesAllAdopted: Bool,
        control: StopControl,
        patience: StepProcess.Patience,
        output: any ProcessOutput,
        errors: (any ProcessOutput)?
    ) throws(ProcessFailure) {
        process = try SpawnedProcess(launch, separatesErrors: errors != nil)
        tree = ProcessTree(
            root: process.pid,
            mark: mark,
            takesAllAdopted: takesAllAdopted,
            since: process.startTicks,
            keeper: launch.walls?.keeper
        )
        isClient = launch.isClient
        self.control = control
        self.patience = patience
        self.output = output
        self.errors = errors
        errorsEnded = errors == nil
    }

    private var isComplete: Bool { outputEnded && errorsEnded }

    /// Returns when the process has ended and its output is complete or given up.
    mutating func run() -> ProcessOutcome {
        while true {
            advanceStop()
            if let outcome = outcome() { return outcome }
            wait()
        }
    }

    /// Reads and drops what others still write, until nobody can write any more.
    func discardUntilEnd() {
        var open = [outputEnded ? nil : process.output, errorsEnded ? nil : process.errors].compactMap { $0 }
        while !open.isEmpty {
            var requests = open.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
            poll(&requests, nfds_t(requests.count), -1)
            open = zip(open, requests).filter { descriptor, request in
                guard request.revents != 0 else { return true }
                let count = Glibc.read(descriptor.number, buffer.pointer, buffer.count)
                return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
            }.map(\.0)
        }
    }

    // MARK: The end

    private func outcome() -> ProcessOutcome? {
        let now = clock.now
        switch stage {
        case .running:
            guard let end, isComplete || now >= (outputDeadline ?? now) else { return nil }
            return ProcessOutcome(end: end, outputHeldOpen: !isComplete)
        case .interrupted, .terminated, .killed: return nil
        case .gone(let survivors):
            guard isComplete || now >= (outputDeadline ?? now) else { return nil }
            if end == nil { OwnChildren.abandon(process.pid) }
            return ProcessOutcome(
                end: end ?? .unknown,
                stopped: true,
                outputHeldOpen: !isComplete,
                survivors: survivors
            )
        }
    }

    // MARK: Stopping

    private mutating func advanceStop() {
        guard let grace = control.grace else { return }
        let now = clock.now
        switch stage {
        case .running:
            // The group and not the process alone, as Ctrl-C does: a shell runs its trap only when the command it waits for has ended.
            if grace.afterInterrupt > .zero {
                if isClient { tree.interruptInner() } else { kill(-process.pid, SIGINT) }
            }
            stage = .interrupted(until: now + grace.afterInterrupt)
            advanceStop()
        case .interrupted(let until):
            guard end != nil || now >= until else { return }
            if grace.afterTerminate > .zero { tree.signal(SIGTERM) }
            stage = .terminated(until: now + grace.afterTerminate)
            advanceStop()
        case .terminated(let until):
            if end != nil, tree.members().isEmpty { return settle(survivors: 0) }
            guard now >= until else { return }
            stage = .killed(until: now + ProcessTree.killPatience)
            advanceStop()
        case .killed(let until):
            let left = tree.signal(SIGKILL)
            if left == 0, end != nil { return settle(survivors: 0) }
            if now >= until { settle(survivors: left) }
        case .gone: return
        }
    }

    private mutating func settle(survivors: Int) {
        stage = .gone(survivors: survivors)
        // Whatever was written is in the pipe by now.
        outputDeadline = clock.now + .seconds(1)
    }

    // MARK: Waiting

    private mutating func wait() {
        var requests = [
            pollfd(fd: control.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: outputEnded ? -1 : process.output.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: end == nil ? process.handle?.number ?? -1 : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errorsEnded ? -1 : process.errors?.number ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        let ready = poll(&requests, nfds_t(requests.count), milliseconds())
        if requests[0].revents != 0 { control.acknowledge() }
        if requests[1].revents != 0 { outputEnded = !read(process.output, into: output) }
        if requests[3].revents != 0, let descriptor = process.errors, let errors {
            errorsEnded = !read(descriptor, into: errors)
        }
        if requests[2].revents != 0 || (end == nil && process.handle == nil) { collectEnd() }
        if ready == 0, pauseDue {
            pauseDue = false
            output.pause()
        }
    }

    /// Until the next deadline; -1 when only an event can bring news.
    private func milliseconds() -> Int32 {
        var wait: Duration?
        func atMost(_ limit: Duration) { wait = min(wait ?? limit, limit) }
        let now = clock.now
        switch stage {
        case .running, .gone: break
        case .interrupted(let until): atMost(until - now)
        // The tree has no single event to wait for; these stages last seconds at most.
        case .terminated, .killed: atMost(.milliseconds(20))
        }
        if let outputDeadline { atMost(outputDeadline - now) }
        if pauseDue { atMost(patience.pause) }
        if end == nil, process.handle == nil { atMost(.milliseconds(10)) }
        guard let wait else { return -1 }
        let parts = max(.zero, wait).components
        return Int32(clamping: parts.seconds * 1000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// Takes what is there, but not so long that a request to stop would wait; false when nothing more can come.
    private mutating func read(_ descriptor: OwnedDescriptor, into receiver: any ProcessOutput) -> Bool {
        for _ in 0..<16 {
            let count = Glibc.read(descriptor.number, buffer.pointer, buffer.count)
            guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
            pauseDue = true
            receiver.receive(UnsafeRawBufferPointer(start: buffer.pointer, count: count))
            // A short read has emptied the pipe; asking again would only say so.
            if count < 4096 { return true }
        }
        return true
    }

    private mutating func collectEnd() {
        guard end == nil, let found = OwnChildren.reap(process.pid) else { return }
        end = found
        outputDeadline = clock.now + patience.heldOutput
    }
}

/// Memory for reads, freed with its last user.
private final class UnsafeMutableRawBuffer {
    let pointer: UnsafeMutableRawPointer
    let count: Int

    init(_ count: Int) {
        self.count = count
        pointer = .allocate(byteCount: count, alignment: 16)
    }

    deinit { pointer.deallocate() }
}
