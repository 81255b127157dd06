import Foundation
import Glibc
import Synchronization

/// A program of this build, run as a process of its own.
public final class ChildProgram: Sendable {
    private struct State {
        var lines: [String] = []
        var end: Int32?
        var outputHasEnded = false
        var waits: [(isOver: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] =
            []
    }
    private let state = Mutex(State())
    private let process: Process
    /// Open as long as nobody closes it and this process lives.
    private let input: FileHandle?

    /// The folder of the executables beside the running tests.
    public static var buildFolder: String {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        // A plain `swift test` runs a helper of the toolchain that loads the tests; they are in the build folder all the same.
        let given = CommandLine.arguments.compactMap { argument in
            argument.lastIndex(of: "/").map { String(argument[..<$0]) }
        }
        let candidates = [own.deletingLastPathComponent().path] + given
        return candidates.first { FileManager.default.isExecutableFile(atPath: "\($0)/roost") } ?? candidates[0]
    }

    /// Starts a program of the build.
    ///
    /// - Parameters:
    ///   - name: such as `roost`.
    ///   - arguments: for it.
    ///   - environment: added to this process's own.
    ///   - folder: where it runs.
    /// - Throws: when it cannot be started.
    public convenience init(
        _ name: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        folder: String
    ) throws {
        try self.init(
            executable: "\(Self.buildFolder)/\(name)",
            arguments,
            environment: environment,
            folder: folder
        )
    }

    /// Starts any program.
    ///
    /// - Parameters:
    ///   - executable: an absolute path.
    ///   - arguments: for it.
    ///   - environment: added to this process's own.
    ///   - folder: where it runs.
    ///   - keepsInput: its input stays open until ``closeInput()`` or the end of this process, however that ends.
    /// - Throws: when it cannot be started.
    public init(
        executable: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        folder: String,
        keepsInput: Bool = false
    ) throws {
        process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(filePath: folder)
        let output = Pipe()
        if keepsInput {
            let pipe = Pipe()
            input = pipe.fileHandleForWriting
            // Other programs must not keep it open.
            _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
            process.standardInput = pipe
        } else {
            input = nil
            process.standardInput = FileHandle.nullDevice
        }
        process.standardOutput = output
        process.standardError = output
        process.terminationHandler = { [weak self] process in
            self?.change { $0.end = process.terminationStatus }
        }
        // Threads of tasks block signals, and what they start would never hear one.
        var none = sigset_t()
        var mask = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &mask)
        defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
        try process.run()
        // A thread of its own: a handler of the file handle may outlive its descriptor.
        Thread.detachNewThread { [weak self] in
            var rest = Data()
            while true {
                var part = [UInt8](repeating: 0, count: 1 << 16)
                // `availableData` ends the whole process when a signal comes meanwhile.
                let count = read(output.fileHandleForReading.fileDescriptor, &part, part.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                rest.append(contentsOf: part[..<count])
                let lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                rest = Data(lines.last ?? Data())
                self?.change { $0.lines += lines.dropLast().map { String(decoding: $0, as: UTF8.self) } }
            }
            // Foundation keeps a process that has ended, and with it the pipe: a thousand of them after a run of all tests.
            try? output.fileHandleForReading.close()
            self?.change { state in
                if !rest.isEmpty { state.lines.append(String(decoding: rest, as: UTF8.self)) }
                state.outputHasEnded = true
            }
        }
    }

    public var pid: Int32 { process.processIdentifier }
    public var lines: [String] { state.withLock { $0.lines } }
    public var hasEnded: Bool { state.withLock { $0.end != nil } }

    /// See the initializer.
    public func closeInput() { try? input?.close() }

    public func send(_ signal: Int32) { if !hasEnded { kill(pid, signal) } }

    /// Waits for its end and gives its exit code or signal.
    @discardableResult
    public func end() async -> Int32 {
        await wait { $0.end != nil }
        return state.withLock { $0.end ?? -1 }
    }

    /// Waits for its end and for all it wrote, which others that it started may hold up.
    public func finished() async -> (code: Int32, output: String) {
        await wait { $0.end != nil && $0.outputHasEnded }
        return state.withLock { ($0.end ?? -1, $0.lines.joined(separator: "\n")) }
    }

    /// Waits until it has written a line with a text in it.
    ///
    /// - Throws: ``TestFailure`` with all it wrote when it ended first.
    public func line(with text: String) async throws {
        try await lines("a line with '\(text)'") { lines in lines.contains { $0.contains(text) } }
    }

    /// Waits until what it has written is as told.
    ///
    /// - Parameters:
    ///   - what: what is waited for, for the error.
    ///   - isThere: asked about all its lines, first of all and at each new one.
    /// - Throws: ``TestFailure`` with all it wrote when it ended first.
    public func lines(_ what: String, _ isThere: @escaping @Sendable ([String]) -> Bool) async throws {
        await wait { state in state.end != nil || isThere(state.lines) }
        guard isThere(lines) else {
            throw TestFailure("\(process.arguments ?? []) ended without \(what):\n\(lines.joined(separator: "\n"))")
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let over = state.withLock { state in
            body(&state)
            var over: [CheckedContinuation<Void, Never>] = []
            let present = state
            state.waits.removeAll { wait in
                guard wait.isOver(present) else { return false }
                over.append(wait.continuation)
                return true
            }
            return over
        }
        for continuation in over { continuation.resume() }
    }

    private func wait(_ isOver: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waits.append((isOver, continuation)) }
            change { _ in }
        }
    }
}
