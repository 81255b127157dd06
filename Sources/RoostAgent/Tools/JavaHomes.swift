import RoostModel

/// Finds the JDKs of a machine.
///
/// They are the installations of the tool cache (`_tool/Java_Temurin-Hotspot_jdk`, `_tool/Java`), the folders that variables such as
/// `JAVA_HOME_17_X64` name, `JAVA_HOME`, those below `/usr/lib/jvm`, and the one whose `java` is on PATH.
struct JavaHomes {
    struct Found: Hashable {
        var version: ToolVersion
        var home: String
    }

    let work: StepWork
    let architecture: String

    /// The JDK of a version: a number such as 17, or a range.
    ///
    /// - Throws: ``ToolFailure/noVersion(_:tool:found:place:input:)``.
    func best(_ wanted: String, input: String) async throws -> Found {
        guard let range = VersionRange(wanted) else {
            throw TaskFailure.inputInvalid(input, value: wanted, expected: "a version such as 17")
        }
        let all = try await all(wanted)
        if let best = all.filter({ range.contains($0.version) }).max(by: { $0.version < $1.version }) { return best }
        throw ToolFailure.noVersion(
            wanted,
            tool: "Java",
            found: Set(all.map(\.version)).sorted(),
            place: "\(work.settings.folders.tools)/Java/VERSION/\(architecture)",
            input: input
        )
    }

    private func all(_ wanted: String) async throws -> [Found] {
        let cache = ToolCache(folder: work.settings.folders.tools)
        var found = FileTree.names(in: cache.folder).filter { $0.lowercased().hasPrefix("java") }.sorted()
            .flatMap { cache.versions(of: $0, architecture: architecture) }
            .map { Found(version: $0.version, home: $0.folder) }
        let named = "JAVA_HOME_\(wanted)_\(architecture)"
        var homes = [work.variables[named], work.environment[named.uppercased()], work.environment["JAVA_HOME"]]
        homes += FileTree.names(in: "/usr/lib/jvm").sorted().filter { !$0.hasPrefix(".") }.map { "/usr/lib/jvm/\($0)" }
        if let java = ExecutableSearch.find("java", path: work.environment["PATH"]).flatMap(FileTree.resolved) {
            homes.append(java.folderPart.folderPart)
        }
        var seen: Set<String> = []
        for home in homes.compactMap({ $0 }) {
            guard let real = FileTree.resolved(home), seen.insert(real).inserted else { continue }
            if let version = try await version(of: real) { found.append(Found(version: version, home: real)) }
        }
        return found
    }

    /// What its file `release` says, or the program itself; nil when there is no Java.
    func version(of home: String) async throws -> ToolVersion? {
        guard let java = ExecutableSearch.find("\(home)/bin/java", path: nil) else { return nil }
        if let release = SmallFile.read("\(home)/release"),
            let line = release.split(separator: "\n").first(where: { $0.hasPrefix("JAVA_VERSION=") })
        {
            return Self.version(line.dropFirst("JAVA_VERSION=".count).filter { $0 != "\"" })
        }
        guard let text = try await work.answer(of: java, ["-version"]) else { return nil }
        let parts = text.split(separator: "\"")
        return parts.count > 1 ? Self.version(String(parts[1])) : nil
    }

    /// `1.8.0_392` is version 8.
    static func version(_ text: String) -> ToolVersion? {
        ToolVersion(text.hasPrefix("1.") ? String(text.dropFirst(2)) : text)
    }
}
