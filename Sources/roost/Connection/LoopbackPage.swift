import Dispatch
import Foundation

/// Waits on this machine for a browser that comes back with a code (RFC 8252 §7.3).
struct LoopbackPage: Sendable {
    private let socket: Int32
    /// Where the browser is to be sent.
    let address: String

    /// What the browser brought.
    struct Visit: Sendable, Hashable {
        var code: String?
        var state: String?
        var error: String?
    }

    /// A person has so long to decide.
    private static let patience: TimeInterval = 600
    /// A request's head is small.
    private static let headLimit = 16_384

    /// Listens on a free port.
    ///
    /// - Throws: `POSIXError` when there is none.
    init() throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw POSIXError(.EMFILE) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 8) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else {
            close(socket)
            throw POSIXError(.EADDRNOTAVAIL)
        }
        self.socket = socket
        address = "http://127.0.0.1:\(UInt16(bigEndian: name.sin_port))/"
    }

    /// The first visit that brings something; nil when none comes in time.
    func visit() async -> Visit? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: serve()) }
        }
    }

    private func serve() -> Visit? {
        defer { close(socket) }
        let deadline = Date() + Self.patience
        while true {
            let left = deadline.timeIntervalSinceNow
            guard left > 0 else { return nil }
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, Int32(left * 1000)) > 0 else { continue }
            let peer = accept(socket, nil, nil)
            guard peer >= 0 else { continue }
            defer { close(peer) }
            if let visit = Self.answer(peer) { return visit }
        }
    }

    /// Reads one request and answers it; nil for those that bring nothing, such as of an icon.
    private static func answer(_ peer: Int32) -> Visit? {
        let visit = visit(requestLine: requestLine(peer))
        let isGood = visit?.code != nil
        let text = isGood ? "Signed in. You can close this page." : visit == nil ? "Nothing here." : "Not signed in."
        let answer = """
            HTTP/1.1 \(visit == nil ? "404 Not Found" : "200 OK")\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(text.utf8.count)\r
            Connection: close\r
            \r
            \(text)
            """
        let bytes = Array(answer.utf8)
        _ = send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        return visit
    }

    private static func requestLine(_ peer: Int32) -> String {
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var head: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while head.count < headLimit, !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(peer, &part, part.count, 0)
            guard count > 0 else { break }
            head += part[..<count]
        }
        return String(decoding: head.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }

    /// What `GET /?code=…&state=… HTTP/1.1` brings.
    static func visit(requestLine: String) -> Visit? {
        let words = requestLine.split(separator: " ")
        guard words.count == 3, words[0] == "GET", let parts = URLComponents(string: String(words[1])),
            parts.path == "/"
        else { return nil }
        let items = parts.queryItems ?? []
        func value(_ name: String) -> String? { items.first { $0.name == name }?.value }
        let visit = Visit(
            code: value("code"),
            state: value("state"),
            error: value("error_description") ?? value("error")
        )
        return visit.code == nil && visit.error == nil ? nil : visit
    }
}
