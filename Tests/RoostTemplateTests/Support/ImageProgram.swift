import Foundation
import RoostTesting

/// A folder with templates, in which `roost image` and the real packer are run.
final class ImageProgram: Sendable {
    struct Answer {
        let code: Int32
        let output: String
        let errors: String
    }

    static let hasPacker = (try? ShortCommand.run(["sh", "-c", "command -v packer"]).code) == 0

    private let scratch: ScratchFolder

    var folder: String { scratch.path }

    /// Files by their names.
    init(_ files: [String: String] = [:]) throws {
        scratch = try ScratchFolder()
        for (name, text) in files { try write(name, text) }
    }

    deinit { scratch.remove() }

    func write(_ name: String, _ text: String) throws {
        let place = URL(filePath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: place)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }

    /// Runs `roost image` in the folder.
    func roost(_ words: String..., input: String = "", environment: [String: String] = [:]) throws -> Answer {
        try roost(words, input: input, environment: environment)
    }

    func roost(_ words: [String], input: String = "", environment: [String: String] = [:]) throws -> Answer {
        try run(["\(ChildProgram.buildFolder)/roost", "image"] + words, input, environment)
    }

    /// Runs the real packer in the folder.
    func packer(_ words: String..., input: String = "") throws -> Answer { try packer(words, input: input) }

    func packer(_ words: [String], input: String = "") throws -> Answer {
        let quiet = ["CHECKPOINT_DISABLE": "1", "PACKER_CONFIG_DIR": folder, "PACKER_NO_COLOR": "1"]
        return try run(["packer"] + words, input, quiet)
    }

    private func run(_ words: [String], _ input: String, _ environment: [String: String]) throws -> Answer {
        let errors = "\(folder)/.errors"
        let names = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let command = ["env"] + names + ["sh", "-c", "exec \"$@\" 2>\"$0\"", errors] + words
        let (code, output) = try ShortCommand.run(command, in: folder, input: Data(input.utf8))
        let said = try String(contentsOfFile: errors, encoding: .utf8)
        return Answer(code: code, output: String(decoding: output, as: UTF8.self), errors: said)
    }
}
