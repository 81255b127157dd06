import Dispatch
import Foundation
import RoostImages
import Synchronization

/// Ctrl-C and SIGTERM while images are built.
enum BuildInterruption {
    /// Runs work that is cancelled by the first signal, and waits until it has cleaned up; the second ends the process at once.
    static func watching<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
        let task = Task { await work() }
        let sources = [SIGINT, SIGTERM].map { number -> any DispatchSourceSignal in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { pressed(number, task.cancel) }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
            for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        }
        return await task.value
    }

    private static let presses = Mutex(0)

    private static func pressed(_ number: Int32, _ cancel: () -> Void) {
        let count = presses.withLock { presses in
            presses += 1
            return presses
        }
        if count == 1 {
            Terminal.printError("Cleaning up; once more stops at once.")
            return cancel()
        }
        ImageBuildRunner.killPrograms()
        exit(128 + number)
    }
}

/// Questions on a terminal that stop waiting when the build is cancelled.
enum TerminalQuestion {
    static func asked(_ question: String) async throws -> String {
        FileHandle.standardOutput.write(Data(question.utf8))
        while true {
            try Task.checkCancellation()
            var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, 0) > 0 { return readLine() ?? "" }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
