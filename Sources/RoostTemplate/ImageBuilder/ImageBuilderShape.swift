/// What an object of an Image Builder template may hold.
struct ImageBuilderShape: Sendable {
    var fields: [ImageBuilderField]

    init(_ fields: [ImageBuilderField]) { self.fields = fields }

    func field(_ name: String) -> ImageBuilderField? { fields.first { $0.name == name } }

    func adding(_ others: [ImageBuilderField]) -> ImageBuilderShape { ImageBuilderShape(fields + others) }
}

/// A property of an object.
struct ImageBuilderField: Sendable {
    /// What may be given for it.
    indirect enum Kind: Sendable {
        case text(ImageBuilderText)
        case choice([String])
        case whole(ClosedRange<Int>)
        case truth
        case list(Kind, atLeast: Int)
        case map(Kind)
        case object(ImageBuilderShape)
        /// One of several shapes; the property that names which comes first.
        case variants(by: String, [Variant])
        case anything
    }

    /// One of several shapes of an object.
    struct Variant: Sendable {
        var name: String
        var versions: Versions
        var shape: ImageBuilderShape

        init(_ name: String, _ fields: [ImageBuilderField]) { self.init(name, Versions(), fields) }

        init(_ name: String, _ versions: Versions, _ fields: [ImageBuilderField]) {
            self.name = name
            self.versions = versions
            shape = ImageBuilderShape(fields)
        }
    }

    /// The versions of the interface in which something exists.
    struct Versions: Sendable {
        var since = ImageBuilderVersion.preview2018
        /// The last one; nil when it exists still.
        var until: ImageBuilderVersion?

        func contains(_ version: ImageBuilderVersion) -> Bool {
            version >= since && version <= (until ?? .newest)
        }
    }

    var name: String
    var kind: Kind
    var versions: Versions
    var isRequired: Bool
    /// Whether only the service sets it.
    var isReadOnly: Bool
    /// What to use instead, when it should no longer be used.
    var replacement: String?

    init(
        _ name: String,
        _ kind: Kind = .text(.any),
        required: Bool = false,
        readOnly: Bool = false,
        since: ImageBuilderVersion = .preview2018,
        until: ImageBuilderVersion? = nil,
        replacement: String? = nil
    ) {
        self.name = name
        self.kind = kind
        versions = Versions(since: since, until: until)
        isRequired = required
        isReadOnly = readOnly
        self.replacement = replacement
    }
}
