public import FoundationEssentials
public import RoostModel

/// A kind of host whose webhooks are understood: of git, and registries of container images.
public enum HookHost: String, Sendable, Hashable, CaseIterable {
    case github, gitlab, gitea, azuredevops, registry

    /// Reads what a host sent.
    ///
    /// - Parameters:
    ///   - body: the JSON of the message.
    ///   - header: a header of the request by its name.
    /// - Returns: what it tells.
    /// - Throws: `DecodingError` when the body is not of the host's shape.
    public func event(_ body: Data, header: (String) -> String?) throws -> HostEvent {
        switch self {
        case .github: try GitHubHook.event(body, named: header("X-GitHub-Event") ?? "", header("X-GitHub-Delivery"))
        case .gitlab: try GitLabHook.event(body, header("X-Gitlab-Event-UUID") ?? header("Idempotency-Key"))
        case .gitea: try GiteaHook.event(body, named: header("X-Gitea-Event") ?? "", header("X-Gitea-Delivery"))
        case .azuredevops: try AzureDevOpsHook.event(body)
        case .registry: try RegistryHook.event(body)
        }
    }
}

extension String? {
    /// Nil for the id of forty zeros, by which hosts say that there is no commit.
    var commit: String? {
        guard let text = self, !text.isEmpty, text.contains(where: { $0 != "0" }) else { return nil }
        return text
    }
}

/// A branch's name as a full ref.
func branchRef(_ name: String?) -> String {
    guard let name, !name.isEmpty else { return "" }
    return name.hasPrefix("refs/") ? name : "refs/heads/\(name)"
}
