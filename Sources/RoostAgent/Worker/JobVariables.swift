import RoostLanguage
public import RoostModel
import Synchronization

/// The variables of a job; names are found ignoring case.
public final class JobVariables: Sendable {
    /// One of them.
    public struct Entry: Hashable, Sendable {
        public var name: String
        public var value: String
        public var isSecret = false
        public var isReadOnly = false
        /// The environment gets its name as it is written, not in capitals.
        public var preservesCase = false
    }

    private let entries: Mutex<[String: Entry]>

    /// Takes variables and expands the macros of the public ones by each other.
    public init(_ variables: [String: OutputVariable], readOnly: Set<String> = []) {
        let locked = Set(readOnly.map(foldedName))
        var table: [String: Entry] = [:]
        let hasMacros = variables.values.contains { $0.value.utf8Range(of: "$(") != nil }
        let expansion = hasMacros ? VariableExpansion(variables.map { ($0.key, $0.value.value) }) : nil
        for (name, variable) in variables {
            let key = foldedName(name)
            table[key] = Entry(
                name: name,
                value: expansion?[name] ?? variable.value,
                isSecret: variable.isSecret,
                isReadOnly: locked.contains(key)
            )
        }
        entries = Mutex(table)
    }

    /// The value of a variable.
    public subscript(name: String) -> String? { entries.withLock { $0[foldedName(name)]?.value } }

    /// Whether a variable is true in any letter case.
    func flag(_ name: String) -> Bool { self[name]?.lowercased() == "true" }

    /// A variable with its properties.
    func entry(_ name: String) -> Entry? { entries.withLock { $0[foldedName(name)] } }

    /// Sets a variable; one that was secret stays so, and one that was read-only too.
    public func set(
        _ name: String,
        _ value: String,
        isSecret: Bool = false,
        isReadOnly: Bool = false,
        preservesCase: Bool = false
    ) {
        entries.withLock { entries in
            let old = entries[foldedName(name)]
            entries[foldedName(name)] = Entry(
                name: old.map { preservesCase ? name : $0.name } ?? name,
                value: value,
                isSecret: isSecret || old?.isSecret ?? false,
                isReadOnly: isReadOnly || old?.isReadOnly ?? false,
                preservesCase: preservesCase || old?.preservesCase ?? false
            )
        }
    }

    /// Sets what the agent knows better than the server; an earlier value is replaced.
    func set(_ values: [(String, String)]) {
        entries.withLock { entries in
            for (name, value) in values {
                entries[foldedName(name)] = Entry(name: name, value: value, isReadOnly: true)
            }
        }
    }

    /// All of them, in no order.
    var all: [Entry] { entries.withLock { Array($0.values) } }

    /// A text with macros replaced, secrets too; macros of unknown names stay.
    public func expand(_ text: String) -> String {
        guard text.utf8Range(of: "$(") != nil else { return text }
        return expandMacros(text) { self[$0] }
    }

    /// Values an expression may name as `variables`.
    func members() -> ClosureMembers {
        ClosureMembers(
            find: { self[$0].map(Value.string) },
            all: { ObjectValue(self.all.sorted { $0.name < $1.name }.map { ($0.name, .string($0.value)) }) }
        )
    }

    /// The environment the public variables make: names in capitals, with `_` for dots and spaces.
    ///
    /// A value the kernel would refuse is left out; its name is in the second list.
    func environment() -> (values: [String: String], tooLong: [String]) {
        var values: [String: String] = [:]
        var tooLong: [String] = []
        for entry in all where !entry.isSecret {
            let name = Self.environmentName(entry.name, preservesCase: entry.preservesCase)
            guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")), !entry.value.utf8.contains(0) else { continue }
            if name.utf8.count + entry.value.utf8.count + 2 > Self.longestEnvironmentString {
                tooLong.append(entry.name)
            } else {
                values[name] = entry.value
            }
        }
        return (values, tooLong.sorted())
    }

    /// The name a variable has in the environment.
    static func environmentName(_ name: String, preservesCase: Bool = false) -> String {
        let text = String(decoding: name.utf8.map { $0 == 46 || $0 == 32 ? 95 : $0 }, as: UTF8.self)
        return preservesCase ? text : text.uppercased()
    }

    /// MAX_ARG_STRLEN of the Linux man page execve(2): 32 pages.
    static let longestEnvironmentString = 131_072

    /// Names of which the service says that steps must not change them.
    static func isSystemName(_ name: String) -> Bool {
        let name = foldedName(name)
        return name.hasPrefix("agent.") || name.hasPrefix("system.") || systemNames.contains(name)
    }

    private static let systemNames: Set<String> = [
        "build.artifactstagingdirectory", "build.binariesdirectory", "build.sourcesdirectory", "build.stagingdirectory",
        "build.buildid", "build.builduri", "build.containerid", "build.definitionname", "build.definitionversion",
        "build.queuedby", "build.queuedbyid", "build.reason", "build.repository.clean", "build.repository.id",
        "build.repository.localpath", "build.repository.name", "build.repository.provider", "build.repository.uri",
        "build.requestedfor", "build.requestedforemail", "build.requestedforid", "build.sourcebranch",
        "build.sourcebranchname", "build.sourceversion", "common.testresultsdirectory", "pipeline.workspace",
        "tf_build",
    ]
}
