import FoundationEssentials
import Glibc
import RoostModel

/// Versions of programs, asked once for each file: a rescan of unchanged tools starts no process.
struct ToolVersions: Sendable {
    /// What a file was when it was asked.
    private struct Entry: Codable, Hashable {
        /// Time of change and size.
        var stamp: String
        /// Nil when it did not tell.
        var version: String?
    }

    /// A program that hangs or waits for input is no reason for an agent to wait.
    private static let patience = Duration.seconds(10)

    private let cacheFile: String
    private let environment: [String: String]

    /// - Parameters:
    ///   - cacheFile: where answers are kept between starts.
    ///   - environment: that of the agent; only what programs need to start is passed on.
    init(cacheFile: String, environment: [String: String]) {
        self.cacheFile = cacheFile
        let passed = ["PATH", "HOME", "JAVA_HOME", "LD_LIBRARY_PATH", "DOTNET_ROOT", "PYENV_ROOT", "USER"]
        self.environment = environment.filter { passed.contains($0.key) }.merging(
            ["LC_ALL": "C", "DOTNET_NOLOGO": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "NO_COLOR": "1"]
        ) { own, _ in own }
    }

    /// The versions of programs, by their paths.
    ///
    /// - Parameter tools: path and arguments of each.
    /// - Returns: those that told one.
    func find(_ tools: [String: [String]]) async -> [String: String] {
        let cached = read()
        var known: [String: Entry] = [:]
        var unknown: [(path: String, stamp: String, arguments: [String])] = []
        for (path, arguments) in tools {
            guard let stamp = Self.stamp(of: path) else { continue }
            if let entry = cached[path], entry.stamp == stamp {
                known[path] = entry
            } else {
                unknown.append((path, stamp, arguments))
            }
        }
        if !unknown.isEmpty {
            for (path, entry) in await ask(unknown.sorted { $0.path < $1.path }) { known[path] = entry }
            write(known)
        } else if known.count != cached.count {
            write(known)
        }
        return known.compactMapValues(\.version)
    }

    /// As many at once as there are processors.
    private func ask(_ tools: [(path: String, stamp: String, arguments: [String])]) async -> [(String, Entry)] {
        await withTaskGroup(of: (String, Entry).self) { group in
            var entries: [(String, Entry)] = []
            var rest = tools[...]
            for tool in rest.prefix(OperatingSystem.processors) { group.addTask { await self.ask(tool) } }
            rest = rest.dropFirst(OperatingSystem.processors)
            for await entry in group {
                entries.append(entry)
                if let tool = rest.popFirst() { group.addTask { await self.ask(tool) } }
            }
            return entries
        }
    }

    private func ask(_ tool: (path: String, stamp: String, arguments: [String])) async -> (String, Entry) {
        let launch = ProcessLaunch(
            executable: tool.path,
            arguments: tool.arguments,
            environment: environment,
            workingDirectory: "/"
        )
        let output = CapturedOutput()
        let control = StopControl()
        let patience = StepProcess.Patience(heldOutput: .milliseconds(500))
        let timer = Task {
            try await Task.sleep(for: Self.patience)
            control.stop(.none)
        }
        defer { timer.cancel() }
        let outcome = try? await StepProcess.run(launch, control: control, patience: patience, output: output)
        let isUsable = outcome.map { !$0.stopped && $0.end == .exited(0) } ?? false
        return (tool.path, Entry(stamp: tool.stamp, version: isUsable ? VersionText.find(in: output.text) : nil))
    }

    // MARK: The cache

    private func read() -> [String: Entry] {
        guard let text = SmallFile.read(cacheFile) else { return [:] }
        return (try? JSONDecoder().decode([String: Entry].self, from: Data(text.utf8))) ?? [:]
    }

    private func write(_ entries: [String: Entry]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(entries) else { return }
        if let slash = cacheFile.lastIndex(of: "/") { _ = FileTree.make(String(cacheFile[..<slash])) }
        _ = SmallFile.write(String(decoding: data, as: UTF8.self), to: cacheFile, mode: 0o644)
    }

    private static func stamp(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)-\(status.st_size)-\(status.st_ino)"
    }
}
