import Foundation
import RoostTesting

/// A made repository of many commits, with files of the size and number that an old product has.
struct LargeRepository {
    let path: String

    /// Makes it through `git fast-import`.
    ///
    /// Each commit adds a line to one file and, now and then, a new file; texts are random words, so that they compress like source code does.
    static func make(_ path: String, commits: Int, files: Int, seed: UInt64) async throws -> LargeRepository {
        let script = "\(path).import"
        try write(script, commits: commits, files: files, seed: seed)
        try await git(path, ["init", "--quiet", "--bare", "--initial-branch=main", path])
        try await shell("git -C '\(path)' fast-import --quiet --done < '\(script)'")
        try await git(path, ["-C", path, "repack", "-a", "-d", "--quiet"])
        try FileManager.default.removeItem(atPath: script)
        return LargeRepository(path: path)
    }

    private static func write(_ script: String, commits: Int, files: Int, seed: UInt64) throws {
        try Data().write(to: URL(filePath: script))
        let handle = try FileHandle(forWritingTo: URL(filePath: script))
        defer { try? handle.close() }
        var random = Seeded(state: seed)
        var contents = (0..<files).map { _ in random.text(lines: 60) }
        var text = "feature done\n"
        for commit in 0..<commits {
            text += "commit refs/heads/main\ncommitter Bench <bench@example.org> \(1_600_000_000 + commit * 60) +0000\n"
            let message = "Change \(commit): \(random.line())"
            text += "data \(message.utf8.count)\n\(message)\n"
            let changed = commit == 0 ? Array(0..<files) : [Int(random.next() % UInt64(files))]
            for file in changed {
                if commit > 0 { contents[file] = random.changed(contents[file]) }
                let content = contents[file].joined(separator: "\n")
                text += "M 100644 inline \(Self.name(file))\ndata \(content.utf8.count)\n\(content)\n"
            }
            if text.utf8.count > 4 << 20 {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try handle.write(contentsOf: Data("\(text)done\n".utf8))
    }

    private static func name(_ file: Int) -> String { "src/m\(file % 40)/p\(file / 40 % 10)/f\(file).c" }

    /// Adds a commit with files; gives its id.
    func commit(_ files: [String: String], _ message: String) async throws -> String {
        var text = "commit refs/heads/main\ncommitter Bench <bench@example.org> 1700000000 +0000\n"
        text += "data \(message.utf8.count)\n\(message)\nfrom refs/heads/main^0\n"
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            if content.hasPrefix("submodule ") {
                text += "M 160000 \(content.dropFirst(10)) \(name)\n"
            } else {
                text += "M 100644 inline \(name)\ndata \(content.utf8.count)\n\(content)\n"
            }
        }
        try Data(text.utf8).write(to: URL(filePath: "\(path).commit"))
        try await Self.shell("git -C '\(path)' fast-import --quiet < '\(path).commit'; rm '\(path).commit'")
        return try await Self.output(["-C", path, "rev-parse", "main"])
    }

    static func output(_ words: [String]) async throws -> String {
        try await run("/usr/bin/env", ["git"] + words).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func git(_ path: String, _ words: [String]) async throws { _ = try await output(words) }

    private static func shell(_ line: String) async throws { _ = try await run("/bin/sh", ["-c", line]) }

    private static func run(_ program: String, _ words: [String]) async throws -> String {
        let child = try ChildProgram(executable: program, words, folder: "/tmp")
        let (code, output) = await child.finished()
        guard code == 0 else { throw TestFailure("\(words.joined(separator: " ")) failed:\n\(output.suffix(2000))") }
        return output
    }

    /// Numbers that are the same each time (xorshift64).
    private struct Seeded {
        var state: UInt64
        private static let words = [
            "int", "return", "if", "for", "buffer", "length", "static", "const", "value", "index", "while", "struct",
            "count", "offset", "result", "error", "size_t", "char", "void", "node", "list", "table", "key", "next",
        ]

        init(state: UInt64) { self.state = state | 1 }

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }

        mutating func line() -> String {
            var words: [String] = []
            for _ in 0..<6 {
                let number = next()
                words.append(number % 3 == 0 ? String(number % 100_000, radix: 36) : Self.words[Int(number % 24)])
            }
            return words.joined(separator: " ")
        }

        mutating func text(lines: Int) -> [String] { (0..<lines).map { _ in line() } }

        mutating func changed(_ text: [String]) -> [String] {
            var text = text
            text[Int(next() % UInt64(text.count))] = line()
            if next() % 4 == 0 { text.append(line()) }
            return text
        }
    }
}
