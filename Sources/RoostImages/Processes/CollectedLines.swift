import Synchronization

/// Keeps the lines of a program, up to a limit.
final class CollectedLines: Sendable {
    private struct Lines {
        var output: [String] = []
        var errors: [String] = []
        var size = 0
    }

    private static let limit = 1 << 20
    private let lines = Mutex(Lines())

    func add(_ line: MachineOutput) {
        lines.withLock { lines in
            switch line {
            case .output(let text) where lines.size + text.utf8.count < Self.limit:
                lines.output.append(text)
                lines.size += text.utf8.count
            case .errors(let text) where lines.size + text.utf8.count < Self.limit:
                lines.errors.append(text)
                lines.size += text.utf8.count
            default: break
            }
        }
    }

    var all: (output: [String], errors: [String]) { lines.withLock { ($0.output, $0.errors) } }
}
