/// What agents of machines that are not there yet will offer.
public struct MachineTemplate: Hashable, Sendable {
    /// For people: the image, or the engine when there is none.
    public var name: String
    public var version: ScalingVersion
    /// Only some jobs meet it so far.
    public var isTrial: Bool

    public init(name: String, version: ScalingVersion, isTrial: Bool = false) {
        self.name = name
        self.version = version
        self.isTrial = isTrial
    }

    /// One without image.
    ///
    /// - Parameters:
    ///   - name: for people.
    ///   - capabilities: nil while nothing is known of it.
    public init(name: String, capabilities: Capabilities?) {
        self.init(name: name, version: ScalingVersion(ElasticInstance.Image(), capabilities: capabilities))
    }

    /// Whether its agents meet demands; while nothing is known of it, they may.
    public func mayMeet(_ demands: Set<Demand>) -> Bool { version.mayMeet(demands) }

    /// What it will offer of a name, as far as it is known.
    func offer(_ name: String) -> String? { version.offer[name] ?? version.capabilities?[name] }
}

/// An agent's image is tried on a share of jobs.
public struct AgentTrial: Hashable, Sendable {
    /// Of the image.
    public var digest: String
    /// Of 100 jobs.
    public var share: Int

    public init(digest: String, share: Int) {
        self.digest = digest
        self.share = share
    }
}
