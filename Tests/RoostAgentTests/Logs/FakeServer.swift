import FoundationEssentials
import Glibc

@testable import RoostAgent

/// A far side over a real socket that takes everything, or fails as it is told to.
final class FakeServer: Sendable {
    struct Request: Sendable {
        var method: String
        var path: String
        var authorization: String
        var body: String
    }

    struct State: Sendable {
        var accepted: [Request] = []
        /// Requests that will be answered with 503 before one is taken.
        var failuresToCome = 0
        var status = "200 OK"
    }

    struct NoSocket: Error {}

    let state = Watched(State())
    let url: String
    private let socketNumber: Int32

    init() throws {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(number, address, size) == 0 && listen(number, 16) == 0 && getsockname(number, address, &size) == 0
            }
        }
        guard number >= 0, bound else { throw NoSocket() }
        socketNumber = number
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/"
        let state = state
        guard OwnThread.detached({ Self.serve(number, state) }) == 0 else { throw NoSocket() }
    }

    /// Takes no more connections.
    func close() { shutdown(socketNumber, Int32(SHUT_RDWR)) }

    private static func serve(_ listener: Int32, _ state: Watched<State>) {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            _ = OwnThread.detached {
                answer(connection, state)
                Glibc.close(connection)
            }
        }
        Glibc.close(listener)
    }

    private static func answer(_ connection: Int32, _ state: Watched<State>) {
        var bytes: [UInt8] = []
        while true {
            if let (request, length) = parse(bytes) {
                bytes.removeFirst(length)
                let status = judge(request, state)
                let body = status.hasPrefix("200") ? "{\"count\":0,\"value\":[],\"id\":1}" : "{\"message\":\"no\"}"
                let text =
                    "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                let answer = Array(text.utf8)
                guard send(connection, answer, answer.count, Int32(MSG_NOSIGNAL)) == answer.count else {
                    return
                }
                continue
            }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
        }
    }

    private static func judge(_ request: Request, _ state: Watched<State>) -> String {
        let fails = state.value.failuresToCome > 0
        state.change { state in
            if fails { state.failuresToCome -= 1 } else { state.accepted.append(request) }
        }
        return fails ? "503 Service Unavailable" : state.value.status
    }

    private static func parse(_ bytes: [UInt8]) -> (Request, Int)? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.utf8Range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        let header: (String) -> String? = { name in
            lines.dropFirst().first { $0.lowercased().hasPrefix("\(name): ") }.map {
                String($0.dropFirst(name.count + 2))
            }
        }
        let start = text.utf8.distance(from: text.startIndex, to: end.upperBound)
        let length = header("content-length").flatMap { Int($0) } ?? 0
        guard bytes.count >= start + length else { return nil }
        let request = Request(
            method: String(words[0]),
            path: String(words[1]),
            authorization: header("authorization") ?? "",
            body: String(decoding: bytes[start..<(start + length)], as: UTF8.self)
        )
        return (request, start + length)
    }
}
