import Glibc
import Synchronization

/// Listens to the signs of life of one slot's listener, as a service manager does (sd_notify(3)), and kills a listener that hangs.
final class SlotPulse: Sendable {
    private let socket: OwnedDescriptor
    private let name: String
    private let patience: Duration
    private let state = Mutex<(process: PipedProcess?, since: ContinuousClock.Instant, hasEnded: Bool)>(
        (nil, .now, false)
    )

    /// - Parameters:
    ///   - number: of the slot.
    ///   - patience: after this time without a sign it is killed; nil watches nothing.
    init?(_ number: Int, patience: Duration?) {
        guard let patience else { return nil }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        socket = OwnedDescriptor(descriptor)
        self.patience = patience
        // In no file system: it goes with this process.
        name = "roost-slot-\(getpid())-\(number)"
        let address = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) } + [0] + Array(name.utf8)
        let isBound = address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { buffer in
                bind(descriptor, buffer.baseAddress, socklen_t(address.count)) == 0
            }
        }
        guard isBound, OwnThread.detached({ [self] in watch() }) == 0 else { return nil }
    }

    /// What tells a listener to give signs.
    var environment: [String: String] {
        let microseconds = patience.components.seconds * 1_000_000 + patience.components.attoseconds / 1_000_000_000_000
        return ["NOTIFY_SOCKET": "@\(name)", "WATCHDOG_USEC": "\(microseconds)"]
    }

    /// From now on this is the listener.
    func watch(_ process: PipedProcess) { state.withLock { ($0.process, $0.since) = (process, .now) } }

    /// Nothing is watched any more.
    func end() { state.withLock { ($0.process, $0.hasEnded) = (nil, true) } }

    private func watch() {
        var buffer = [UInt8](repeating: 0, count: 1024)
        while !state.withLock({ $0.hasEnded }) {
            var request = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
            let ready = poll(&request, 1, Int32(patience / .milliseconds(1)))
            if ready > 0 {
                let count = recv(socket.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count > 0 { state.withLock { $0.since = .now } }
            } else if ready == 0 {
                let late = state.withLock { $0.since.duration(to: .now) >= patience ? $0.process : nil }
                late?.signal(SIGKILL)
            }
        }
    }
}
