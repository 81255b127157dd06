import Dispatch
import Foundation
import Glibc
import Synchronization

/// Reads objects of one repository through a `git cat-file --batch` that stays open, so that a look-up costs no new process.
///
/// Refs are resolved by git at each question, and new packs are found by it, so that answers are never old.
final class GitObjectReader: Sendable {
    struct Object: Sendable {
        var id: String
        var kind: String
        var content: Data
    }

    private struct Running {
        var process: Process
        var input: FileHandle
        var output: FileHandle
        var buffer = Data()
    }

    private let folder: String
    private let queue: DispatchQueue
    /// Touched on ``queue`` only; the mutex is there for the compiler and for `deinit`.
    private let running = Mutex<Running?>(nil)

    init(folder: String) {
        self.folder = folder
        self.queue = DispatchQueue(label: "roost.git.\(folder)")
    }

    deinit {
        running.withLock { running in
            try? running?.input.close()
            running?.process.terminate()
        }
    }

    /// The object a name such as `refs/heads/main` or `COMMIT:path` stands for; nil when there is none.
    func object(_ name: String) async throws -> Object? {
        guard !name.contains("\n") else { return nil }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try self.ask(name) })
            }
        }
    }

    /// The same for a caller that may block its thread.
    func objectNow(_ name: String) throws -> Object? {
        guard !name.contains("\n") else { return nil }
        return try queue.sync { try ask(name) }
    }

    private func ask(_ name: String) throws -> Object? {
        try running.withLock { running in
            do {
                return try Self.ask(name, &running, folder)
            } catch {
                // The process may have been killed: one new one is worth a try.
                try? running?.input.close()
                running?.process.terminate()
                running = nil
                return try Self.ask(name, &running, folder)
            }
        }
    }

    private static func ask(_ name: String, _ running: inout Running?, _ folder: String) throws -> Object? {
        var current = try running ?? start(folder)
        defer { running = current }
        try current.input.write(contentsOf: Data("\(name)\n".utf8))
        let head = try readLine(&current)
        if head.hasSuffix(" missing") || head.hasSuffix(" ambiguous") { return nil }
        let fields = head.split(separator: " ")
        guard fields.count == 3, let size = Int(fields[2]) else { throw GitReadError.unexpected(head) }
        let content = try read(size + 1, &current).dropLast()
        return Object(id: String(fields[0]), kind: String(fields[1]), content: Data(content))
    }

    private static func start(_ folder: String) throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder, "cat-file", "--batch"]
        process.environment = GitProcess.environment
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return Running(process: process, input: input.fileHandleForWriting, output: output.fileHandleForReading)
    }

    private static func readLine(_ running: inout Running) throws -> String {
        while true {
            if let end = running.buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: running.buffer[..<end], as: UTF8.self)
                running.buffer = Data(running.buffer[running.buffer.index(after: end)...])
                return line
            }
            try fill(&running)
        }
    }

    private static func read(_ count: Int, _ running: inout Running) throws -> Data {
        while running.buffer.count < count { try fill(&running) }
        let content = Data(running.buffer.prefix(count))
        running.buffer = Data(running.buffer.dropFirst(count))
        return content
    }

    private static func fill(_ running: inout Running) throws {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var count = 0
        // `availableData` ends the whole process when a signal comes meanwhile.
        repeat {
            count = Glibc.read(running.output.fileDescriptor, &chunk, chunk.count)
        } while count < 0 && errno == EINTR
        guard count > 0 else { throw GitReadError.ended }
        running.buffer.append(contentsOf: chunk[..<count])
    }
}

enum GitReadError: Error {
    case ended
    case unexpected(String)
}
