/// What of a provider never changes.
public struct ProviderTraits: Hashable, Sendable {
    /// Whether its machines are made of images.
    public enum Images: Hashable, Sendable {
        case required
        /// Without one a machine has the files of the machine on which the provider runs.
        case optional
        case none
    }

    public var images: Images
    /// How late its listings may be; with zero, what `delete` has removed is gone, and no listing need say so.
    public var listLag: Duration
    /// Most agents that one of its machines can run at once.
    public var mostSlots: Int

    public init(images: Images = .required, listLag: Duration = .zero, mostSlots: Int = 64) {
        self.images = images
        self.listLag = listLag
        self.mostSlots = mostSlots
    }
}
