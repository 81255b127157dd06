public import FoundationEssentials

/// A task as lists of them show it.
public struct TaskDefinitionWire: Codable, Sendable, Hashable {
    /// Three numbers.
    public struct Version: Codable, Sendable, Hashable {
        public var major: Int
        public var minor: Int
        public var patch: Int
        public var isTest: Bool?

        public init(major: Int, minor: Int, patch: Int, isTest: Bool? = false) {
            self.major = major
            self.minor = minor
            self.patch = patch
            self.isTest = isTest
        }

        /// As a path has it.
        public var text: String { "\(major).\(minor).\(patch)" }
    }

    /// An input.
    public struct Input: Codable, Sendable, Hashable {
        public var name: String
        public var aliases: [String]?
        public var label: String?
        public var type: String?
        public var defaultValue: String?
        public var required: Bool?
        public var visibleRule: String?
        public var helpMarkDown: String?

        public init(
            name: String,
            aliases: [String]? = nil,
            label: String? = nil,
            type: String? = nil,
            defaultValue: String? = nil,
            required: Bool? = nil,
            visibleRule: String? = nil,
            helpMarkDown: String? = nil
        ) {
            self.name = name
            self.aliases = aliases
            self.label = label
            self.type = type
            self.defaultValue = defaultValue
            self.required = required
            self.visibleRule = visibleRule
            self.helpMarkDown = helpMarkDown
        }
    }

    /// What a handler runs.
    public struct Handler: Codable, Sendable, Hashable {
        public var target: String?

        public init(target: String? = nil) { self.target = target }
    }

    public var id: UUID?
    public var name: String?
    public var friendlyName: String?
    public var description: String?
    public var version: Version?
    public var visibility: [String]?
    public var runsOn: [String]?
    public var contentsUploaded: Bool?
    public var contributionIdentifier: String?
    public var minimumAgentVersion: String?
    public var instanceNameFormat: String?
    public var demands: [String]?
    public var inputs: [Input]?
    public var prejobexecution: [String: Handler]?
    public var execution: [String: Handler]?
    public var postjobexecution: [String: Handler]?
    public var deprecated: Bool?
    /// Bytes of the package, and its SHA-256 in hexadecimal.
    public var packageSize: Int?
    public var packageHash: String?
    public var installedBy: String?
    public var installedOn: Date?

    public init(id: UUID?, name: String?, friendlyName: String?, version: Version?, contentsUploaded: Bool = false) {
        self.id = id
        self.name = name
        self.friendlyName = friendlyName
        self.version = version
        self.contentsUploaded = contentsUploaded
        visibility = ["Build", "Release"]
        runsOn = ["Agent"]
    }
}
