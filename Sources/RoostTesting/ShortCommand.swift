public import Foundation
import Glibc

/// A program that ends soon, run to its end on this thread.
///
/// It is waited for by its id and writes into a file, so that nothing else is waited for: a pipe, or the socket with which Foundation
/// watches its processes, stays open for as long as any other process that was started at the same moment.
public enum ShortCommand {
    /// Runs a program found in `PATH`.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - folder: where it runs; nil is where this process is.
    ///   - input: its standard input.
    /// - Returns: its exit code, 255 after a signal, and what it wrote to standard output.
    /// - Throws: ``TestFailure`` when it cannot be started.
    public static func run(
        _ words: [String],
        in folder: String? = nil,
        input: Data = Data()
    ) throws -> (
        code: Int32, output: Data
    ) {
        let base = FileManager.default.temporaryDirectory.appending(path: "roost-command-\(UUID().uuidString)").path
        let (given, written) = ("\(base).in", "\(base).out")
        try input.write(to: URL(filePath: given))
        defer {
            unlink(given)
            unlink(written)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, given, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, written, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let words = (folder.map { ["env", "-C", $0] } ?? []) + words
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid = pid_t()
        let error = posix_spawnp(&pid, words[0], &actions, nil, &arguments, environ)
        guard error == 0 else { throw TestFailure("\(words[0]): \(String(cString: strerror(error)))") }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        let output = (try? Data(contentsOf: URL(filePath: written))) ?? Data()
        return (status & 0x7f == 0 ? (status >> 8) & 0xff : 255, output)
    }

    /// The same on a thread of its own, for programs that ask something of this process: its tasks go on meanwhile.
    public static func runAside(
        _ words: [String],
        in folder: String? = nil,
        input: Data = Data()
    ) async throws -> (code: Int32, output: Data) {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try run(words, in: folder, input: input) }) }
        }
    }
}
