import Foundation
import RoostTesting
import Synchronization

/// Where machines of a test report to: each hands in a shell, in which the test runs commands.
final class ShellServer: Sendable {
    private let listener: Int32
    let port: Int
    private let waiting = Mutex<[MachineShell]>([])

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isOpen else { throw TestFailure("no port can be listened on") }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(listener) }

    var url: URL { URL(string: "http://127.0.0.1:\(port)/") ?? URL(filePath: "/") }

    /// The program of a machine: reads what it joins and hands in a shell.
    static let script = """
        while IFS= read -r line; do export "$line"; done
        port=${ROOST_URL##*:}
        exec /bin/busybox nc 127.0.0.1 "${port%%/*}" -e /bin/sh
        """

    /// The shell of a machine's agent, once it has come.
    func shell(of agent: String) async throws -> MachineShell {
        while true {
            let known = waiting.withLock { waiting in
                waiting.firstIndex { $0.agent == agent }.map { waiting.remove(at: $0) }
            }
            if let known { return known }
            let shell = try await accept()
            waiting.withLock { $0.append(shell) }
        }
    }

    private func accept() async throws -> MachineShell {
        let listener = listener
        return try await offThread {
            try Patience.wait(for: listener, "a machine's shell")
            let end = Glibc.accept(listener, nil, nil)
            guard end >= 0 else { throw TestFailure("a machine's shell cannot be accepted") }
            let shell = MachineShell(end)
            let words = try shell.talk("echo \"$ROOST_AGENT $ROOST_TOKEN\"").split(separator: " ")
            return MachineShell(end, agent: String(words.first ?? ""), token: String(words.last ?? ""), owns: true)
        }
    }
}

/// A shell on a machine.
final class MachineShell: Sendable {
    private let end: Int32
    private let owns: Bool
    let agent: String
    let token: String

    fileprivate init(_ end: Int32, agent: String = "", token: String = "", owns: Bool = false) {
        (self.end, self.agent, self.token, self.owns) = (end, agent, token, owns)
    }

    deinit { if owns { close(end) } }

    /// Runs a command and gives what it wrote.
    @discardableResult
    func run(_ command: String) async throws -> String { try await offThread { try self.talk(command) } }

    /// Tells it something and waits for no answer.
    func tell(_ command: String) { _ = send(end, "\(command)\n", command.utf8.count + 1, Int32(MSG_NOSIGNAL)) }

    /// Waits until the machine's side is gone.
    func ended() async throws {
        try await offThread {
            while true {
                try Patience.wait(for: self.end, "the end of a shell")
                var byte: UInt8 = 0
                if recv(self.end, &byte, 1, 0) <= 0 { return }
            }
        }
    }

    fileprivate func talk(_ command: String) throws -> String {
        tell("{ \(command)\n} 2>&1; echo; echo ==done==")
        var bytes: [UInt8] = []
        let mark = Array("\n==done==\n".utf8)
        while !bytes.suffix(mark.count).elementsEqual(mark) {
            try Patience.wait(for: end, "an answer to \(command)")
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(end, &buffer, buffer.count, 0)
            guard count > 0 else { throw TestFailure("the machine ended during \(command)") }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes.dropLast(mark.count), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

enum Patience {
    /// Waits until something can be read.
    static func wait(for descriptor: Int32, _ what: String) throws {
        var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&source, 1, 120_000) > 0 else { throw TestFailure("\(what) did not come") }
    }
}

/// Does something that waits, on a thread of its own.
func offThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
