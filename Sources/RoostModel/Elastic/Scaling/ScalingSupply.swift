/// Who takes which machine: jobs claim machines in the order of the queue, standby has what is left.
struct ScalingSupply {
    /// A job for which there is no machine, neither idle nor coming.
    struct Unmet {
        var request: RequestID
        var fit: JobFit
    }

    /// Jobs that machines could take besides what is claimed, by number.
    var free: [Int: Int] = [:]
    var claimed: Set<Int> = []
    var unmet: [Unmet] = []
    var prospects: [RequestID: JobProspect] = [:]
}
