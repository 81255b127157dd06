import Foundation
import Glibc
import RoostModel
import Synchronization

/// A socket in a folder to which QEMU connects when it starts, and the lines that go over it.
///
/// QEMU is the one that connects, so that the line is there before the machine does anything. One call at a time.
final class VMLine: Sendable {
    private struct State {
        var connection: Int32 = -1
        var waiting: [UInt8] = []
    }

    /// Its name in the folder, for QEMU that is started there: paths of sockets have 107 characters at most.
    let name: String
    private let path: String
    private let listener: Int32
    private let state = Mutex(State())

    private static let longest = 64 << 10
    /// How long until a cancelled wait ends.
    private static let pause = Duration.milliseconds(200)

    /// - Throws: ``ProviderFailure/failed(_:)``.
    init(_ name: String, in folder: String) throws(ProviderFailure) {
        self.name = name
        path = "\(folder)/\(name)"
        unlink(path)
        let place = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        defer { close(place) }
        guard place >= 0, listener >= 0, Self.bind(listener, "/proc/self/fd/\(place)/\(name)"), listen(listener, 1) == 0
        else {
            let words = String(cString: strerror(errno))
            if listener >= 0 { close(listener) }
            throw .failed("\(folder)/\(name) cannot be listened at: \(words)")
        }
    }

    deinit {
        let connection = state.withLock { $0.connection }
        if connection >= 0 { close(connection) }
        close(listener)
        unlink(path)
    }

    private static func bind(_ socket: Int32, _ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    /// Waits for QEMU.
    ///
    /// - Throws: ``ProviderFailure/failed(_:)`` when it does not come in time.
    func connected(within time: Duration) async throws(ProviderFailure) {
        guard await Self.isReadable(listener, until: .now + time) else { throw .failed("QEMU did not open '\(name)'") }
        let connection = accept(listener, nil, nil)
        guard connection >= 0, fcntl(connection, F_SETFD, FD_CLOEXEC) == 0,
            fcntl(connection, F_SETFL, O_NONBLOCK) == 0
        else { throw .failed("QEMU did not open '\(name)': \(String(cString: strerror(errno)))") }
        state.withLock { $0.connection = connection }
    }

    /// Sends a line.
    ///
    /// - Throws: ``ProviderFailure/failed(_:)`` when the machine takes none.
    func say(_ text: String) throws(ProviderFailure) {
        let connection = state.withLock { $0.connection }
        var bytes = Array("\(text)\n".utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .failed("'\(name)' of QEMU takes nothing: \(String(cString: strerror(errno)))")
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// The next line, without its end.
    ///
    /// - Throws: ``ProviderFailure/failed(_:)`` when there is none in time, or when QEMU has ended.
    func next(until end: ContinuousClock.Instant) async throws(ProviderFailure) -> String {
        guard let line = try await heard(until: end) else {
            throw .failed("nothing was heard from '\(name)' of QEMU in time")
        }
        return line
    }

    /// The same, nil when there is none in time.
    func heard(until end: ContinuousClock.Instant) async throws(ProviderFailure) -> String? {
        while true {
            let line = state.withLock { state -> String? in
                guard let place = state.waiting.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
                defer { state.waiting.removeSubrange(...place) }
                return String(decoding: state.waiting[..<place], as: UTF8.self)
            }
            if let line { return line.trimmingCharacters(in: .whitespacesAndNewlines) }
            let connection = state.withLock { $0.connection }
            guard await Self.isReadable(connection, until: end) else { return nil }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(connection, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw .failed("QEMU has ended") }
            let isLong = state.withLock { state in
                state.waiting += buffer.prefix(count)
                return state.waiting.count > Self.longest
            }
            guard !isLong else { throw .failed("'\(name)' of QEMU says too much") }
        }
    }

    /// Waits on a thread of its own; false at the end of the time, or when the task is cancelled.
    private static func isReadable(_ descriptor: Int32, until end: ContinuousClock.Instant) async -> Bool {
        let isCancelled = Atomic(false)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    var count: Int32 = 0
                    while count == 0 || (count < 0 && errno == EINTR), !isCancelled.load(ordering: .relaxed) {
                        let rest = min(end - .now, pause)
                        guard rest > .zero else { break }
                        count = poll(&wanted, 1, Int32(rest / .milliseconds(1)) + 1)
                    }
                    continuation.resume(returning: count > 0)
                }
            }
        } onCancel: {
            isCancelled.store(true, ordering: .relaxed)
        }
    }
}
