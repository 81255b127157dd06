import CRoostLinux
import Glibc

/// The service manager that started this process, which is told how it is (sd_notify(3)).
///
/// Messages are lost rather than waited for: nothing depends on them but the manager's picture of this process.
final class ServiceManager: Sendable {
    private let socket: OwnedDescriptor
    private let address: [UInt8]
    /// After this time without a sign of life the manager kills the process; nil when it does not watch.
    let patience: Duration?

    /// The variables by which a manager says that it listens; none of them is for children.
    static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

    /// Nil when no manager listens.
    ///
    /// - Parameter environment: of this process.
    init?(environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"], let first = name.first, first == "/" || first == "@",
            name.utf8.count < 100
        else { return nil }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        socket = OwnedDescriptor(descriptor)
        // A name that begins with @ is in no file system: its first byte is zero.
        let path = first == "@" ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
        address = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) } + path + (first == "/" ? [0] : [])
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        patience = isMeant ? environment["WATCHDOG_USEC"].flatMap { Int($0) }.map { .microseconds($0) } : nil
    }

    /// Sends lines such as `READY=1`.
    func tell(_ lines: String...) {
        let text = Array(lines.joined(separator: "\n").utf8)
        address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { buffer in
                _ = sendto(
                    socket.number,
                    text,
                    text.count,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT),
                    buffer.baseAddress,
                    socklen_t(address.count)
                )
            }
        }
    }
}
