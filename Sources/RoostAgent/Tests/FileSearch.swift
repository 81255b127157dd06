import Glibc
import RoostContent

/// Files that patterns ask for.
enum FileSearch {
    /// Folders are not followed deeper than this, nor more files looked at than that; both only end what would never end.
    private static let depthLimit = 64
    private static let fileLimit = 2_000_000

    /// Paths of files that fit, sorted; symbolic links to folders are not followed.
    ///
    /// - Parameters:
    ///   - lines: patterns as minimatch reads them, relative to the folder or absolute; one behind `!` takes files away.
    ///   - folder: absolute.
    /// - Returns: absolute paths.
    static func files(_ lines: [String], in folder: String) -> [String] {
        let rules: [String] = lines.map { $0.trimmingWhitespace }.filter { !$0.isEmpty && !$0.hasPrefix("#") }.map {
            line in
            let marks = line.prefix { $0 == "!" }
            let rest = String(line.dropFirst(marks.count))
            return String(marks) + (rest.hasPrefix("/") ? rest : "\(folder)/\(rest)")
        }
        let patterns = PatternList(lines: rules)
        guard !patterns.isEmpty else { return [] }
        var found: Set<String> = []
        var seen = 0
        for rule in rules where !rule.hasPrefix("!") {
            guard PathPattern.hasWildcards(rule) else {
                let path = normalized(rule)
                if FileTree.isFile(path), patterns.matches(path) { found.insert(path) }
                continue
            }
            walk(normalized(PathPattern.root(of: rule)), 0, &seen) { path in
                if patterns.matches(path) { found.insert(path) }
            }
        }
        return found.sorted()
    }

    private static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func walk(_ folder: String, _ depth: Int, _ seen: inout Int, _ body: (String) -> Void) {
        guard depth < depthLimit else { return }
        for name in FileTree.names(in: folder).sorted() {
            seen += 1
            guard seen < fileLimit else { return }
            let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
            if FileTree.isRealFolder(path) {
                walk(path, depth + 1, &seen, body)
            } else if FileTree.isFile(path) {
                body(path)
            }
        }
    }
}
