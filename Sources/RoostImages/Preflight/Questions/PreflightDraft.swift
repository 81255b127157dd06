public import RoostTemplate

/// Something that is missing and can be made.
public enum PreflightDraft: Sendable, Hashable {
    case azure(AzureSignIn, AzureDraft)
    case gallery(String, location: String?)
    case definition(gallery: String, image: String, ImageDefinitionDraft)
}

/// A resource that can be made in a cloud.
public struct AzureDraft: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case group
        case gallery
        case definition(ImageDefinitionDraft)
        case network(prefix: String, subnet: Subnet?)
        case subnet(prefix: String)
    }

    /// A part of a network that is made with it.
    public struct Subnet: Sendable, Hashable {
        public var name: String
        public var prefix: String

        public init(name: String, prefix: String) {
            self.name = name
            self.prefix = prefix
        }
    }

    public var id: AzureResourceID
    /// Empty for what has the place of what it is in.
    public var location: String
    public var kind: Kind

    public init(_ id: AzureResourceID, location: String = "", _ kind: Kind) {
        self.id = id
        self.location = location
        self.kind = kind
    }
}

/// What all versions of an image will have in common.
public struct ImageDefinitionDraft: Sendable, Hashable {
    public var publisher: String
    public var offer: String
    public var sku: String
    public var system: String
    public var state: String
    public var generation: String
    public var architecture: String
    public var features: [String: String]

    public init(
        publisher: String,
        offer: String,
        sku: String,
        system: String,
        state: String = "Generalized",
        generation: String,
        architecture: String,
        features: [String: String] = [:]
    ) {
        self.publisher = publisher
        self.offer = offer
        self.sku = sku
        self.system = system
        self.state = state
        self.generation = generation
        self.architecture = architecture
        self.features = features
    }
}

extension ImageDefinitionDraft {
    var sortedFeatures: [String] { features.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } }
}

extension PreflightDraft {
    /// What has to be there before others can be made comes first.
    public var rank: Int {
        switch self {
        case .azure(_, let draft): draft.rank
        case .gallery: 1
        case .definition: 2
        }
    }

    /// What it is and how it is called.
    public var title: String {
        switch self {
        case .azure(_, let draft): draft.id.title
        case .gallery(let name, _): "gallery \"\(name)\" of the server"
        case .definition(let gallery, let image, _):
            "image definition \"\(image)\" of gallery \"\(gallery)\" of the server"
        }
    }

    /// The command that makes it.
    public var command: String {
        switch self {
        case .azure(_, let draft): return draft.command
        case .gallery(let name, let location):
            return TypedCommand("roost", "gallery", "create", name).adding("--location", location).text
        case .definition(let gallery, let image, let draft):
            let line = TypedCommand("roost", "image-definition", "create", gallery, image).adding(draft)
            return draft.sortedFeatures.reduce(line) { $0.adding("--feature", $1) }.text
        }
    }
}

extension AzureDraft {
    var rank: Int {
        switch kind {
        case .group: 0
        case .gallery, .network: 1
        case .definition, .subnet: 2
        }
    }

    var command: String {
        let group = ["--resource-group", id.resourceGroup]
        let line =
            switch kind {
            case .group: TypedCommand("az", "group", "create", "--name", id.resourceGroup, "--location", location)
            case .gallery:
                TypedCommand(["az", "sig", "create"] + group + ["--gallery-name", id.name, "--location", location])
            case .definition(let draft):
                TypedCommand(
                    ["az", "sig", "image-definition", "create"] + group
                        + ["--gallery-name", id.names[0], "--gallery-image-definition", id.name]
                ).adding(draft).adding("--location", location)
                    .adding("--features", draft.sortedFeatures.joined(separator: " "))
            case .network(let prefix, let subnet):
                TypedCommand(
                    ["az", "network", "vnet", "create"] + group
                        + ["--name", id.name, "--location", location, "--address-prefixes", prefix]
                ).adding("--subnet-name", subnet?.name).adding("--subnet-prefixes", subnet?.prefix)
            case .subnet(let prefix):
                TypedCommand(
                    ["az", "network", "vnet", "subnet", "create"] + group
                        + ["--vnet-name", id.names[0], "--name", id.name, "--address-prefixes", prefix]
                )
            }
        return line.adding("--subscription", id.subscription).text
    }
}

/// A command as a person types it.
struct TypedCommand {
    private var words: [String]

    init(_ words: String...) { self.words = words }
    init(_ words: [String]) { self.words = words }

    var text: String { words.map(Self.quoted).joined(separator: " ") }

    /// Adds an option, unless its value is unknown or empty.
    func adding(_ option: String, _ value: String?) -> TypedCommand {
        guard let value, !value.isEmpty else { return self }
        return TypedCommand(words + [option, value])
    }

    func adding(_ draft: ImageDefinitionDraft) -> TypedCommand {
        adding("--publisher", draft.publisher).adding("--offer", draft.offer).adding("--sku", draft.sku)
            .adding("--os-type", draft.system).adding("--os-state", draft.state)
            .adding("--hyper-v-generation", draft.generation).adding("--architecture", draft.architecture)
    }

    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-_./:=@,".utf8.contains(byte)
                }
            }
        return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
}
