import CRoostLinux
import Glibc
import RoostModel
import Synchronization

/// The program that keeps machines: `roost machine-keeper`.
public struct KeeperProgram: Hashable, Sendable {
    /// The word that makes a keeper of `roost`.
    public static let word = "machine-keeper"

    /// An absolute path.
    public var executable: String

    public init(executable: String) { self.executable = executable }

    /// What the program does when ``word`` is its first argument; gives its exit code.
    ///
    /// The process must have one thread, and nothing but the socket of who started it as its standard input.
    public static func run() -> Int32 { roost_machine_nursery() }
}

/// Makes keepers, each a copy of one small process.
///
/// That process has been given nothing of the server's: no memory, no descriptor, no environment. It ends with this object or this process; the keepers
/// stay.
final class KeeperNursery: Sendable {
    private struct Process {
        var pid: pid_t
        var socket: Int32
    }
    private let program: KeeperProgram
    private let process = Mutex<Process?>(nil)

    init(_ program: KeeperProgram) { self.program = program }

    deinit {
        process.withLock { process in
            process.map(Self.end)
            process = nil
        }
    }

    /// Starts a machine and waits until it runs; not for a thread of tasks.
    ///
    /// - Parameters:
    ///   - order: what it is.
    ///   - input: what its program reads.
    /// - Returns: a descriptor that is closed by the other side when the machine ends.
    /// - Throws: ``ProviderFailure``.
    func start(_ order: KeeperOrder, input: String) throws(ProviderFailure) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Self.socketKind, 0, &ends) == 0 else {
            throw ProviderFailure(file: "a socket", errno)
        }
        defer { close(ends[1]) }
        do throws(ProviderFailure) {
            let pipe = try Self.pipe(holding: input)
            defer { close(pipe) }
            try send(order.bytes, answer: ends[1], input: pipe)
        } catch {
            close(ends[0])
            throw error
        }
        close(ends[1])
        ends[1] = -1
        do throws(ProviderFailure) {
            try Self.hear(ends[0])
            return ends[0]
        } catch {
            close(ends[0])
            throw error
        }
    }

    private static let socketKind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    private func send(_ bytes: [UInt8], answer: Int32, input: Int32) throws(ProviderFailure) {
        // The process may have been killed since it was used last: a new one is tried, once.
        let error = process.withLock { process -> Int32 in
            for _ in 0..<2 {
                if process == nil {
                    let (started, error) = Self.spawn(program)
                    guard let started else { return error }
                    process = started
                }
                guard let socket = process?.socket else { continue }
                let error = roost_nursery_order(socket, bytes, bytes.count, answer, input)
                guard error == EPIPE || error == ECONNRESET || error == ENOTCONN else { return error }
                process.map(Self.end)
                process = nil
            }
            return EPIPE
        }
        guard error != 0 else { return }
        throw .unavailable(
            "No keeper of machines can be started with \(program.executable): \(String(cString: strerror(error)))",
            advice: "See whether the program is there and may be run."
        )
    }

    /// How long a machine may take to be arranged; its agent comes later.
    private static let patience: Int32 = 60_000

    private static func hear(_ socket: Int32) throws(ProviderFailure) {
        var source = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        var count = poll(&source, 1, patience)
        while count < 0 && errno == EINTR { count = poll(&source, 1, patience) }
        guard count > 0 else { throw .unknown("the keeper of the machine has not answered for a minute") }
        var answer = roost_machine_answer()
        let size = recv(socket, &answer, MemoryLayout<roost_machine_answer>.size, 0)
        guard size == MemoryLayout<roost_machine_answer>.size else {
            throw .unknown("the keeper of the machine ended before it had answered")
        }
        guard answer.error != 0 else { return }
        let step = withUnsafeBytes(of: answer.step) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        throw .failed("The machine could not \(step): \(String(cString: strerror(answer.error)))")
    }

    private static func pipe(holding text: String) throws(ProviderFailure) -> Int32 {
        let pipe = roost_pipe_holding(text, text.utf8.count)
        guard pipe >= 0 else { throw ProviderFailure(file: "a pipe", errno) }
        return pipe
    }

    private static func spawn(_ program: KeeperProgram) -> (Process?, Int32) {
        var process = Process(pid: 0, socket: -1)
        let error = roost_nursery_start(program.executable, KeeperProgram.word, &process.socket, &process.pid)
        return (error == 0 ? process : nil, error)
    }

    private static func end(_ process: Process) {
        close(process.socket)
        while waitpid(process.pid, nil, 0) < 0 && errno == EINTR {}
    }
}
