/// The name of a thing in Azure: `/subscriptions/S/resourceGroups/G/providers/NAMESPACE/TYPE/NAME/…`.
///
/// Words of the form and types are compared without regard to case, as Azure does; names are kept as they are written.
public struct AzureResourceID: Sendable, Hashable {
    public var subscription: String
    public var resourceGroup: String
    /// Such as `Microsoft.Compute/galleries/images`; empty for a resource group itself.
    public var type: String
    /// One for each part of the type.
    public var names: [String]

    public init(subscription: String, resourceGroup: String, type: String = "", names: [String] = []) {
        self.subscription = subscription
        self.resourceGroup = resourceGroup
        self.type = type
        self.names = names
    }

    /// Nil when the text is no such name.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 5, parts[0].isEmpty, !parts.dropFirst().contains(""),
            parts[1].lowercased() == "subscriptions", parts[3].lowercased() == "resourcegroups"
        else { return nil }
        self.init(subscription: parts[2], resourceGroup: parts[4])
        guard parts.count > 5 else { return }
        guard parts.count >= 9, parts.count % 2 == 1, parts[5].lowercased() == "providers" else { return nil }
        let pairs = stride(from: 7, to: parts.count, by: 2)
        type = ([parts[6]] + pairs.map { parts[$0] }).joined(separator: "/")
        names = pairs.map { parts[$0 + 1] }
    }

    /// Whether it names a thing of that type.
    public func isOf(_ type: String) -> Bool { self.type.lowercased() == type.lowercased() }

    /// The name of the thing itself.
    public var name: String { names.last ?? resourceGroup }

    /// Whether both are in one resource group.
    public func sharesGroup(with other: AzureResourceID) -> Bool {
        subscription.lowercased() == other.subscription.lowercased()
            && resourceGroup.lowercased() == other.resourceGroup.lowercased()
    }
}

extension AzureResourceID: CustomStringConvertible {
    public var description: String {
        let group = "/subscriptions/\(subscription)/resourceGroups/\(resourceGroup)"
        let parts = type.split(separator: "/").map(String.init)
        guard let namespace = parts.first else { return group }
        return group + "/providers/\(namespace)"
            + zip(parts.dropFirst(), names).map { "/\($0)/\($1)" }.joined()
    }
}
