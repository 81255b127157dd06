import Glibc

/// Reads what a program writes until it has ended, and ends it when it is to be stopped; blocks the thread that it runs on.
struct HostChildReader {
    private let child: HostChild
    private let receive: @Sendable (MachineOutput) -> Void
    private var output = LineCutter()
    private var errors = LineCutter()
    private var isOutputOpen = true
    private var isErrorsOpen = true
    private var end: HostEnd?
    /// When everything is ended by force.
    private var killTime: ContinuousClock.Instant?
    private var isStopping = false
    /// When output that something else holds open is not waited for any longer.
    private var heldUntil: ContinuousClock.Instant?

    /// Something that was left running in the background may hold the output for ever.
    private static let heldOutput = Duration.seconds(5)

    init(_ child: HostChild, _ receive: @escaping @Sendable (MachineOutput) -> Void) {
        self.child = child
        self.receive = receive
    }

    mutating func run() -> HostEnd {
        while true {
            if end == nil { collect() }
            if let end, !isOutputOpen && !isErrorsOpen || heldUntil.map({ $0 <= ContinuousClock.now }) ?? false {
                return finished(end)
            }
            wait()
            if let time = killTime, time <= ContinuousClock.now {
                child.signal(SIGKILL)
                killTime = nil
            }
        }
    }

    private mutating func finished(_ end: HostEnd) -> HostEnd {
        // What the program left behind when it was stopped goes too.
        if isStopping { child.signal(SIGKILL) }
        RunningGroups.remove(child.pid)
        for line in output.rest() { receive(.output(line)) }
        for line in errors.rest() { receive(.errors(line)) }
        return end
    }

    private mutating func collect() {
        end = child.collected()
        guard end != nil else { return }
        heldUntil = ContinuousClock.now + (isStopping ? .milliseconds(100) : Self.heldOutput)
    }

    private mutating func wait() {
        var entries = [
            pollfd(fd: isOutputOpen ? child.output : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isErrorsOpen ? child.errors : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: end == nil ? child.handle : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isStopping ? -1 : child.stopEvent, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, 4, milliseconds) > 0 else { return }
        if entries[0].revents != 0 {
            let (lines, isOpen) = Self.read(child.output, &output)
            isOutputOpen = isOpen
            for line in lines { receive(.output(line)) }
        }
        if entries[1].revents != 0 {
            let (lines, isOpen) = Self.read(child.errors, &errors)
            isErrorsOpen = isOpen
            for line in lines { receive(.errors(line)) }
        }
        if entries[3].revents != 0 { stop() }
    }

    private mutating func stop() {
        isStopping = true
        child.signal(child.stopSignal)
        killTime = ContinuousClock.now + child.grace
        if end != nil { heldUntil = ContinuousClock.now + .milliseconds(100) }
    }

    private var milliseconds: Int32 {
        let times = [killTime, heldUntil].compactMap(\.self)
        // Without a descriptor for its end, the end is looked for.
        let most: Int32 = child.handle < 0 && end == nil ? 20 : -1
        guard let first = times.min() else { return most }
        let left = (first - ContinuousClock.now).components
        let count = Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
        return max(0, most < 0 ? count : min(count, most))
    }

    /// What came, and whether there may be more.
    private static func read(_ descriptor: Int32, _ cutter: inout LineCutter) -> (lines: [String], isOpen: Bool) {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { return ([], count < 0 && (errno == EAGAIN || errno == EINTR)) }
            return (cutter.lines(UnsafeRawBufferPointer(rebasing: buffer[..<count])), true)
        }
    }
}
