import RoostLanguage

/// What tasks are for and which inputs they take, as their makers published it.
///
/// It helps with writing. Whether agents here carry a task out says ``TaskCatalog``; a task that is in neither may be installed.
public struct TaskManual: Sendable {
    /// In the order of the tables.
    public let tasks: [TaskDefinition]
    private let places: [String: Int]

    /// The tasks this version knows.
    public static let current = TaskManual(TaskTable.all.flatMap(TaskTableReader.read))

    init(_ tasks: [TaskDefinition]) {
        self.tasks = tasks
        places = Dictionary(tasks.enumerated().map { (foldedName($1.reference), $0) }) { first, _ in first }
    }

    /// The task of a reference such as `Bash@3`, in any letter case; minor versions are not looked at.
    public func task(_ reference: String) -> TaskDefinition? {
        let parts = reference.split(separator: "@")
        guard parts.count == 2, let major = parts[1].split(separator: ".").first else { return nil }
        return places[foldedName("\(parts[0])@\(major)")].map { tasks[$0] }
    }
}

/// A task: a name, a major version and inputs.
public struct TaskDefinition: Hashable, Sendable {
    public let name: String
    public let major: Int
    /// What people see.
    public let title: String
    /// One sentence.
    public let documentation: String
    public let inputs: [TaskInput]
    /// Whether ``inputs`` are all it takes; a task that is not complete may take more.
    public let isComplete: Bool

    /// As a step names it.
    public var reference: String { "\(name)@\(major)" }

    /// The input with a name or an alias, in any letter case.
    public func input(_ name: String) -> TaskInput? {
        inputs.first { input in
            equalIgnoringCase(input.name, name) || input.aliases.contains { equalIgnoringCase($0, name) }
        }
    }
}

/// An input of a task.
public struct TaskInput: Hashable, Sendable {
    /// What an input holds.
    public enum Kind: Hashable, Sendable {
        case text
        /// Several lines.
        case lines
        case boolean
        case number
        /// A file or folder on the agent.
        case path
        /// One of a few words.
        case words([String])
        /// The name of a service connection.
        case connection
        /// The name of a secure file.
        case secureFile

        /// As documentation says it.
        public var description: String {
            switch self {
            case .text: "text"
            case .lines: "lines of text"
            case .boolean: "true or false"
            case .number: "number"
            case .path: "path"
            case .words(let words): words.joined(separator: " | ")
            case .connection: "service connection"
            case .secureFile: "secure file"
            }
        }
    }

    public let name: String
    /// Other names that mean the same.
    public let aliases: [String]
    public let kind: Kind
    /// What counts when nothing is given; nil when that is nothing.
    public let defaultValue: String?
    public let isRequired: Bool
    /// When it counts at all, such as `targetType = inline`; nil is always.
    public let condition: String?
    /// One sentence.
    public let documentation: String
}
