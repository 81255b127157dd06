import RoostLanguage

/// Triggers of containers, packages and webhooks; mistakes in them are reported where the file is planned.
extension TriggerReader {
    /// Those that have a trigger.
    func containers(_ root: SyntaxMapping) -> [ContainerResource] {
        entries("containers", root).compactMap { mapping in
            guard let alias = text("container", mapping), let trigger = tagTrigger(mapping) else { return nil }
            guard let image = image(mapping) else {
                notLiteral(mapping, "The image of container '\(alias)'")
                return nil
            }
            return ContainerResource(
                alias: alias,
                image: image,
                isAzure: isAzure(mapping),
                tags: trigger.tags
            )
        }
    }

    private func isAzure(_ mapping: SyntaxMapping) -> Bool {
        text("type", mapping).map { equalIgnoringCase($0, "ACR") } ?? false
    }

    private func image(_ mapping: SyntaxMapping) -> ImageName? {
        guard isAzure(mapping) else { return text("image", mapping).map { ImageName(reference: $0) } }
        guard let registry = text("registry", mapping), let repository = text("repository", mapping) else { return nil }
        return ImageName(registry: registry.contains(".") ? registry : "\(registry).azurecr.io", repository: repository)
    }

    /// Which tags, where there is a trigger at all.
    private func tagTrigger(_ resource: SyntaxMapping) -> (tags: NameFilter?, Void)? {
        switch resource["trigger"] {
        case .scalar(let scalar): return isOn(scalar) ? (nil, ()) : nil
        case .sequence(let sequence): return (NameFilter(include: names(sequence)), ())
        case .mapping(let mapping):
            let fields = Fields(mapping, ["enabled", "tags"], noun: "The trigger of a container", log)
            guard fields.bool("enabled") ?? true else { return nil }
            return (filter("tags", fields), ())
        case .unknown, nil: return nil
        }
    }

    /// Those that have a trigger.
    func packages(_ root: SyntaxMapping) -> [PackageResource] {
        entries("packages", root).compactMap { mapping in
            guard let alias = text("package", mapping), let trigger = mapping["trigger"]?.scalar, isOn(trigger) else {
                return nil
            }
            guard let type = text("type", mapping), let name = text("name", mapping) else {
                notLiteral(mapping, "The name of package '\(alias)'")
                return nil
            }
            return PackageResource(alias: alias, type: type.lowercased(), name: name)
        }
    }

    /// All of them: a webhook is its own trigger.
    func webhooks(_ root: SyntaxMapping) -> [WebhookResource] {
        entries("webhooks", root).compactMap { mapping in
            guard let alias = text("webhook", mapping), let connection = text("connection", mapping) else { return nil }
            let written = mapping["filters"]?.sequence?.items.compactMap(\.mapping) ?? []
            let filters = written.compactMap(webhookFilter)
            // With a filter less it would begin runs that nobody wants.
            guard filters.count == written.count else { return nil }
            return WebhookResource(alias: alias, connection: connection, filters: filters)
        }
    }

    private func webhookFilter(_ mapping: SyntaxMapping) -> WebhookFilter? {
        guard let scalar = mapping["path"]?.scalar, !scalar.string.isEmpty else { return nil }
        guard let path = PayloadPath(scalar.text) else {
            log.error(
                "resource.filter",
                "'\(scalar.text)' is no path into a message",
                at: scalar.place,
                advice: "Write names and places such as 'action', 'resource.repository.name' or 'commits[0].id'."
            )
            return nil
        }
        return WebhookFilter(path: path, value: mapping["value"]?.scalar?.text ?? "")
    }

    /// Triggers are read before there is a run whose expressions have values.
    private func notLiteral(_ mapping: SyntaxMapping, _ what: String) {
        guard !mapping.isPartial, let trigger = mapping.pair("trigger") else { return }
        log.warning(
            "trigger.not-literal",
            "\(what) is not known before a run begins, so that its trigger begins none",
            at: trigger.key.place,
            advice: "Triggers are read without expressions: write it as a plain text."
        )
    }
}
