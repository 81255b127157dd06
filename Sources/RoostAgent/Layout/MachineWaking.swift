import CRoostLinux
import FoundationEssentials
import Glibc
import RoostModel

/// What a machine does in whose memory many others begin: it says that it is ready, waits at a serial port, and is another one when it is answered.
///
/// Between `ready` and the next line its memory may be saved, and it may go on many times, at other hours:
///
///     > ready
///     < wake
///     > awake          (wake may come more than once, and half of it)
///     < ROOST_SEED=0123…
///     < ROOST_URL=https://…
///     < ROOST_NOW=1796000000.123456789
///     > set
///     < go
///
/// Nobody says anything before `ready`. The time comes last, because it passes, and again when the answer was late.
struct MachineWaking {
    /// The name of a port in `/dev`, or a path.
    let port: String

    /// Certificates of authorities are one line.
    private static let longest = 256 << 10

    /// Waits, sets clock and random numbers, and gives the other lines.
    ///
    /// - Throws: ``ConfigurationFailure``.
    func wait() throws(ConfigurationFailure) -> [String] {
        let path = port.hasPrefix("/") ? port : "/dev/\(port)"
        let descriptor = roost_port_open(path)
        guard descriptor >= 0 else { throw .port(path, error: errno) }
        defer { close(descriptor) }
        var line = PortLine(descriptor: descriptor, path: path, longest: Self.longest)
        try line.say("ready")
        while try line.next() != "wake" {}
        try line.say("awake")
        var lines: [String] = []
        while true {
            let text = try line.next()
            if let seed = text.value(of: "ROOST_SEED") {
                try renew(seed)
            } else if let now = text.value(of: "ROOST_NOW") {
                try set(now)
                try line.say("set")
            } else if text == "go" {
                return lines
            } else if text.contains("=") {
                lines.append(text)
            }
        }
    }

    private func renew(_ seed: String) throws(ConfigurationFailure) {
        var bytes = Array(seed.utf8)
        let error = roost_random_renew(&bytes, bytes.count)
        guard error == 0 else { throw .ownState("random numbers", error: error) }
    }

    private func set(_ text: String) throws(ConfigurationFailure) {
        let parts = text.split(separator: ".")
        guard parts.count == 2, let seconds = Int64(parts[0]), parts[1].count == 9, let rest = Int(parts[1]) else {
            throw .ownState("clock", error: EINVAL)
        }
        let error = roost_clock_set(seconds, rest)
        guard error == 0 else { throw .ownState("clock", error: error) }
    }
}

extension String {
    fileprivate func value(of name: String) -> String? {
        hasPrefix("\(name)=") ? String(dropFirst(name.count + 1)) : nil
    }
}

/// Lines over a port.
private struct PortLine {
    let descriptor: Int32
    let path: String
    let longest: Int
    private var waiting: [UInt8] = []

    init(descriptor: Int32, path: String, longest: Int) {
        (self.descriptor, self.path, self.longest) = (descriptor, path, longest)
    }

    func say(_ text: String) throws(ConfigurationFailure) {
        var bytes = Array("\(text)\n".utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .port(path, error: errno) }
            bytes = bytes.dropFirst(count)
        }
    }

    /// The next line, without its end.
    mutating func next() throws(ConfigurationFailure) -> String {
        while true {
            if let end = waiting.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: waiting[..<end], as: UTF8.self)
                waiting.removeSubrange(...end)
                return line
            }
            guard waiting.count < longest else { throw .port(path, error: EMSGSIZE) }
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .port(path, error: count < 0 ? errno : EPIPE) }
            waiting += buffer.prefix(count)
        }
    }
}
