/// What a job can run on.
struct JobFit {
    /// A version that a machine for it can be made of.
    struct Choice: Hashable {
        var image: String
        var version: ScalingVersion
    }

    /// Groups of machines that it can run on.
    var groups: [Int] = []
    /// The version for ordinary jobs.
    var choice: Choice?
    /// The candidate that it was chosen for.
    var candidate: Choice?
    /// Why there is no version.
    var obstacle: ScalingObstacle = .noImage
}

/// Jobs that are alike for the scaler.
struct JobKind: Hashable {
    var demands: Set<Demand>
    /// Names of images whose candidate it may meet.
    var chosen: [String]
}

/// Machines of one version that can take jobs or will be able to.
struct SupplyGroup {
    var image: String
    var digest: String
    var isCandidate: Bool
    /// Nothing was asked of the provider yet, and it is of an old version: only jobs that want just that one take it.
    var isGivenUp: Bool
    /// Nil for a version and an image that are not known any more.
    var version: ScalingVersion?
    /// The one that is given away first at the end.
    var members: [Member]

    struct Member {
        var number: Int
        /// Jobs that it can take.
        var free: Int
        /// It can take them now.
        var isReady: Bool
        /// Its place among all machines, in the order in which jobs take them.
        var place: Int
    }

    /// Which group is taken from first: a candidate that is ready, so that its trial goes on, then whatever can take the job soonest; nil when it is empty.
    ///
    /// Machines that are made for a plan come last, so that the next plan gives every job what this one gave it.
    var place: Int? {
        guard let next = members.last else { return nil }
        return isCandidate && next.isReady ? next.place - 1_000_000 : next.place
    }

    func mayMeet(_ demands: Set<Demand>) -> Bool { version?.mayMeet(demands) ?? demands.isEmpty }

    mutating func take() -> Int? {
        guard let last = members.indices.last else { return nil }
        members[last].free -= 1
        let number = members[last].number
        if members[last].free == 0 { members.removeLast() }
        return number
    }
}
