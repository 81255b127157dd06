public import RoostModel

/// What is refused about elastic pools.
public enum ElasticPoolError: UserFacingError, Hashable {
    case notElastic(pool: String)
    case providerUnknown(String, known: [String])
    case provider(String, ProviderFailure)
    case settings(InvalidElasticPool)
    case instanceNotFound(Int, pool: String)
    case instance(IllegalInstanceMove)
    /// An agent came with the token of a machine that does not wait for it.
    case machineNotWaiting(Int, pool: String, reason: String)
    case deleting(pool: String)
    case noTrial(image: String, pool: String)
    /// No version of the image, or not this one, was withdrawn.
    case notWithdrawn(String?, image: String, pool: String)
    /// A row of the store that this release cannot read.
    case row(String, problem: String)
    case creation(ElasticCreationRefusal)
    case setNotFound(String, provider: String)
    /// The set of machines of a pool is not deleted under it.
    case setInUse(String, provider: String, pool: String)
    case setName(String, problem: String)
    /// Not all machines of a set could be removed.
    case setNotDeleted(String, left: Int, ProviderFailure)
    /// What machines are to trust is not there.
    case authority(path: String, problem: String)

    public var code: String {
        switch self {
        case .notElastic: "pool.not-elastic"
        case .providerUnknown: "provider.not-found"
        case .provider(_, let failure): failure.code
        case .settings(let error): error.code
        case .instanceNotFound: "elastic-instance.not-found"
        case .instance(let error): error.code
        case .machineNotWaiting: "elastic-instance.not-waiting"
        case .deleting: "pool.deleting"
        case .noTrial: "elastic-pool.no-trial"
        case .notWithdrawn: "elastic-pool.not-withdrawn"
        case .row: "elastic-pool.row"
        case .creation(let refusal): refusal.code
        case .setNotFound: "machine-set.not-found"
        case .setInUse: "machine-set.in-use"
        case .setName: "machine-set.name"
        case .setNotDeleted: "machine-set.not-deleted"
        case .authority: "elastic-pool.authority"
        }
    }

    public var summary: String {
        switch self {
        case .notElastic(let pool): "Pool '\(pool)' is not elastic: people set up its agents."
        case .providerUnknown(let name, let known):
            known.isEmpty
                ? "There is no provider '\(name)': this server has none."
                : "There is no provider '\(name)'; there are \(known.joined(separator: ", "))."
        case .provider(let name, let failure): "Provider '\(name)': \(failure.summary)"
        case .settings(let error): error.summary
        case .instanceNotFound(let number, let pool): "There is no machine \(number) in pool '\(pool)'."
        case .instance(let error): error.summary
        case .machineNotWaiting(let number, let pool, let reason):
            "Machine \(number) of pool '\(pool)' does not wait for an agent: \(reason)."
        case .deleting(let pool): "Pool '\(pool)' is being deleted."
        case .authority(let path, let problem): "Machines cannot be told what to trust: '\(path)': \(problem)."
        case .noTrial(let image, let pool): "No version of image '\(image)' is on trial in pool '\(pool)'."
        case .notWithdrawn(nil, let image, let pool):
            "No version of image '\(image)' is withdrawn in pool '\(pool)'."
        case .notWithdrawn(let version?, let image, let pool):
            "Version '\(version)' of image '\(image)' is not withdrawn in pool '\(pool)'."
        case .row(let name, let problem): "The row '\(name)' of an elastic pool cannot be read: \(problem)"
        case .creation(let refusal): refusal.summary
        case .setNotFound(let name, let provider): "Provider '\(provider)' has no set of machines '\(name)'."
        case .setInUse(let name, let provider, let pool):
            "The set '\(name)' of provider '\(provider)' has the machines of pool '\(pool)'; it goes with the pool."
        case .setName(let name, let problem): "The set of machines cannot be called '\(name)': \(problem)."
        case .setNotDeleted(let name, let left, let failure):
            "Of set '\(name)' \(left) machine\(left == 1 ? " is" : "s are") left: \(failure.summary)"
        }
    }

    public var advice: String? {
        switch self {
        case .notElastic: "'roost pool create NAME --provider KIND' makes one that is."
        case .providerUnknown: "'roost server --machine-providers' says which there are; 'process' has to be named."
        case .provider(_, let failure): failure.advice
        case .settings(let error): error.advice
        case .instanceNotFound(_, let pool): "List them with 'roost pool status \(pool)'."
        case .instance(let error): error.advice
        case .machineNotWaiting: "The machine ends by itself; nothing is to be done."
        case .deleting: nil
        case .authority: "Let 'machine-authority' name a PEM file with the certificate of the server's authority."
        case .noTrial(_, let pool): "See its images with 'roost pool status \(pool)'."
        case .notWithdrawn(_, _, let pool): "See its images with 'roost pool status \(pool)'."
        case .row: "Start the release that wrote it, or bring back a backup: without it a machine would be nobody's."
        case .creation(let refusal): refusal.advice
        case .setNotFound: "List them with 'roost provider set list'."
        case .setInUse(_, _, let pool):
            "'roost pool delete \(pool)' finishes its jobs, deletes its machines, then the set, then the pool."
        case .setName: "Leave it out; it is then called by the pool's number."
        case .setNotDeleted(_, _, let failure): failure.advice ?? "Try again; what is gone already is no error."
        }
    }
}
