/// A machine as its provider tells of it.
public struct ListedMachine: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        case creating
        case running
        /// It was switched off, or what it ran has ended.
        case stopped
        case deleting
        /// With the provider's own words.
        case failed(String)
    }

    /// The provider's own name of it.
    public var id: String
    public var tag: MachineTag
    public var state: State
    /// Digest of the image it was made of; nil when the provider does not know.
    public var image: String?

    public init(id: String, tag: MachineTag, state: State, image: String? = nil) {
        self.id = id
        self.tag = tag
        self.state = state
        self.image = image
    }
}
