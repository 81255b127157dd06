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
    /// Whether a machine that it lists as ended has ended for certain, however late the listing is: nothing but a reimage makes it run again.
    public var endsAreCertain: Bool
    /// How long a call that changes something may take; then it is given up, and a listing says what came of it.
    ///
    /// It is more than the time that a machine has to be made.
    public var patience: Duration
    /// How long a listing may take; then it is given up.
    public var listPatience: Duration

    public init(
        images: Images = .required,
        listLag: Duration = .zero,
        mostSlots: Int = 64,
        endsAreCertain: Bool = false,
        patience: Duration = .seconds(660),
        listPatience: Duration = .seconds(120)
    ) {
        self.images = images
        self.listLag = listLag
        self.mostSlots = mostSlots
        self.endsAreCertain = endsAreCertain
        self.patience = patience
        self.listPatience = listPatience
    }
}
