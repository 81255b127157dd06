import RoostLanguage
import RoostModel

/// Checks containers: those of resources, of jobs and of services.
struct ContainerReader {
    let log: DiagnosticLog
    let check: RuntimeExpressionCheck

    /// `container` of a job: the name of a resource, an image, or a mapping.
    func checkJob(_ fields: Fields) { checkUse(fields, "container") }

    /// `services` of a job: a container for each name.
    func checkServices(_ fields: Fields) {
        guard let mapping = fields.fields("services") else { return }
        let services = Fields(mapping, mapping.pairs.map(\.key.text), noun: "'services'", log)
        for pair in mapping.pairs { checkUse(services, pair.key.text) }
    }

    private func checkUse(_ fields: Fields, _ key: String) {
        switch fields.node(key) {
        case .scalar(let scalar): check.value(scalar, isVariable: false)
        case .mapping(let mapping):
            guard !mapping.pairs.isEmpty else { return }
            let container = Fields(mapping, PipelineKeys.inlineContainer, noun: "A container", log)
            // `alias` names a resource and brings what else it needs.
            if container.has("alias") {
                _ = container.scalar("alias")
            } else {
                checkContents(container)
            }
        case .sequence(let sequence):
            log.error(
                "pipeline.kind",
                "A sequence was not expected",
                at: sequence.place,
                advice: "'\(key)' is the name of a container, an image, or a mapping."
            )
        case .unknown, nil: break
        }
    }

    /// The keys of a container that say what it is.
    func checkContents(_ fields: Fields) {
        let type = fields.scalar("type")
        let isRegistry = type.map { equalIgnoringCase($0.text, "ACR") } ?? false
        if let type, !isRegistry, !type.string.isEmpty {
            fields.wrongValue(type, "The type of a container is ACR, or is left out.")
        }
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
        _ = fields.boolText("mapDockerSocket")
        _ = fields.boolText("localImage")
        _ = fields.textPairs("env")
        _ = fields.texts("volumes")
        for port in fields.texts("ports") { checkPort(port, fields) }
        guard let mapping = fields.fields("mountReadOnly") else { return }
        let mounts = Fields(mapping, ["work", "externals", "tools", "tasks"], noun: "'mountReadOnly'", log)
        for key in ["work", "externals", "tools", "tasks"] { _ = mounts.boolText(key) }
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
