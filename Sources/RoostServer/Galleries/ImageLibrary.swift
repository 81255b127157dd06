import FoundationEssentials
import RoostModel
import RoostStore

/// Galleries, their definitions and versions.
struct ImageLibrary: Sendable {
    private(set) var galleries: [String: Gallery] = [:]
    private(set) var definitions: [ImageDefinitionKey: ImageDefinition] = [:]
    private(set) var versions: [ImageDefinitionKey: [ImageVersionNumber: ImageVersion]] = [:]
    /// What revocations reach; made anew when a version changes while there are any.
    private(set) var revoked: [ImageVersionKey: RevokedBy] = [:]
    /// The versions of each definition, the lowest first: they are read far more often than they change.
    private var ordered: [ImageDefinitionKey: [ImageVersion]] = [:]
    /// Rises with every change.
    private(set) var revision = 0

    static let galleryPrefix = "gallery:"
    static let definitionPrefix = "image-definition:"
    static let versionPrefix = "image-version:"

    init() {}

    /// Those of a store.
    init(settings: [String: Data]) {
        let decoder = JSONDecoder()
        for (name, value) in settings {
            if name.hasPrefix(Self.galleryPrefix), let gallery = try? decoder.decode(Gallery.self, from: value) {
                galleries[gallery.key] = gallery
            } else if name.hasPrefix(Self.definitionPrefix),
                let definition = try? decoder.decode(ImageDefinition.self, from: value)
            {
                definitions[definition.key] = definition
            } else if name.hasPrefix(Self.versionPrefix),
                let version = try? decoder.decode(ImageVersion.self, from: value)
            {
                versions[version.key.definition, default: [:]][version.number] = version
            }
        }
        revoked = revokedVersions(among: allVersions)
        for definition in versions.keys { order(definition) }
    }

    var allVersions: [ImageVersion] { versions.values.flatMap(\.values) }
    subscript(key: ImageVersionKey) -> ImageVersion? { versions[key.definition]?[key.number] }

    func definitions(of gallery: String) -> [ImageDefinition] {
        definitions.values.filter { $0.key.gallery == gallery.lowercased() }
            .sorted { $0.name.lowercased() < $1.name.lowercased() }
    }

    /// The lowest first.
    func versions(of definition: ImageDefinitionKey) -> [ImageVersion] { ordered[definition] ?? [] }

    private mutating func order(_ definition: ImageDefinitionKey) {
        ordered[definition] = versions[definition].map { $0.values.sorted { $0.number < $1.number } }
    }

    private mutating func keepOrdered(_ version: ImageVersion) {
        // Taken out, so that it is changed in place.
        var list = ordered.removeValue(forKey: version.key.definition) ?? []
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle].number < version.number { low = middle + 1 } else { high = middle }
        }
        if low < list.count, list[low].number == version.number {
            list[low] = version
        } else {
            list.insert(version, at: low)
        }
        ordered[version.key.definition] = list
    }

    /// What follows from the galleries is to be found anew.
    private mutating func touch(_ change: inout ControlChange) {
        revision += 1
        change.imagesAreDirty = true
    }

    // MARK: Changes

    mutating func put(_ gallery: Gallery, _ change: inout ControlChange) throws(ControlError) {
        galleries[gallery.key] = gallery
        touch(&change)
        change.store.append(try Self.row(Self.galleryPrefix + gallery.key, gallery))
    }

    mutating func put(_ definition: ImageDefinition, _ change: inout ControlChange) throws(ControlError) {
        definitions[definition.key] = definition
        change.effects.append { $0.imageTemplateWork.signal() }
        touch(&change)
        change.store.append(try Self.row(Self.definitionPrefix + definition.key.description, definition))
    }

    mutating func put(_ version: ImageVersion, _ change: inout ControlChange) throws(ControlError) {
        let row = try Self.row(Self.versionPrefix + version.key.description, version)
        versions[version.key.definition, default: [:]][version.number] = version
        keepOrdered(version)
        change.effects.append { $0.imageTemplateWork.signal() }
        touch(&change)
        if version.revocation != nil || !revoked.isEmpty { revoked = revokedVersions(among: allVersions) }
        change.store.append(row)
    }

    mutating func remove(gallery: Gallery, _ change: inout ControlChange) {
        galleries[gallery.key] = nil
        touch(&change)
        change.store.append(.deleteSetting(name: Self.galleryPrefix + gallery.key))
    }

    mutating func remove(definition: ImageDefinition, _ change: inout ControlChange) {
        definitions[definition.key] = nil
        touch(&change)
        versions[definition.key] = nil
        ordered[definition.key] = nil
        change.store.append(.deleteSetting(name: Self.definitionPrefix + definition.key.description))
    }

    /// Removes a version; what was built from it stays revoked when a revocation reached it.
    mutating func remove(version key: ImageVersionKey, _ change: inout ControlChange) throws(ControlError) {
        if let source = revoked[key] {
            for var child in allVersions where child.parents.contains(key) && child.revocation == nil {
                child.revocation = ImageRevocation(reason: "\(source.version): \(source.reason)", by: "system")
                try put(child, &change)
            }
        }
        versions[key.definition]?[key.number] = nil
        ordered[key.definition]?.removeAll { $0.number == key.number }
        touch(&change)
        revoked = revoked.isEmpty ? [:] : revokedVersions(among: allVersions)
        change.store.append(.deleteSetting(name: Self.versionPrefix + key.description))
    }

    private static func row(_ name: String, _ value: some Encodable) throws(ControlError) -> StoreChange {
        guard let value = try? JSONEncoder().encode(value) else {
            throw .invalid(what: "'\(name)'", problem: "it cannot be stored", advice: nil)
        }
        return .putSetting(name: name, value: value)
    }
}
