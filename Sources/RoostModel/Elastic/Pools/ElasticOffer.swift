/// What the server says of agents on machines of an elastic pool, besides what they say themselves: jobs choose by it.
public enum ElasticOffer {
    /// The name of the pool's image, as in Managed DevOps Pools.
    public static let image = "ImageOverride"
    /// The number of the image's version, such as `1.4.2`: a job that demands one gets a machine of it, whichever version is wanted.
    public static let version = "Roost.ImageVersion"
    /// `yes` while the version is on trial, else `no`: a job that demands `no` never meets one.
    public static let trial = "Roost.ImageTrial"
    /// Not offered; a job that demands `Roost.NotImageVersion -equals 1.5.0` gets a machine of any other version.
    public static let notVersion = "Roost.NotImageVersion"

    /// What an agent on a machine offers by its image.
    ///
    /// - Parameters:
    ///   - image: the pool's; nil for engines without images.
    ///   - version: what the machine is made of.
    ///   - isOnTrial: whether the version is a candidate.
    /// - Returns: nothing for engines without images.
    public static func capabilities(
        of image: ElasticImage?,
        version: ElasticInstance.Image,
        isOnTrial: Bool
    ) -> Capabilities {
        guard let image else { return [:] }
        var offer = image.capabilities
        offer[Self.image] = image.name
        offer[Self.version] = version.version.split(separator: "/").last.map(String.init) ?? ""
        offer[Self.trial] = isOnTrial ? "yes" : "no"
        return offer
    }

    /// Whether a demand is about what the server says, not the agent.
    static func decides(_ demand: Demand) -> Bool {
        [image, version, trial, notVersion].contains { $0.lowercased() == demand.name.lowercased() }
    }
}

extension Demand {
    /// The version of an image that a machine must not be of; nil for all other demands.
    var refusedImageVersion: String? {
        // Asked for every demand of every job: lengths are compared first.
        guard case .equals(let name, let value) = self, name.utf8.count == ElasticOffer.notVersion.utf8.count else {
            return nil
        }
        return name.lowercased() == ElasticOffer.notVersion.lowercased() ? value : nil
    }
}
