import FoundationEssentials

/// What is refused of galleries and what is in them.
public enum GalleryError: UserFacingError, Hashable {
    public enum Kind: String, Hashable, Sendable {
        case gallery
        case definition = "image definition"
        case version = "image version"
        case channel

        var phrase: String { "\(self == .definition || self == .version ? "an" : "a") \(rawValue)" }

        var word: String {
            switch self {
            case .gallery: "gallery"
            case .definition: "image-definition"
            case .version, .channel: "image-version"
            }
        }
    }

    /// With what is there under a name like it.
    case notFound(Kind, String, near: String?)
    case nameInvalid(Kind, String)
    case missing(Kind, String, property: String)
    case fixed(Kind, String, property: String, now: String, wanted: String)
    case identifierTaken(String, by: String)
    case notEmpty(Kind, String, count: Int)
    case limitReached(Kind, limit: Int)
    case flaw(Kind, String, problem: String, advice: String?)
    case exists(ImageVersionKey)
    case publishing(ImageVersionKey, PublishingFault, regions: [String])
    case kept(ImageVersionKey, ImageKeeper)
    case unresolved(ImageDefinitionKey, ImageQuery, passed: [ImageResolution.Passed])
    case notUsable(ImageVersionKey, ImageObstacle)
    case regionUnknown(String, known: [String])
    case notRevoked(ImageVersionKey)

    public var code: String {
        switch self {
        case .notFound(let kind, _, _): "\(kind.word).\(kind == .channel ? "channel-not-found" : "not-found")"
        case .nameInvalid(let kind, _): "\(kind.word).name-invalid"
        case .missing(let kind, _, _), .flaw(let kind, _, _, _): "\(kind.word).invalid"
        case .fixed(let kind, _, _, _, _): "\(kind.word).fixed"
        case .identifierTaken: "image-definition.identifier-taken"
        case .notEmpty(let kind, _, _): "\(kind.word).not-empty"
        case .limitReached(let kind, _): "\(kind.word).limit"
        case .exists: "image-version.exists"
        case .publishing: "image-version.publishing"
        case .kept: "image-version.kept"
        case .unresolved: "image-version.unresolved"
        case .notUsable: "image-version.not-usable"
        case .regionUnknown: "region.not-found"
        case .notRevoked: "image-version.not-revoked"
        }
    }

    public var summary: String {
        switch self {
        case .notFound(let kind, let name, _): "There is no \(kind.rawValue) '\(name)'."
        case .nameInvalid(let kind, let name): "The name '\(name)' cannot be that of \(kind.phrase)."
        case .missing(let kind, let name, let property): "The \(kind.rawValue) '\(name)' needs '\(property)'."
        case .fixed(let kind, let name, let property, let now, let wanted):
            "'\(property)' of the \(kind.rawValue) '\(name)' is '\(now)' and cannot become '\(wanted)'."
        case .identifierTaken(let identifier, let other):
            "The image definition '\(other)' of this gallery has the publisher, offer and sku '\(identifier)' already."
        case .notEmpty(let kind, let name, let count):
            "The \(kind.rawValue) '\(name)' cannot be deleted: it has \(Self.count(count, in: kind))."
        case .limitReached(let kind, let limit): "There are \(limit) \(kind.rawValue)s already, the most there may be."
        case .flaw(let kind, let name, let problem, _): "The \(kind.rawValue) '\(name)' is refused: \(problem)."
        case .exists(let key): "There is a version \(key) already, and the content of a version never changes."
        case .publishing(let key, let fault, _): "The version \(key) is refused: \(Self.text(fault))."
        case .kept(let key, .safety(let date)):
            "The version \(key) cannot be deleted before its end of life, \(date.formatted(.iso8601))."
        case .kept(let key, .channel(let channel)):
            "The version \(key) cannot be deleted: the channel '\(channel)' points at it."
        case .unresolved(let key, let query, let passed):
            "\(key) has no version '\(query.selector)' in region '\(query.region)'" + Self.text(passed) + "."
        case .notUsable(let key, let obstacle): "The version \(key) cannot be used: \(obstacle)."
        case .regionUnknown(let name, _): "There is no region '\(name)'."
        case .notRevoked(let key): "The version \(key) is not revoked itself."
        }
    }

    public var advice: String? {
        switch self {
        case .notFound(let kind, let name, let near):
            near.map { "Did you mean '\($0)'?" } ?? "List them with '\(Self.list(kind))'\(Self.creation(kind, name))."
        case .nameInvalid(.gallery, _): "Use letters, digits, '.' and '_', at most 80; a dash is not allowed."
        case .nameInvalid(.definition, _): "Use letters, digits, '.', '_' and '-', at most 80."
        case .nameInvalid(.version, _): "Write MAJOR.MINOR.PATCH with plain numbers, such as 1.0.12."
        case .nameInvalid(.channel, _): "Use a letter, then letters, digits and dashes, at most 40."
        case .missing(_, _, let property): "Give it with --\(Self.flag(property))."
        case .fixed(let kind, _, _, _, _): "Make another \(kind.rawValue) for it."
        case .identifierTaken: "Use that definition, or another sku."
        case .notEmpty(.gallery, let name, _): "Delete them first; 'roost image-definition list \(name)' shows them."
        case .notEmpty(_, let name, _): "Delete them first; 'roost image-version list GALLERY \(name)' shows them."
        case .limitReached: "Delete what nobody uses."
        case .flaw(_, _, _, let advice): advice
        case .exists(let key):
            "Publish it as \(ImageVersionNumber(key.number.major, key.number.minor, key.number.patch &+ 1))."
        case .publishing(_, let fault, let regions): Self.advice(fault, regions)
        case .kept(_, .safety):
            "Take the protection away with 'roost image-version update --block-deletion-before-end-of-life false'."
        case .kept(let key, .channel(let channel)):
            "Point the channel at another version with 'roost image-version promote \(key.definition.gallery) \(key.definition.definition) VERSION \(channel)'."
        case .unresolved(let key, _, _):
            "'roost image-version list \(key.gallery) \(key.definition)' shows what there is."
        case .notUsable: "Use another version."
        case .regionUnknown(_, let known): "There are \(known.map { "'\($0)'" }.joined(separator: ", "))."
        case .notRevoked: "Revoked is the version it was built from, which 'roost image-version show' names."
        }
    }
}

extension GalleryError {
    private static func count(_ count: Int, in kind: Kind) -> String {
        let word = kind == .gallery ? "image definition" : "version"
        return "\(count) \(word)\(count == 1 ? "" : "s")"
    }

    private static func list(_ kind: Kind) -> String {
        switch kind {
        case .gallery: "roost gallery list"
        case .definition: "roost image-definition list GALLERY"
        case .version: "roost image-version list GALLERY DEFINITION"
        case .channel: "roost image-definition show GALLERY DEFINITION"
        }
    }

    private static func creation(_ kind: Kind, _ name: String) -> String {
        switch kind {
        case .gallery: "; make it with 'roost gallery create \(name)'"
        case .definition:
            "; make it with 'roost image-definition create GALLERY \(name) --publisher … --offer … --sku …'"
        case .version: "; publish it with 'roost image-version create GALLERY DEFINITION \(name) PATH'"
        case .channel: "; make it with 'roost image-version promote GALLERY DEFINITION VERSION \(name)'"
        }
    }

    private static func flag(_ property: String) -> String {
        ["osType": "os-type", "hyperVGeneration": "hyper-v-generation"][property] ?? property
    }

    private static func text(_ passed: [ImageResolution.Passed]) -> String {
        guard !passed.isEmpty else { return "" }
        let shown = passed.prefix(5).map { "\($0.number): \($0.obstacle)" }.joined(separator: "; ")
        return " (\(shown)\(passed.count > 5 ? "; and \(passed.count - 5) more" : ""))"
    }

    private static func text(_ fault: PublishingFault) -> String {
        switch fault {
        case .noRegion: "it names no target region"
        case .regionUnknown(let name): "there is no region '\(name)'"
        case .regionTwice(let name): "it names the region '\(name)' twice"
        case .homeMissing(let name): "its own region '\(name)' is not among its target regions"
        case .replicaCount(let count, let region):
            "\(count) replicas\(region.map { " in region '\($0)'" } ?? "") are not between 1 and \(TargetRegion.replicaLimit)"
        case .regionKept(let name): "its safety profile does not let it leave the region '\(name)'"
        case .endOfLifeMissing: "it is to be kept until its end of life, and has none"
        }
    }

    private static func advice(_ fault: PublishingFault, _ regions: [String]) -> String? {
        switch fault {
        case .noRegion, .regionUnknown:
            "The regions of this server are \(regions.map { "'\($0)'" }.joined(separator: ", ")); its setting 'image-regions' names more."
        case .regionTwice: "Name each region once, with its number of replicas: NAME=COUNT."
        case .homeMissing(let name): "Add --target-region \(name)."
        case .replicaCount: nil
        case .regionKept: "Allow it with --allow-deletion-of-replicated-locations true first."
        case .endOfLifeMissing: "Give --end-of-life-date."
        }
    }
}
