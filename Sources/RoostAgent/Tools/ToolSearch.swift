import RoostModel

/// Finds the versions of a tool: those of the tool cache first, then those of the machine, asked for their version one by one.
struct ToolSearch: Sendable {
    /// One version of a tool.
    struct Found: Sendable, Hashable {
        var version: ToolVersion
        /// The folder of its programs, for PATH.
        var binaries: String
        var isCached: Bool
    }

    /// What messages call it.
    let title: String
    /// Its folder in the tool cache.
    let cacheName: String
    /// The program whose version counts.
    let program: String
    /// Makes the program print its version.
    let question: [String]
    /// Text in front of the version, such as `go` of `go1.22.1`.
    let prefix: String
    /// Folders beside those of PATH that may hold the program; one name in them may be `*`.
    let folders: [String]
    /// The input that asks for a version, for advice.
    let input: String

    /// The highest version a range takes.
    ///
    /// - Throws: ``ToolFailure/noVersion(_:tool:found:place:input:)`` with all that were found.
    func best(_ wanted: String, architecture: String, _ work: StepWork) async throws -> Found {
        guard let range = VersionRange(wanted) else {
            throw TaskFailure.inputInvalid(
                input,
                value: wanted,
                expected: "a version or a range such as 20.x, 1.22 or '>=18 <21'"
            )
        }
        let cache = ToolCache(folder: work.settings.folders.tools)
        var all = cache.versions(of: cacheName, architecture: architecture).map {
            Found(version: $0.version, binaries: "\($0.folder)/bin", isCached: true)
        }
        if let best = Self.best(all, range) { return best }
        for candidate in candidates(work) {
            guard let text = try await work.answer(of: candidate, question), let version = version(in: text) else {
                continue
            }
            all.append(Found(version: version, binaries: candidate.folderPart, isCached: false))
        }
        if let best = Self.best(all, range) { return best }
        throw ToolFailure.noVersion(
            wanted,
            tool: title,
            found: Set(all.map(\.version)).sorted(),
            place: "\(cache.folder)/\(cacheName)/VERSION/\(architecture)",
            input: input
        )
    }

    /// The highest; of equals the first, which is what PATH would give.
    private static func best(_ all: [Found], _ range: VersionRange) -> Found? {
        var best: Found?
        for one in all where range.contains(one.version) && best.map({ $0.version < one.version }) ?? true {
            best = one
        }
        return best
    }

    /// The first word that is a version, behind the prefix.
    private func version(in text: String) -> ToolVersion? {
        for word in text.split(whereSeparator: \.isWhitespace) {
            let word = word.hasPrefix(prefix) ? word.dropFirst(prefix.count) : word
            let bare = word.drop { $0 == "\"" || $0 == "v" }
            if bare.first?.isNumber == true, let version = ToolVersion(bare) { return version }
        }
        return nil
    }

    private func candidates(_ work: StepWork) -> [String] {
        let path = (work.environment["PATH"] ?? ExecutableSearch.defaultPath).split(separator: ":").map(String.init)
        let home = work.environment["HOME"] ?? "/"
        let others = folders.map { $0.hasPrefix("~/") ? "\(home)\($0.dropFirst())" : $0 }.flatMap(Self.expand)
        var seen: Set<String> = []
        return (path + others).compactMap { folder in
            guard folder.hasPrefix("/"), let file = ExecutableSearch.find("\(folder)/\(program)", path: nil) else {
                return nil
            }
            return seen.insert(FileTree.resolved(file) ?? file).inserted ? file : nil
        }
    }

    private static func expand(_ path: String) -> [String] {
        guard let star = path.firstRange(of: "*") else { return [path] }
        let folder = String(path[..<star.lowerBound])
        return FileTree.names(in: folder).sorted().map { "\(folder)\($0)\(path[star.upperBound...])" }
    }
}

extension StepWork {
    /// Puts a tool on PATH for the steps that follow; nothing is done when it is what PATH gives anyway.
    func prepend(_ found: ToolSearch.Found, program: String) {
        if !found.isCached, let first = ExecutableSearch.find(program, path: environment["PATH"]),
            first.folderPart == found.binaries
        {
            return
        }
        command("##vso[task.prependpath]\(found.binaries)")
    }
}

/// Why a version of a tool could not be used.
enum ToolFailure: UserFacingError, Hashable {
    case noVersion(String, tool: String, found: [ToolVersion], place: String, input: String)
    case noSource(String)
    case noHome(String)

    var code: String {
        switch self {
        case .noVersion: "task.tool-version-missing"
        case .noSource: "task.tool-source"
        case .noHome: "task.tool-archive"
        }
    }

    var summary: String {
        switch self {
        case .noVersion(let wanted, let tool, let found, _, _):
            "No \(tool) '\(wanted)' is on this agent; it has \(found.isEmpty ? "none" : found.map(\.description).joined(separator: ", "))."
        case .noSource(let source): "Java cannot be fetched from '\(source)' here."
        case .noHome(let archive): "'\(archive)' holds no JDK: one folder with 'bin/java' in it is expected."
        }
    }

    var location: String? { nil }

    var advice: String? {
        switch self {
        case .noVersion(_, _, _, let place, let input):
            "Install it, put it into the tool cache (\(place), with a file of that name and '.complete' beside it), or ask for another '\(input)'. Nothing is downloaded."
        case .noSource: "Use 'PreInstalled', or 'LocalDirectory' with 'jdkFile'."
        case .noHome: "Give the archive of a JDK in 'jdkFile'."
        }
    }
}
