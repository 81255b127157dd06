import FoundationEssentials

/// Finds the Pythons of a machine.
///
/// First the agent's tool cache (`_tool/Python/VERSION/ARCHITECTURE`, complete when `ARCHITECTURE.complete` stands beside it), as hosted
/// images fill it; then the folders of PATH and the versions of pyenv.
struct PythonSearch: Sendable {
    struct Found: Sendable, Hashable {
        var version: ToolVersion
        /// The program.
        var executable: String
        /// From the tool cache: a whole installation that steps may change.
        var isCached: Bool
    }

    let tools: String
    let path: String?
    let home: String?

    /// Installations of the tool cache, of one architecture.
    func cached(architecture: String) -> [Found] {
        ToolCache(folder: tools).versions(of: "Python", architecture: architecture).compactMap { found in
            // A Python 2 has no python3.
            ["python3", "python"].lazy
                .compactMap { ExecutableSearch.find("\(found.folder)/bin/\($0)", path: nil) }
                .first.map { Found(version: found.version, executable: $0, isCached: true) }
        }
    }

    /// Programs that may be Pythons, each once, with their links followed.
    func candidates() -> [String] {
        let folders =
            (path ?? ExecutableSearch.defaultPath).split(separator: ":").map(String.init)
            + (home.map { home in entries("\(home)/.pyenv/versions").map { "\(home)/.pyenv/versions/\($0)/bin" } } ?? [])
        var seen: Set<String> = []
        var found: [String] = []
        for folder in folders where folder.hasPrefix("/") {
            for name in entries(folder) where Self.isPython(name) {
                let file = "\(folder)/\(name)"
                guard ExecutableSearch.find(file, path: nil) != nil else { continue }
                let real = URL(filePath: file).resolvingSymlinksInPath().path
                // pyenv's shims are scripts that choose a Python by the folder they run in.
                guard !file.contains("/.pyenv/shims/"), seen.insert(real).inserted else { continue }
                found.append(file)
            }
        }
        return found
    }

    /// `python3`, `python3.11`; not `python3-config`.
    private static func isPython(_ name: String) -> Bool {
        guard name.hasPrefix("python") else { return false }
        return name.dropFirst("python".count).allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
    }

    private func entries(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}
