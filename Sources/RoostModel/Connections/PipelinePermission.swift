public import FoundationEssentials

/// A thing of a project that only certain pipelines may use.
public struct ProtectedResource: Hashable, Sendable, Codable {
    /// Kinds as the API of Azure DevOps names them.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case serviceConnection = "endpoint"
        case variableGroup = "variablegroup"
        case secureFile = "securefile"
        case environment
        case queue

        /// For people, in the middle of a sentence.
        public var word: String {
            switch self {
            case .serviceConnection: "service connection"
            case .variableGroup: "variable group"
            case .secureFile: "secure file"
            case .environment: "environment"
            case .queue: "pool"
            }
        }

        /// As commands name it.
        public var argument: String { word.replacing(" ", with: "-") }
    }

    public var kind: Kind
    /// A lower-case UUID or a number, as the kind has it.
    public var id: String

    public init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id.lowercased()
    }
}

/// Which pipelines may use a thing; a thing without one is open to all.
public struct PipelinePermission: Hashable, Sendable, Codable {
    /// Who gave it, and when.
    public struct Grant: Hashable, Sendable, Codable {
        public var by: String
        public var at: Date

        public init(by: String, at: Date) {
            self.by = by
            self.at = at
        }
    }

    /// Not nil: every pipeline of the project may.
    public var everyone: Grant?
    public private(set) var pipelines: [Int: Grant]

    public init(everyone: Grant? = nil, pipelines: [PipelineID: Grant] = [:]) {
        self.everyone = everyone
        self.pipelines = Dictionary(uniqueKeysWithValues: pipelines.map { ($0.key.rawValue, $0.value) })
    }

    /// Whether a pipeline may use it.
    public func allows(_ pipeline: PipelineID) -> Bool { everyone != nil || pipelines[pipeline.rawValue] != nil }

    /// Gives or takes the right of one pipeline; one that has it keeps the grant it has.
    public mutating func set(_ pipeline: PipelineID, _ grant: Grant?) {
        let known = pipelines[pipeline.rawValue]
        pipelines[pipeline.rawValue] = grant == nil ? nil : known ?? grant
    }

    /// By the number of the pipeline.
    public var list: [(pipeline: PipelineID, grant: Grant)] {
        pipelines.sorted { $0.key < $1.key }.map { (PipelineID($0.key), $0.value) }
    }
}
