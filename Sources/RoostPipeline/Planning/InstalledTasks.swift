public import RoostLanguage
import RoostModel

/// Tasks that are installed beside those that are built in.
public struct InstalledTasks: Hashable, Sendable {
    /// A version of a task.
    public struct Item: Hashable, Sendable {
        public var manifest: TaskManifest
        /// `publisher.extension.contribution.task`, by which pipelines may name it too; nil when it came from no extension.
        public var contribution: String?

        public init(_ manifest: TaskManifest, contribution: String? = nil) {
            self.manifest = manifest
            self.contribution = contribution
        }
    }

    /// In no order.
    public var items: [Item]

    public init(_ items: [Item] = []) { self.items = items }

    /// Whether a task goes by a name: its own, its id, or that of its contribution.
    static func matches(_ item: Item, _ name: String) -> Bool {
        equalIgnoringCase(item.manifest.name, name) || item.manifest.id == name.lowercased()
            || item.contribution.map { equalIgnoringCase($0, name) } ?? false
    }

    /// The newest version of a major version, or exactly the version that is asked for.
    ///
    /// - Parameters:
    ///   - name: of the task, its id, or that of its contribution.
    ///   - version: `1`, or `1.2.3`.
    /// - Returns: nil when there is none.
    public func newest(_ name: String, version: String) -> TaskManifest? {
        let all = items.filter { Self.matches($0, name) }.map(\.manifest).sorted { $0.version < $1.version }
        if let exact = TaskVersion(version) { return all.last { $0.version == exact } }
        guard let major = Int(version) else { return nil }
        return all.last { $0.version.major == major }
    }

    /// Major versions of a name, ascending.
    func majors(_ name: String) -> [Int] {
        Set(items.filter { Self.matches($0, name) }.map(\.manifest.version.major)).sorted()
    }

    /// A version by the reference of a plan.
    func manifest(of task: TaskReference) -> TaskManifest? {
        items.first { $0.manifest.id == task.id && $0.manifest.version.description == task.version }?.manifest
    }

    var names: [String] { items.map(\.manifest.name) }
}

extension TaskManifest {
    /// What a plan calls it.
    var plannedReference: TaskReference { TaskReference(id: id, name: name, version: version.description) }

    /// Its inputs in the form in which steps are checked.
    var definition: TaskDefinition {
        TaskDefinition(
            name: name,
            major: version.major,
            title: friendlyName,
            documentation: description,
            inputs: inputs.map(\.definition),
            isComplete: true
        )
    }

    /// What a step is called that does not say it: with the inputs it gives, or their defaults.
    func instanceName(_ given: [String: String]) -> String? {
        guard let format = instanceNameFormat else { return nil }
        let name = expandMacros(format) { macro in
            guard let input = input(macro) else { return nil }
            let names = [input.name] + input.aliases
            let value = given.first { pair in names.contains { equalIgnoringCase($0, pair.key) } }?.value
            return value ?? input.defaultValue
        }.trimmingBlanks()
        return name.isEmpty ? nil : name
    }
}

extension TaskManifestInput {
    fileprivate var definition: TaskInput {
        TaskInput(
            name: name,
            aliases: aliases,
            kind: kind,
            defaultValue: defaultValue.isEmpty ? nil : defaultValue,
            isRequired: isRequired,
            condition: visibleRule.map { $0.replacing("==", with: "=") },
            documentation: label
        )
    }

    private var kind: TaskInput.Kind {
        switch type.lowercased() {
        case "multiline": .lines
        case "boolean": .boolean
        case "int": .number
        case "filepath": .path
        case "securefile": .secureFile
        case let type where type.hasPrefix("connectedservice:"): .connection
        default: .text
        }
    }
}
