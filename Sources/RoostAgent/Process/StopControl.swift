import CRoostLinux
import Glibc
import Synchronization

/// The string by which a running process can be stopped from anywhere.
public final class StopControl: Sendable {
    private let requested = Mutex<StopGrace?>(nil)
    private let event: OwnedDescriptor

    public init() { event = OwnedDescriptor(roost_eventfd()) }

    /// Asks for the end of the process and its whole tree; a second call with less grace shortens the first.
    public func stop(_ grace: StopGrace) {
        requested.withLock { known in
            guard let old = known else {
                known = grace
                return
            }
            known = StopGrace(
                afterInterrupt: min(old.afterInterrupt, grace.afterInterrupt),
                afterTerminate: min(old.afterTerminate, grace.afterTerminate)
            )
        }
        signal()
    }

    /// What was asked for; nil while the process may go on.
    public var grace: StopGrace? { requested.withLock { $0 } }

    /// Readable after each request, until ``acknowledge()``.
    var descriptor: Int32 { event.number }

    /// Makes the descriptor quiet again.
    func acknowledge() {
        var count: UInt64 = 0
        _ = read(event.number, &count, MemoryLayout<UInt64>.size)
    }

    private func signal() {
        var one: UInt64 = 1
        _ = write(event.number, &one, MemoryLayout<UInt64>.size)
    }
}
