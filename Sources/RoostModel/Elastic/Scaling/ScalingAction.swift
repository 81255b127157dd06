/// One thing to be done in an elastic pool, with its reason.
///
/// All of a plan go into the ledger before any is carried out, so that a server that starts anew finds them.
public enum ScalingAction: Hashable, Sendable {
    /// A row, and then a machine.
    case create(Int, ElasticInstance.Image, ScalingReason)
    /// The row goes; nothing was asked of the provider yet.
    case cancel(Int, ScalingReason)
    /// The machine that the listing shows is the row's.
    case adopt(Int, machine: String)
    /// A machine that no row needs.
    case destroy(machine: String, ScalingReason)
    /// There is no machine any more; the row is closed.
    case forget(Int, ScalingReason)
    /// The machine's agent is shut out before its job goes anywhere else.
    case fence(Int, ScalingReason)
    /// The job is taken from the machine: it is queued again or failed, as its pipeline says.
    case loseJob(RequestID, on: Int, ScalingReason)
    case save(Int, ScalingReason)
    /// A clean machine of the same version in the place of the old one.
    case reimage(Int, ScalingReason)
    case delete(Int, ScalingReason)
    /// A call that failed is made again: of a machine that is being made, made anew or deleted.
    case retry(Int, ElasticPhase)
    /// Something is missing, and nothing can be done about it now.
    case explain(ScalingShortage)
}

/// What is missing and why.
public struct ScalingShortage: Hashable, Sendable {
    /// The pool's image; nil when jobs ask for what no image has.
    public var image: String?
    /// How many machines' worth.
    public var count: Int
    /// Which jobs wait for it, the next first; empty when standby is short.
    public var jobs: [RequestID]
    public var obstacle: ScalingObstacle

    public init(image: String?, count: Int, jobs: [RequestID] = [], obstacle: ScalingObstacle) {
        self.image = image
        self.count = count
        self.jobs = jobs
        self.obstacle = obstacle
    }
}
