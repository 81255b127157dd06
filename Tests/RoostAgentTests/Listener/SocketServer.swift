import Glibc
import Synchronization

@testable import RoostAgent

/// A request as it came over a socket.
struct SocketRequest: Sendable {
    var method: String
    /// With the query.
    var target: String
    var authorization: String
    /// By lower-case name.
    var headers: [String: String] = [:]
    var body: [UInt8]

    /// Without the query.
    var path: String { String(target.prefix { $0 != "?" }) }

    func query(_ name: String) -> String? {
        target.split(separator: "?").dropFirst().first?.split(separator: "&").compactMap { item in
            let parts = item.split(separator: "=", maxSplits: 1)
            return parts.count == 2 && parts[0] == name ? String(parts[1]) : nil
        }.first
    }
}

/// A small HTTP server on a real socket: a thread for each connection, an answer from a closure that may block.
final class SocketServer: Sendable {
    struct Answer: Sendable {
        var status = 200
        var body: [UInt8] = []
        /// Whole lines, such as `Name: value`.
        var headers: [String] = []
    }

    struct NoSocket: Error {}

    let port: UInt16
    private let socketNumber: Int32
    private let connections = Mutex<Set<Int32>>([])

    init(port: UInt16 = 0, _ answer: @escaping @Sendable (SocketRequest) -> Answer?) throws {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(number, address, size) == 0 && listen(number, 64) == 0 && getsockname(number, address, &size) == 0
            }
        }
        guard number >= 0, bound else { throw NoSocket() }
        socketNumber = number
        self.port = UInt16(bigEndian: address.sin_port)
        guard OwnThread.detached({ self.serve(answer) }) == 0 else { throw NoSocket() }
    }

    /// Takes no more connections and cuts those that are open.
    func close() {
        shutdown(socketNumber, Int32(SHUT_RDWR))
        connections.withLock { for connection in $0 { shutdown(connection, Int32(SHUT_RDWR)) } }
    }

    private func serve(_ answer: @escaping @Sendable (SocketRequest) -> Answer?) {
        while true {
            let connection = accept(socketNumber, nil, nil)
            guard connection >= 0 else { break }
            connections.withLock { _ = $0.insert(connection) }
            _ = OwnThread.detached {
                self.talk(connection, answer)
                self.connections.withLock { _ = $0.remove(connection) }
                Glibc.close(connection)
            }
        }
        Glibc.close(socketNumber)
    }

    private func talk(_ connection: Int32, _ answer: @Sendable (SocketRequest) -> Answer?) {
        var bytes: [UInt8] = []
        while true {
            if let (request, length) = Self.parse(bytes) {
                bytes.removeFirst(length)
                guard let answer = answer(request) else { return }
                let head =
                    "HTTP/1.1 \(answer.status) -\r\nContent-Type: application/json\r\n\(answer.headers.map { "\($0)\r\n" }.joined())Content-Length: \(answer.body.count)\r\n\r\n"
                let all = Array(head.utf8) + answer.body
                guard send(connection, all, all.count, Int32(MSG_NOSIGNAL)) == all.count else { return }
                continue
            }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
        }
    }

    private static func parse(_ bytes: [UInt8]) -> (SocketRequest, Int)? {
        guard let end = bytes.indices.dropLast(3).first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else {
            return nil
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        let header: (String) -> String? = { name in
            lines.dropFirst().first { $0.lowercased().hasPrefix("\(name): ") }.map {
                String($0.dropFirst(name.count + 2))
            }
        }
        let start = end + 4
        let length = header("content-length").flatMap { Int($0) } ?? 0
        guard bytes.count >= start + length else { return nil }
        let request = SocketRequest(
            method: String(words[0]),
            target: String(words[1]),
            authorization: header("authorization") ?? "",
            headers: Dictionary(
                lines.dropFirst().compactMap { line in
                    line.firstIndex(of: ":").map {
                        (line[..<$0].lowercased(), String(line[$0...].dropFirst().drop { $0 == " " }))
                    }
                }
            ) { first, _ in first },
            body: Array(bytes[start..<(start + length)])
        )
        return (request, start + length)
    }
}
