import Foundation
import RoostTesting

/// A folder in which images are built by `roost` and by the real packer.
final class BuildProgram: Sendable {
    struct Answer {
        let code: Int32
        /// Both outputs.
        let output: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    static let hasPacker = (try? ShortCommand.run(["sh", "-c", "command -v packer"]).code) == 0

    private let scratch: ScratchFolder

    var folder: String { scratch.path }

    /// Files by their names.
    init(_ files: [String: String] = [:]) throws {
        scratch = try ScratchFolder()
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
    }

    deinit { scratch.remove() }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? [] }

    func roost(_ words: String...) throws -> Answer { try run(["\(ChildProgram.buildFolder)/roost", "image"] + words) }

    func roost(_ words: [String], environment: [String: String]) throws -> Answer {
        try run(["\(ChildProgram.buildFolder)/roost", "image"] + words, environment)
    }

    /// Adds a program that a build may call.
    ///
    /// Another process writes it: what this one has open for writing is open in programs too that are started meanwhile, and cannot be run then.
    func addProgram(_ name: String, _ text: String) throws {
        let text = try ShortCommand.run(
            ["sh", "-c", "mkdir -p \"${0%/*}\" && cat > \"$0\" && chmod 755 \"$0\"", "\(folder)/\(name)"],
            input: Data(text.utf8)
        )
        guard text.code == 0 else { throw TestFailure("\(name) cannot be written") }
    }

    func packer(_ words: String...) throws -> Answer { try run(["packer"] + words) }

    /// Builds with `packer`, or as `roost image` does.
    func build(with program: String, _ words: [String]) throws -> Answer {
        let first = program == "packer" ? ["packer"] : ["\(ChildProgram.buildFolder)/roost", program]
        return try run(first + ["build"] + words)
    }

    private func run(_ words: [String], _ environment: [String: String] = [:]) throws -> Answer {
        let quiet = ["CHECKPOINT_DISABLE=1", "PACKER_CONFIG_DIR=\(folder)/.packer", "PACKER_NO_COLOR=1", "TMPDIR=/tmp"]
        let (code, output) = try ShortCommand.run(
            ["env"] + quiet + environment.map { "\($0.key)=\($0.value)" } + ["sh", "-c", "exec \"$@\" 2>&1", "sh"]
                + words,
            in: folder
        )
        return Answer(code: code, output: String(decoding: output, as: UTF8.self))
    }
}

extension String {
    /// Without what is different each time: times, names of temporary files, numbers of runs.
    var normalised: String {
        var text = replacing(/\/tmp\/(packer|roost)-shell[0-9]+/, with: "SCRIPT")
        text = text.replacing(
            /after [0-9].*?(seconds?|milliseconds?|microseconds?)( [0-9]+ [a-z]+seconds?)?/,
            with: "after TIME"
        )
        text = text.replacing(/(?m)^[0-9]{10},/, with: "NOW,")
        text = text.replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "RUN")
        text = text.replacing(/"build_time": [0-9]+/, with: "\"build_time\": NOW")
        return text.replacing(/Running post-processor:  \(type ([a-z-]+)\)/) { "Running post-processor: \($0.1)" }
    }
}
