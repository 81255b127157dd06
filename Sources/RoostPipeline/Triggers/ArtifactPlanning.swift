public import RoostLanguage
public import RoostModel

/// Judges an image that was pushed to the repository of a container resource.
public func planImage(
    _ image: ImageEvent,
    _ container: ContainerResource,
    _ pipeline: TriggerSnapshot
) -> TriggerVerdict {
    if let reason = pipeline.refusal(pipeline.settings.resources, "resources") { return .skip(reason) }
    guard let tags = container.tags else { return .queue(.imagePushed(tag: image.tag ?? image.digest)) }
    guard let tag = image.tag else { return .skip(.imageWithoutTag) }
    switch tags.verdict(ofTag: "refs/tags/\(tag)") {
    case .included(let pattern): return .queue(.tagIncluded(pattern: pattern))
    case .excluded(let pattern): return .skip(.tagExcluded(pattern: pattern))
    case .unmatched: return .skip(.tagNotIncluded)
    }
}

/// Judges a version that was published of a package resource.
public func planPackage(_ package: PackageEvent, _ pipeline: TriggerSnapshot) -> TriggerVerdict {
    if let reason = pipeline.refusal(pipeline.settings.resources, "resources") { return .skip(reason) }
    return .queue(.packagePublished(version: package.version))
}

/// Judges a message for a webhook resource: the first filter that does not hold is the reason to begin nothing.
///
/// Texts are compared as they are, numbers and words by how JSON writes them; of several values at a place one must fit.
public func planWebhook(_ payload: Value, _ webhook: WebhookResource, _ pipeline: TriggerSnapshot) -> TriggerVerdict {
    if let reason = pipeline.refusal(pipeline.settings.resources, "resources") { return .skip(reason) }
    for filter in webhook.filters {
        let found = filter.path.values(in: payload).compactMap(\.payloadText)
        guard let first = found.first else {
            return .skip(.payloadLacks(path: filter.path.text, wanted: filter.value))
        }
        guard found.contains(where: { $0.fits(filter.value) }) else {
            return .skip(
                .payloadDiffers(path: filter.path.text, wanted: filter.value, found: String(first.text.prefix(100)))
            )
        }
    }
    return .queue(.payloadFits(filters: webhook.filters.count))
}

/// A value of a message as a filter compares it.
private struct PayloadText {
    var text: String
    /// `true`, `false` and `null`, which files also write `True`.
    var isWord: Bool

    func fits(_ wanted: String) -> Bool { isWord ? equalIgnoringCase(text, wanted) : text == wanted }
}

extension Value {
    /// Nil for what no text can be compared with.
    fileprivate var payloadText: PayloadText? {
        switch self {
        case .null: PayloadText(text: "null", isWord: true)
        case .bool(let value): PayloadText(text: value ? "true" : "false", isWord: true)
        case .string(let text): PayloadText(text: text, isWord: false)
        case .array, .object: PayloadText(text: kind.rawValue, isWord: false)
        case .number, .version, .dateTime: PayloadText(text: text ?? "", isWord: false)
        }
    }
}

extension PackageResource {
    /// Whether a published package is the one that is meant: `owner/package`, or `repository/package` as the documentation has it.
    public func isOf(_ package: PackageEvent) -> Bool {
        guard equalIgnoringCase(type, package.type) else { return false }
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        let owners = [package.owner, package.repository, "@\(package.owner)"]
        guard parts.count == 2 else { return equalIgnoringCase(name, package.name) }
        let names = [package.name, "@\(package.owner)/\(package.name)"]
        return owners.contains { equalIgnoringCase($0, parts[0]) } && names.contains { equalIgnoringCase($0, parts[1]) }
            || equalIgnoringCase(name, package.name)
    }
}

extension ContainerResource {
    /// Whether a pushed image is of this resource; a message that names no registry is only compared by the repository.
    public func isOf(_ image: ImageEvent) -> Bool {
        let pushed = ImageName(registry: image.registry, repository: image.repository)
        return pushed.repository == self.image.repository
            && (image.registry.isEmpty || pushed.registry == self.image.registry)
    }
}
