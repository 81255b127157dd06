/// The mappings of the pipeline language: which keys each has, what their values are, and what they mean.
///
/// It is data for editors and for messages; the rules the compiler keeps beyond it (names, graphs, expressions) are not in here.
public struct PipelineSchema: Sendable {
    /// By ``SchemaMapping/id``.
    public let mappings: [String: SchemaMapping]
    /// By ``SchemaGroup/id``.
    public let groups: [String: SchemaGroup]

    /// The schema of the language as this version knows it.
    public static let current = SchemaTableReader.read(SchemaTable.all)

    /// The members a list's items can be, when the id names a group, or the mapping itself.
    public func members(_ id: String) -> [SchemaMapping] {
        if let group = groups[id] { return group.members.compactMap { mappings[$0] } }
        return mappings[id].map { [$0] } ?? []
    }

    /// The mapping at the root of a file.
    public var root: SchemaMapping {
        // The table has it; a test holds it to that.
        mappings["root"] ?? SchemaMapping(id: "root", noun: "A pipeline", documentation: "", keys: [])
    }
}

/// A mapping with keys of its own.
public struct SchemaMapping: Hashable, Sendable {
    public let id: String
    /// Begins a sentence, such as `A stage`.
    public let noun: String
    /// One sentence.
    public let documentation: String
    /// In the order in which people write them.
    public let keys: [SchemaKey]

    /// The key with exactly this name.
    public func key(_ name: String) -> SchemaKey? { keys.first { $0.name == name } }

    /// The key that says what the mapping is, such as `job`; nil when it is known from where it stands.
    public var firstKey: SchemaKey? { keys.first { $0.isFirst } }
}

/// Mappings that may be items of one list and are told apart by their first key.
public struct SchemaGroup: Hashable, Sendable {
    public let id: String
    public let members: [String]
}

/// A key of a mapping.
public struct SchemaKey: Hashable, Sendable {
    public let name: String
    /// What the value may be; the form people mostly write comes first.
    public let values: [SchemaValue]
    /// It says what the mapping is, and stands first.
    public let isFirst: Bool
    public let isRequired: Bool
    /// It is understood for old files.
    public let isDeprecated: Bool
    /// One sentence or two.
    public let documentation: String
}

/// What a value may be.
public enum SchemaValue: Hashable, Sendable {
    /// What a text names.
    public enum Reference: String, Hashable, Sendable, CaseIterable {
        case stage, job, template, repository, pool, task, container, environment, pipeline, image
    }

    case text
    case boolean
    case number
    /// One of a few words.
    case words([String])
    /// An expression without `$[` and `]` around it.
    case condition
    /// A list of texts.
    case texts
    /// Names of the author's own, each with a text.
    case textMapping
    case anything
    /// A mapping of the schema.
    case mapping(String)
    /// A list whose items are a mapping or a group of the schema.
    case list(of: String)
    /// Names of the author's own, each with a mapping of the schema.
    case named(String)
    /// A text that names something.
    case name(Reference)
    /// A list of such texts.
    case names(Reference)

    /// As documentation says it.
    public var description: String {
        switch self {
        case .text: "text"
        case .boolean: "true or false"
        case .number: "number"
        case .words(let words): words.joined(separator: " | ")
        case .condition: "condition"
        case .texts: "list of texts"
        case .textMapping: "mapping of texts"
        case .anything: "anything"
        case .mapping: "mapping"
        case .list: "list"
        case .named: "mapping"
        case .name(let reference): "name of a \(reference.rawValue)"
        case .names(let reference): "list of names of \(reference.rawValue)s"
        }
    }
}

extension PipelineSchema {
    /// Names of images that hosted pools have, the newest first.
    public static let hostedImages = [
        "ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04", "windows-latest", "windows-2025", "windows-2022",
        "macOS-latest",
        "macOS-15", "macOS-14",
    ]
}
