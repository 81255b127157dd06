import FoundationEssentials
import RoostModel

/// Messages of container registries: notifications of Distribution, webhooks of Azure registries, of Docker Hub and of Harbor.
enum RegistryHook {
    static func event(_ body: Data) throws -> HostEvent {
        let message = try WireJSON.decode(Message.self, from: body)
        if let events = message.events { return distribution(events) }
        if let data = message.push_data, let repository = message.repository { return hub(data, repository) }
        if let action = message.action, let target = message.target {
            return one(action, [target.image(message.request, "")], message.id)
        }
        if let data = message.event_data { return harbor(message, data) }
        return HostEvent(urls: [], repositoryName: "", content: .other("a message without an image"))
    }

    private static func one(_ action: String, _ images: [ImageEvent], _ delivery: String?) -> HostEvent {
        let name = images.first.map(\.repository) ?? ""
        guard action == "push", !images.isEmpty else {
            return HostEvent(
                urls: [],
                repositoryName: name,
                content: .other("an image's \(action)"),
                delivery: delivery
            )
        }
        return HostEvent(urls: [], repositoryName: name, content: .images(images), delivery: delivery)
    }

    // MARK: Distribution, Azure

    private struct Message: Decodable {
        var events: [Event]?
        // Azure's registries send one event, which is not in a list.
        var id: String?
        var action: String?
        var target: Target?
        var request: Request?
        // Docker Hub.
        var push_data: HubPush?
        var repository: HubRepository?
        // Harbor.
        var type: String?
        var `operator`: String?
        var event_data: HarborData?
    }

    private struct Event: Decodable {
        var id: String?
        var action: String?
        var target: Target?
        var request: Request?
        var actor: Actor?
    }

    private struct Actor: Decodable { var name: String? }

    private struct Request: Decodable { var host: String? }

    private struct Target: Decodable {
        var mediaType: String?
        var repository: String?
        var tag: String?
        var digest: String?
        var url: String?

        func image(_ request: Request?, _ pusher: String) -> ImageEvent {
            ImageEvent(
                registry: request?.host ?? host ?? "",
                repository: repository ?? "",
                tag: tag.flatMap { $0.isEmpty ? nil : $0 },
                digest: digest ?? "",
                pusher: pusher
            )
        }

        private var host: String? {
            guard let url, let start = url.firstRange(of: "://") else { return nil }
            return String(url[start.upperBound...].prefix { $0 != "/" })
        }

        /// Layers are pushed too; a run is begun by what has them.
        var isImage: Bool {
            guard let type = mediaType?.lowercased() else { return tag != nil }
            return type.contains("manifest") || type.contains("image.index")
        }
    }

    /// Distribution puts several events into one message and names each.
    private static func distribution(_ events: [Event]) -> HostEvent {
        let pushes = events.filter { $0.action == "push" && $0.target?.isImage == true }
        let images = pushes.compactMap { event in event.target?.image(event.request, event.actor?.name ?? "") }
        let action = images.isEmpty ? events.first?.action ?? "" : "push"
        let delivery = events.compactMap(\.id).joined(separator: " ")
        let isLayer = images.isEmpty && action == "push"
        return one(isLayer ? "layer" : action, images, delivery.isEmpty ? nil : delivery)
    }

    // MARK: Docker Hub

    private struct HubPush: Decodable {
        var tag: String?
        var pusher: String?
    }

    private struct HubRepository: Decodable { var repo_name: String? }

    private static func hub(_ push: HubPush, _ repository: HubRepository) -> HostEvent {
        let image = ImageEvent(
            registry: "docker.io",
            repository: repository.repo_name ?? "",
            tag: push.tag,
            pusher: push.pusher ?? ""
        )
        return one("push", [image], nil)
    }

    // MARK: Harbor

    private struct HarborData: Decodable {
        struct Resource: Decodable {
            var digest: String?
            var tag: String?
            /// With the registry before it and the tag behind it.
            var resource_url: String?
        }
        struct Repository: Decodable { var repo_full_name: String? }

        var resources: [Resource]?
        var repository: Repository?
    }

    private static func harbor(_ message: Message, _ data: HarborData) -> HostEvent {
        let images = (data.resources ?? []).map { resource in
            ImageEvent(
                registry: resource.resource_url.map { String($0.prefix { $0 != "/" }) } ?? "",
                repository: data.repository?.repo_full_name ?? "",
                tag: resource.tag,
                digest: resource.digest ?? "",
                pusher: message.`operator` ?? ""
            )
        }
        let isPush = message.type?.uppercased() == "PUSH_ARTIFACT"
        return one(isPush ? "push" : message.type ?? "change", images, nil)
    }
}
