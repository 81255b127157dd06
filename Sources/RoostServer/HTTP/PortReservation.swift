import Glibc
import Synchronization

/// Holds a free port until the server listens on it.
///
/// The server's own address is part of what it hands out, so that it must be known before the first request. The socket is bound but does
/// not listen: with `SO_REUSEADDR` on both, the server can bind the same port, while nobody else is given it (socket(7)).
final class PortReservation: Sendable {
    let port: Int
    private let descriptor: Mutex<Int32?>

    /// Nil when the host is no address of this machine.
    init?(host: String) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "0", &hints, &list) == 0, let first = list else { return nil }
        defer { freeaddrinfo(list) }
        let socket = Glibc.socket(first.pointee.ai_family, first.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(socket, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0, let port = Self.port(of: socket)
        else {
            close(socket)
            return nil
        }
        self.port = port
        descriptor = Mutex(socket)
    }

    deinit { release() }

    /// Gives the port back; the server listens on it by now.
    func release() {
        let socket = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        if let socket { close(socket) }
    }

    private static func port(of socket: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard result == 0 else { return nil }
        return withUnsafePointer(to: &storage) { pointer in
            // The port stands at the same place in sockaddr_in and sockaddr_in6.
            pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Int(UInt16(bigEndian: $0.pointee.sin_port)) }
        }
    }
}
