import Crypto
import FoundationEssentials
import RoostContent
import RoostModel

/// Resolves the parts of a cache key as Azure Pipelines does.
///
/// A part in double quotes, or without `.` and `/`, is a text. Any other is a path or a list of patterns, and stands for the names and contents of the files it
/// fits.
struct CacheFingerprint: Sendable {
    /// `System.DefaultWorkingDirectory`, where relative patterns begin.
    let base: String
    /// `Pipeline.Workspace`; names of files count relative to it.
    let workspace: String

    /// A resolved key, and lines that say what its parts stand for.
    struct Resolved: Sendable {
        var key: CacheKey
        var lines: [String]
    }

    /// Why a key has no value.
    struct Faults: UserFacingError, Hashable {
        var problems: [String]

        var code: String { "cache.key" }
        var summary: String { problems.joined(separator: "\n") }
        var advice: String? {
            "Relative paths start at $(System.DefaultWorkingDirectory); put a text in double quotes if it is no path."
        }
    }

    /// Resolves a key such as `npm | "$(Agent.OS)" | package-lock.json`.
    func resolve(_ text: String) throws(Faults) -> Resolved {
        var segments: [String] = []
        var lines: [String] = []
        var problems: [String] = []
        for part in Self.parts(text) {
            if let problem = Self.problem(part) {
                problems.append(problem)
            } else if !Self.isPath(part) {
                segments.append(part)
                lines.append(" - \(part) [string]")
            } else {
                let files = files(part)
                let isPattern = part.contains(where: "*?[]".contains) || files.count > 1
                if files.isEmpty {
                    problems.append(
                        isPattern ? "No matching files found for pattern: \(part)" : "File not found: \(part)"
                    )
                }
                segments.append(Self.hash(files))
                lines.append(
                    isPattern
                        ? " - \(part) [file pattern; matches: \(files.count)]"
                        : " - \(part) [file] --> \(files.first?.hash ?? "")"
                )
                if isPattern { lines += files.prefix(50).map { "   - \($0.name) --> \($0.hash)" } }
            }
        }
        if segments.isEmpty, problems.isEmpty { problems.append("The key is empty.") }
        guard problems.isEmpty else { throw Faults(problems: problems) }
        return Resolved(key: CacheKey(segments), lines: lines)
    }

    /// Parts between `|`, without blanks at their ends; empty ones count for nothing.
    static func parts(_ text: String) -> [String] {
        text.split(whereSeparator: { $0 == "|" || $0.isNewline }).map { String($0).trimmingWhitespace }.filter {
            !$0.isEmpty
        }
    }

    private static func problem(_ part: String) -> String? {
        switch part {
        case "*": "`*` is a reserved key segment. For path glob, use `./*`."
        case "**": "`**` is a reserved key segment. For path glob, use `./**`."
        default:
            part.first == "'" || part.first == "`"
                ? "A key segment cannot start with a \(part.first == "'" ? "single-quote" : "backtick") character."
                : nil
        }
    }

    static func isPath(_ part: String) -> Bool {
        if part.count > 1, part.first == "\"", part.last == "\"" { return false }
        return (part.contains(".") || part.contains("/")) && part.last != "." && !part.utf8.contains(0)
    }

    struct File: Hashable, Sendable {
        var path: String
        /// As it counts in the key.
        var name: String
        var size: Int
        var hash: String
    }

    /// The files that patterns divided by commas fit, by their paths.
    func files(_ part: String) -> [File] {
        let rules = part.split(separator: ",").map { String($0).trimmingWhitespace }.filter { !$0.isEmpty }
        let excluded = rules.filter { $0.first == "!" }.map { PathPattern(absolute(String($0.dropFirst()))) }
        var found: Set<String> = []
        for rule in rules where rule.first != "!" {
            let rule = absolute(rule)
            let pattern = PathPattern(rule)
            let depth = rule.contains("**") ? Int.max : rule.split(separator: "/").count
            collect(PathPattern.root(of: rule), pattern, depth, &found)
        }
        return found.filter { path in !excluded.contains { $0.matches(path) } }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap(file)
    }

    private func collect(_ folder: String, _ pattern: PathPattern, _ depth: Int, _ found: inout Set<String>) {
        guard folder.split(separator: "/").count < depth else { return }
        for name in FileTree.names(in: folder.isEmpty ? "/" : folder) {
            let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
            if FileTree.isFolder(path) {
                // A link to a folder may lead back up.
                if !FileTree.isLink(path) { collect(path, pattern, depth, &found) }
            } else if pattern.matches(path) {
                found.insert(path)
            }
        }
    }

    private func absolute(_ path: String) -> String {
        let full = path.hasPrefix("/") ? path : "\(base)/\(path)"
        var parts: [Substring] = []
        for part in full.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    private func file(_ path: String) -> File? {
        guard let (size, digest) = FileDigest.sha256(path) else { return nil }
        let prefix = "\(workspace)/"
        return File(
            path: path,
            name: path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path,
            size: size,
            hash: digest
        )
    }

    private static func hash(_ files: [File]) -> String {
        let text = files.map { "\nSHA256(\($0.name))=[\($0.size)]\($0.hash)" }.joined()
        return Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }
}
