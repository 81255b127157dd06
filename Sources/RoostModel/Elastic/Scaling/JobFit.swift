/// What a job can run on.
struct JobFit {
    /// A version that a machine for it can be made of.
    struct Choice: Hashable {
        var image: String
        var version: ScalingVersion
    }

    /// Groups of machines, the one it shall take first.
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
    /// Nil for a version and an image that are not known any more.
    var version: ScalingVersion?
    /// Numbers with what is free, the one that is given away first at the end.
    var members: [(number: Int, free: Int)]

    func mayMeet(_ demands: Set<Demand>) -> Bool { version?.mayMeet(demands) ?? demands.isEmpty }

    mutating func take() -> Int? {
        guard let last = members.indices.last else { return nil }
        members[last].free -= 1
        let number = members[last].number
        if members[last].free == 0 { members.removeLast() }
        return number
    }
}
