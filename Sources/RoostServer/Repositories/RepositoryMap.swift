import FoundationEssentials
import RoostModel

/// Where the repositories that pipelines name are, as the file of the setting `repository-map` says it.
///
/// ```
/// # name in pipelines = URL or folder; '*' stands for the rest of the name
/// Contoso/templates    = /srv/git/templates.git
/// github:octo/*        = https://git.example.org/mirror/octo/*.git
/// endpoint:github-corp = https://github.example.org
/// ```
///
/// The first line that fits counts. A name may be given with the type before it; a line `endpoint:NAME` gives the address that the
/// names of all repositories of a service connection are appended to.
struct RepositoryMap: Sendable, Hashable {
    private struct Line: Sendable, Hashable {
        var pattern: String
        var target: String
    }

    private var lines: [Line] = []
    private var endpoints: [String: String] = [:]

    init() {}

    /// Reads the text of a file.
    ///
    /// - Parameters:
    ///   - text: the content.
    ///   - file: its path, for problems.
    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` with every line that cannot be used.
    init(_ text: String, file: String) throws(ControlError) {
        var problems: [String] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = raw.trimmed
            guard !line.isEmpty, line.first != "#" else { continue }
            let parts = line.split(separator: "=", maxSplits: 1).map { String($0.trimmed) }
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                problems.append("\(file):\(index + 1): expected 'NAME = URL', found '\(line)'")
                continue
            }
            if let problem = add(parts[0], parts[1]) { problems.append("\(file):\(index + 1): \(problem)") }
        }
        guard problems.isEmpty else {
            throw .invalid(
                what: "The repository map",
                problem: problems.joined(separator: "; "),
                advice: "Write one 'NAME = URL' in each line, with at most one '*' on either side."
            )
        }
    }

    private mutating func add(_ name: String, _ target: String) -> String? {
        guard !target.hasPrefix("-") else { return "'\(target)' is no URL or path" }
        if name.lowercased().hasPrefix("endpoint:") {
            endpoints[String(name.dropFirst("endpoint:".count).trimmed).lowercased()] = target
            return nil
        }
        guard name.count(of: "*") <= 1, target.count(of: "*") <= name.count(of: "*") else {
            return "'*' stands at most once on either side, on the right only when it is on the left"
        }
        lines.append(Line(pattern: name.lowercased(), target: target))
        return nil
    }

    /// The file at a path; a missing one is a problem, for the setting names it.
    static func read(_ path: String?) throws(ControlError) -> RepositoryMap {
        guard let path else { return RepositoryMap() }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .invalid(
                what: "The setting 'repository-map'",
                problem: "the file '\(path)' cannot be read",
                advice: "Make the file, or take the setting away."
            )
        }
        return try RepositoryMap(text, file: path)
    }

    /// Where a repository is; nil when neither a line nor its name tells.
    ///
    /// - Parameters:
    ///   - repository: as the file of a pipeline declares it.
    ///   - project: the name of the pipeline's project, which short names are completed by.
    ///   - allowsPaths: whether a name may be a folder of this machine.
    /// - Returns: a URL or a path.
    func location(of repository: PlannedRepository, project: String, allowsPaths: Bool) -> String? {
        let name = repository.name
        let type = repository.type.isEmpty ? "git" : repository.type.lowercased()
        let full = name.contains("/") || type != "git" ? name : "\(project)/\(name)"
        for spelling in ["\(type):\(full)", "\(type):\(name)", full, name] {
            if let target = target(of: spelling) { return target }
        }
        if let endpoint = repository.endpoint, let base = endpoints[endpoint.lowercased()] ?? Self.address(endpoint) {
            return base.hasSuffix("/") ? base + name : "\(base)/\(name)"
        }
        if let address = Self.address(name) { return address }
        if allowsPaths, name.hasPrefix("/") || name.hasPrefix("file://") { return name }
        guard !name.hasPrefix("-"), name.split(separator: "/").count == 2 else { return nil }
        switch type {
        case "github": return "https://github.com/\(name).git"
        case "gitlab": return "https://gitlab.com/\(name).git"
        case "bitbucket": return "https://bitbucket.org/\(name).git"
        default: return nil
        }
    }

    private func target(of name: String) -> String? {
        let wanted = name.lowercased()
        for line in lines {
            guard let star = line.pattern.firstIndex(of: "*") else {
                if line.pattern == wanted { return line.target }
                continue
            }
            let head = line.pattern[..<star]
            let tail = line.pattern[line.pattern.index(after: star)...]
            guard wanted.count >= head.count + tail.count, wanted.hasPrefix(head), wanted.hasSuffix(tail) else {
                continue
            }
            // The spelling of the pipeline, not the folded one, because addresses may tell letter cases apart.
            return line.target.replacing("*", with: name.dropFirst(head.count).dropLast(tail.count))
        }
        return nil
    }

    /// A text that git would take for an address of another machine.
    private static func address(_ text: String) -> String? {
        let schemes = ["https://", "http://", "ssh://", "git://"]
        if schemes.contains(where: text.lowercased().hasPrefix) { return text }
        guard let colon = text.firstIndex(of: ":"), let at = text.firstIndex(of: "@"), at < colon, at != text.startIndex
        else { return nil }
        return text[..<colon].contains("/") ? nil : text
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    fileprivate var trimmed: SubSequence {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return text
    }

    fileprivate func count(of character: Character) -> Int { count { $0 == character } }
}
