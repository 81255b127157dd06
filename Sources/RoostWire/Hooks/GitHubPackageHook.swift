import FoundationEssentials
import RoostModel

/// `package` and `registry_package`, which GitHub sends when a package is published; images are packages too.
enum GitHubPackageHook {
    private struct Message: Decodable {
        var action: String
        var package: Package?
        var registry_package: Package?
        var repository: Repository?
        var organization: Owner?
        var sender: Owner?
    }

    private struct Owner: Decodable { var login: String? }

    private struct Repository: Decodable {
        var name: String?
        var full_name: String?
        var owner: Owner?
    }

    private struct Package: Decodable {
        struct Version: Decodable {
            struct Container: Decodable {
                struct Tag: Decodable {
                    var name: String?
                    var digest: String?
                }
                var tag: Tag?
            }
            var version: String?
            var name: String?
            var container_metadata: Container?
        }

        var name: String
        var namespace: String?
        var package_type: String?
        var ecosystem: String?
        var owner: Owner?
        var package_version: Version?
    }

    static func event(_ body: Data, named name: String, _ delivery: String?) throws -> HostEvent {
        let message = try WireJSON.decode(Message.self, from: body)
        let repository = message.repository?.full_name ?? ""
        func event(_ content: HostEvent.Content) -> HostEvent {
            HostEvent(urls: [], repositoryName: repository, content: content, delivery: delivery)
        }
        guard let package = message.registry_package ?? message.package,
            ["published", "updated"].contains(message.action)
        else { return event(.other("\(name) \(message.action)")) }
        return event(content(package, message))
    }

    private static func content(_ package: Package, _ message: Message) -> HostEvent.Content {
        let owner =
            package.owner?.login ?? package.namespace ?? message.organization?.login ?? message.repository?.owner?.login
            ?? ""
        let type = (package.package_type ?? package.ecosystem ?? "").lowercased()
        let version = package.package_version
        guard type != "container" && type != "docker" else {
            let tag = version?.container_metadata?.tag
            let image = ImageEvent(
                registry: type == "container" ? "ghcr.io" : "docker.pkg.github.com",
                repository: "\(owner)/\(package.name)",
                tag: tag?.name.flatMap { $0.isEmpty ? nil : $0 },
                digest: tag?.digest ?? version?.version ?? "",
                pusher: message.sender?.login ?? ""
            )
            return .images([image])
        }
        return .package(
            PackageEvent(
                type: type,
                owner: owner,
                repository: message.repository?.name ?? "",
                name: package.name,
                version: version?.version ?? version?.name ?? "",
                publisher: message.sender?.login ?? ""
            )
        )
    }
}
