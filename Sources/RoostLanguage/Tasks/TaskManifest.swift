/// A task as the `task.json` of its folder describes it.
public struct TaskManifest: Hashable, Sendable {
    /// The parts of a job in which a task may do something.
    public enum Section: String, CaseIterable, Sendable {
        /// Before the first step of the job.
        case before = "prejobexecution"
        /// The step itself.
        case main = "execution"
        /// After the last step of the job.
        case after = "postjobexecution"
    }

    /// Lower-case UUID.
    public var id: String
    public var name: String
    public var friendlyName: String
    public var description: String
    public var version: TaskVersion
    public var inputs: [TaskManifestInput]
    /// As `task.json` writes them.
    public var demands: [String]
    /// The level an agent must have; nil is any.
    public var minimumAgentVersion: String?
    /// Of the step, with `$(input)` in it; nil when there is none.
    public var instanceNameFormat: String?
    public var sections: [Section: [TaskEntry]]
    /// Names of outputs.
    public var outputs: [String]
    public var restrictions: TaskRestrictions
    /// Nil when people may go on using it.
    public var deprecation: String?
    public var isPreview: Bool

    /// The input with a name or an alias, in any letter case.
    public func input(_ name: String) -> TaskManifestInput? {
        inputs.first { equalIgnoringCase($0.name, name) }
            ?? inputs.first { $0.aliases.contains { equalIgnoringCase($0, name) } }
    }

    /// As pipelines name it.
    public var reference: String { "\(name)@\(version.major)" }
}

/// What a task does in a part of a job: a handler by name, and what it runs.
public struct TaskEntry: Hashable, Sendable {
    /// Such as `Node20_1`, as it is written.
    public var handler: String
    /// A path in the folder of the task.
    public var target: String
    /// Of a process: its arguments, with `$(input)` in them.
    public var arguments: String
    /// Nil is the folder in which steps begin.
    public var workingDirectory: String?
    /// The line in `task.json`.
    public var line: Int
}

/// An input of a task.
public struct TaskManifestInput: Hashable, Sendable {
    public var name: String
    public var aliases: [String]
    public var label: String
    /// Such as `string`, `filePath`, `connectedService:Generic`; as it is written.
    public var type: String
    public var defaultValue: String
    public var isRequired: Bool
    /// When it counts, such as `kind = file && mode != all`; nil is always.
    public var visibleRule: String?
    /// Words a list offers.
    public var options: [String]
    public var help: String

    /// Holds the name of a service connection.
    public var isConnection: Bool { type.lowercased().hasPrefix("connectedservice:") }
    /// Holds the name of a secure file.
    public var isSecureFile: Bool { equalIgnoringCase(type, "secureFile") }
    /// Holds a path below the sources.
    public var isPath: Bool { equalIgnoringCase(type, "filePath") }
}

/// What logging commands of a task may do.
public struct TaskRestrictions: Hashable, Sendable {
    /// Only commands that concern the step and its log.
    public var isRestricted = false
    /// The only variables that may be set; nil is no limit.
    public var settableVariables: [String]?

    public init() {}
}

/// Something wrong with a `task.json`.
public struct TaskManifestProblem: Hashable, Sendable, CustomStringConvertible {
    public var isError: Bool
    /// 0 when it is about no line.
    public var line: Int
    public var message: String
    public var advice: String?

    /// - Parameters:
    ///   - line: in `task.json`.
    ///   - message: what is wrong.
    ///   - advice: what to do.
    ///   - isError: whether the task cannot be used.
    public init(line: Int, _ message: String, advice: String? = nil, isError: Bool = true) {
        self.isError = isError
        self.line = line
        self.message = message
        self.advice = advice
    }

    public var description: String {
        let place = line > 0 ? "task.json:\(line): " : "task.json: "
        return "\(place)\(isError ? "" : "warning: ")\(message)\(advice.map { " \($0)" } ?? "")"
    }
}
