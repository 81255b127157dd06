import RoostLanguage
import RoostModel

/// Reads containers: those of resources, of jobs and of services.
struct ContainerReader {
    let log: DiagnosticLog
    /// What is understood and cannot be carried out.
    let limitations: DiagnosticLog
    let check: RuntimeExpressionCheck

    /// `container` and `services` of a job; nil when it has neither and no step has a target.
    ///
    /// - Parameters:
    ///   - fields: the job.
    ///   - steps: its steps, whose targets name containers too.
    ///   - resources: the containers of the file.
    /// - Returns: what they say, with the definitions they name.
    func containers(_ fields: Fields, _ steps: [PlannedStep], _ resources: ResourceBook) -> PlannedContainers? {
        var containers = PlannedContainers(definitions: resources.containers)
        containers.job = use(fields, "container", alias: "__job", resources, &containers.definitions)
        if let mapping = fields.fields("services") {
            let services = Fields(mapping, mapping.pairs.map(\.key.text), noun: "'services'", log)
            for pair in mapping.pairs {
                let name = pair.key.text
                let alias = "__service_\(name)"
                guard let text = use(services, name, alias: alias, resources, &containers.definitions) else { continue }
                containers.services.append(PlannedService(name: name, container: text))
            }
        }
        let targets = steps.compactMap(\.target?.container).filter { $0 != PlannedTarget.host }
        let texts = ([containers.job] + containers.services.map(\.container)).compactMap { $0?.text } + targets
        guard !texts.isEmpty else { return nil }
        // Which one a computed name means is known when the job's turn has come.
        if !texts.contains(where: { $0.contains("$[") || $0.contains("$(") }) {
            containers.definitions.removeAll { definition in
                !texts.contains { equalIgnoringCase($0, definition.alias) }
            }
        }
        return containers
    }

    /// A container by its name, by its image, or as a mapping that becomes a definition; nil when there is none.
    private func use(
        _ fields: Fields,
        _ key: String,
        alias: String,
        _ resources: ResourceBook,
        _ definitions: inout [PlannedContainer]
    ) -> PlannedText? {
        switch fields.node(key) {
        case .scalar(let scalar):
            check.value(scalar, isVariable: false)
            return scalar.string.isEmpty ? nil : scalar.planned
        case .mapping(let mapping):
            guard !mapping.pairs.isEmpty else { return nil }
            let container = Fields(mapping, PipelineKeys.inlineContainer, noun: "A container", log)
            // `alias` names a resource and brings what else it needs.
            if container.has("alias") {
                guard let name = container.scalar("alias"), !name.string.isEmpty else { return nil }
                checkAlias(name, resources)
                return name.planned
            }
            definitions.append(contents(container, alias: alias))
            return PlannedText(alias, place: mapping.place.text)
        case .sequence(let sequence):
            log.error(
                "pipeline.kind",
                "A sequence was not expected",
                at: sequence.place,
                advice: "'\(key)' is the name of a container, an image, or a mapping."
            )
        case .unknown, nil: break
        }
        return nil
    }

    /// Reports a name that no container of the file has.
    func checkAlias(_ name: SyntaxScalar, _ resources: ResourceBook) {
        guard !name.isKnownLater, !resources.has(name.text, "containers") else { return }
        let near =
            nearName(name.text, among: resources.names["containers"] ?? []).map { "Did you mean '\($0)'? " } ?? ""
        log.error(
            "container.unknown",
            "The container '\(name.text)' is not declared",
            at: name.place,
            advice: "\(near)Declare it under 'resources: containers:'."
        )
    }

    /// What the keys of a container say.
    func contents(_ fields: Fields, alias: String) -> PlannedContainer {
        let type = fields.scalar("type")
        let isRegistry = type.map { equalIgnoringCase($0.text, "ACR") } ?? false
        if let type, !isRegistry, !type.string.isEmpty {
            fields.wrongValue(type, "The type of a container is ACR, or is left out.")
        }
        checkRequired(fields, isRegistry)
        if let type, isRegistry {
            limitations.warning(
                "container.registry-type",
                "The registry of an Azure subscription is not asked for its images",
                at: type.place,
                advice:
                    "Write 'image:' with the registry's address, and 'endpoint:' with a connection of type dockerregistry."
            )
        }
        var container = PlannedContainer(alias: alias, image: fields.text("image") ?? "", place: fields.place.text)
        container.endpoint = fields.text("endpoint")
        container.options = fields.text("options")
        container.mapsDockerSocket = fields.boolText("mapDockerSocket").map { $0.text == "true" }
        container.isLocalImage = fields.boolText("localImage")?.text == "true"
        container.environment = Dictionary(fields.textPairs("env").map { ($0.key.text, $0.value.string) }) { $1 }
        container.volumes = fields.texts("volumes").map(\.string)
        let ports = fields.texts("ports")
        for port in ports { checkPort(port, fields) }
        container.ports = ports.map(\.string)
        guard let mapping = fields.fields("mountReadOnly") else { return container }
        let words = ["work", "externals", "tools", "tasks"]
        let mounts = Fields(mapping, words, noun: "'mountReadOnly'", log)
        container.readOnlyMounts = words.filter { mounts.boolText($0)?.text == "true" }
        return container
    }

    private func checkRequired(_ fields: Fields, _ isRegistry: Bool) {
        let keys = isRegistry ? ["azureSubscription", "resourceGroup", "registry", "repository"] : ["image"]
        for key in keys where fields.isMissing(key) {
            log.error(
                "container.missing-key",
                "The container has no '\(key)'",
                at: fields.mapping.pairs.first?.key.place ?? fields.place,
                advice: isRegistry
                    ? "A container of type ACR has azureSubscription, resourceGroup, registry and repository."
                    : "Write 'image:' with the name of an image, such as 'ubuntu:24.04'."
            )
        }
    }

    /// `80`, `8080:80` or `127.0.0.1:8080:80`, with `/udp` behind it if need be.
    private func checkPort(_ scalar: SyntaxScalar, _ fields: Fields) {
        guard !scalar.isKnownLater else { return }
        let port = scalar.text.split(separator: "/", omittingEmptySubsequences: false)[0]
        let parts = port.split(separator: ":", omittingEmptySubsequences: false)
        let isPort: (Substring) -> Bool = { part in
            part.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { (UInt16($0) ?? 0) > 0 }
        }
        guard (1...3).contains(parts.count), parts.suffix(2).allSatisfy(isPort) else {
            return fields.wrongValue(scalar, "A port is written '80' or '8080:80', the machine's first.")
        }
    }
}
