import Foundation

/// Stands between a stream of this process and a server: what is read goes there, what comes back is written.
public enum TCPDoor {
    /// Connects, and copies until the server ends the connection.
    ///
    /// - Returns: whether it could connect.
    public static func run(host: String, port: Int) -> Bool {
        signal(SIGPIPE, SIG_IGN)
        let server = connected(host, port)
        guard server >= 0 else { return false }
        defer { close(server) }
        Thread.detachNewThread {
            copy(STDIN_FILENO, server)
            shutdown(server, Int32(SHUT_WR))
        }
        copy(server, STDOUT_FILENO)
        return true
    }

    private static func connected(_ host: String, _ port: Int) -> Int32 {
        var wish = addrinfo()
        wish.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &wish, &found) == 0 else { return -1 }
        defer { freeaddrinfo(found) }
        var next = found
        while let address = next?.pointee {
            let place = socket(address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
            if place >= 0, connect(place, address.ai_addr, address.ai_addrlen) == 0 { return place }
            if place >= 0 { close(place) }
            next = address.ai_next
        }
        return -1
    }

    /// Copies until one side has ended.
    private static func copy(_ source: Int32, _ target: Int32) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(source, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            var done = 0
            while done < count {
                let written = write(target, buffer.baseAddress.map { $0 + done }, count - done)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                done += written
            }
        }
    }
}
