import CRoostLinux
import Glibc

/// The streams of a program: nothing to read for it, and two pipes out of it.
struct SandboxPipes {
    private var nothing: Int32
    private var ends: [(stream: Sandbox.Stream, outer: Int32, inner: Int32)] = []
    private let given: Int32?

    /// Opens them.
    ///
    /// - Parameter standardOutput: what gets the standard output instead of a pipe.
    /// - Throws: ``SandboxFailure/file(path:error:)``.
    init(standardOutput: Int32?) throws(SandboxFailure) {
        given = standardOutput
        nothing = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else { throw .file(path: "/dev/null", error: errno) }
        for stream in standardOutput == nil ? [Sandbox.Stream.output, .errors] : [.errors] {
            var (outer, inner): (Int32, Int32) = (-1, -1)
            let error = roost_pipe(&outer, &inner, 1 << 16)
            guard error == 0 else {
                close()
                throw .file(path: "a pipe", error: error)
            }
            ends.append((stream, outer, inner))
        }
    }

    /// What the program gets as its three streams.
    var inside: [Int32] {
        let inner = ends.map(\.inner)
        return [nothing, given ?? inner[0], inner[inner.count - 1]]
    }

    mutating func closeInside() {
        if nothing >= 0 { Glibc.close(nothing) }
        nothing = -1
        for index in ends.indices where ends[index].inner >= 0 {
            Glibc.close(ends[index].inner)
            ends[index].inner = -1
        }
    }

    mutating func close() {
        closeInside()
        for end in ends where end.outer >= 0 { Glibc.close(end.outer) }
        ends = []
    }

    /// Waits until something can be read; whether that is `control`.
    func wait(for control: Int32) -> Bool {
        var sources = ends.filter { $0.outer >= 0 }.map { pollfd(fd: $0.outer, events: Int16(POLLIN), revents: 0) }
        sources.append(pollfd(fd: control, events: Int16(POLLIN), revents: 0))
        let count = poll(&sources, nfds_t(sources.count), -1)
        return count > 0 && sources[sources.count - 1].revents != 0
    }

    /// Hands on what is there, at most so much that others get their turn.
    mutating func drain(_ receive: (Sandbox.Stream, [UInt8]) -> Void) {
        for index in ends.indices where ends[index].outer >= 0 {
            for _ in 0..<64 {
                guard let bytes = Self.read(ends[index].outer) else { break }
                if bytes.isEmpty {
                    Glibc.close(ends[index].outer)
                    ends[index].outer = -1
                    break
                }
                receive(ends[index].stream, bytes)
            }
        }
    }

    /// What is there now; empty at the end, nil when nothing is there yet.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            let size = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if size < 0 { failure = errno }
            count = max(0, size)
        }
        return failure == EAGAIN || failure == EINTR ? nil : bytes
    }
}
