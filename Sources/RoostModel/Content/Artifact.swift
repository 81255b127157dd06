public import FoundationEssentials

/// An artifact of a run, unique in the organization; positive.
public struct ArtifactID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// Files, or a place where they are, that a run keeps under a name.
public struct Artifact: Hashable, Sendable {
    /// What it is, in the words of the wire.
    public enum Kind: Hashable, Sendable {
        /// Published as a whole: its name is taken from then on.
        case pipeline
        /// The older form: several steps may add files to one name.
        case container
        /// A place elsewhere, which is only remembered: `filepath`, `versioncontrol`, `gitref`, `tfvclabel`.
        case place(type: String, data: String)

        /// As `resource.type` of the wire has it.
        public var name: String {
            switch self {
            case .pipeline: "PipelineArtifact"
            case .container: "Container"
            case .place(let type, _): type
            }
        }
    }

    public var id: ArtifactID
    public var run: RunID
    public var name: String
    public var kind: Kind
    /// Nil for a place elsewhere.
    public var content: ContentReference?
    public var properties: [String: String]
    /// The job that published it.
    public var source: UUID?
    public var createdAt: Date

    public init(
        id: ArtifactID,
        run: RunID,
        name: String,
        kind: Kind,
        content: ContentReference? = nil,
        properties: [String: String] = [:],
        source: UUID? = nil,
        createdAt: Date
    ) {
        self.id = id
        self.run = run
        self.name = name
        self.kind = kind
        self.content = content
        self.properties = properties
        self.source = source
        self.createdAt = createdAt
    }

    /// Characters that no artifact's name may have, as at Azure Pipelines.
    public static let forbiddenCharacters = "\\/\"<>|:*?"

    /// What is wrong with a name; nil when nothing is.
    public static func problem(withName name: String) -> String? {
        if name.isEmpty { return "it is empty" }
        if name.utf8.count > 255 { return "it is longer than 255 bytes" }
        if name == "." || name == ".." || name.hasPrefix(" ") || name.hasSuffix(" ") {
            return "it is no name of a folder"
        }
        guard
            let bad = name.unicodeScalars.first(where: {
                $0.value < 32 || forbiddenCharacters.unicodeScalars.contains($0)
            })
        else { return nil }
        return "'\(bad)' is not allowed in it"
    }
}
