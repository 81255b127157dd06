/// What is known before anything of a repository is fetched.
struct FetchFacts: Hashable, Sendable {
    /// What the server has of it.
    struct Pool: Hashable, Sendable {
        /// Bytes of its packs; nil where it cannot give them as they are.
        var size: Int?
    }

    /// Only so many commits are asked for; 0 is everything.
    var depth = 0
    /// Objects that are left out, as `blob:none`.
    var filter: String?
    /// A branch, a tag or a commit is named; without one the address decides.
    var namesCommit = true
    /// The repository is a folder of this machine.
    var isLocal = false
    /// Mirrors are turned off.
    var isOff = false
    var hasMirror = false
    /// The agent's mirror has the commit.
    var mirrorHasCommit = false
    /// Nil where the server serves no copy.
    var pool: Pool?
    var rates = FetchRates()
}

/// How a checkout gets its commits.
enum FetchPlan: Hashable, Sendable {
    enum Source: String, Hashable, Sendable {
        /// The server's copy.
        case pool
        /// The repository's own address.
        case origin
    }

    /// From the agent's mirror, and nothing over the network.
    case fromMirror
    /// The agent's mirror is brought up to date first.
    case refresh(Source)
    /// The agent makes a mirror first; from the pool's packs as they are, when they can be had.
    case make(Source)
    /// Into the working folder, without a mirror of this machine.
    case direct(Source)
}

/// A plan and why it was made.
struct FetchDecision: Hashable, Sendable {
    var plan: FetchPlan
    var reason: String
}

/// Chooses how a checkout gets its commits, by what it costs with the rates that were measured.
///
/// A worked example: `fetchDepth: 1` of a repository whose packs have 900 MB, with 100 MB/s from the pool: a mirror would take 9 s, so the one commit is
/// taken from the pool directly. With packs of 40 MB the mirror takes 0.4 s and every later job of this machine lives on it.
///
/// - Parameter facts: what is known.
/// - Returns: the plan with its reason.
func planFetch(_ facts: FetchFacts) -> FetchDecision {
    if facts.isLocal { return FetchDecision(plan: .direct(.origin), reason: "it is a folder of this machine") }
    if facts.isOff { return FetchDecision(plan: .direct(.origin), reason: "\(MirrorKeeper.switchName) is false") }
    guard facts.namesCommit else {
        return FetchDecision(plan: .direct(.origin), reason: "no commit is named, so its address decides")
    }
    if facts.mirrorHasCommit { return FetchDecision(plan: .fromMirror, reason: "the agent's mirror has the commit") }
    let source = facts.rates.isPoolSlower || facts.pool == nil ? FetchPlan.Source.origin : .pool
    if facts.hasMirror {
        return FetchDecision(plan: .refresh(source), reason: "only what is new comes from the \(source.rawValue)")
    }
    guard facts.depth > 0 || facts.filter != nil else { return first(source, facts) }
    return partial(source, facts)
}

private func first(_ source: FetchPlan.Source, _ facts: FetchFacts) -> FetchDecision {
    let why = source == .pool ? "the pool serves it" : facts.pool == nil ? "no pool serves it" : "the pool was slower"
    return FetchDecision(plan: .make(source), reason: "the first checkout on this machine makes a mirror; \(why)")
}

/// The longest time that a mirror may take where only a part of the repository was asked for.
private let mirrorPatience = 3.0

private func partial(_ source: FetchPlan.Source, _ facts: FetchFacts) -> FetchDecision {
    let asked = facts.filter.map { "the filter \($0)" } ?? "depth \(facts.depth)"
    guard source == .pool, let size = facts.pool?.size, size > 0 else {
        // A filtered repository asks its address for more later, when the job's right to the pool may be over.
        let direct = facts.filter == nil ? source : .origin
        return FetchDecision(plan: .direct(direct), reason: "\(asked) costs less than a mirror")
    }
    let seconds = Double(size) / facts.rates.pool
    if seconds <= mirrorPatience {
        return FetchDecision(
            plan: .make(.pool),
            reason: "all of it comes from the pool in about \(text(seconds)) s, and later jobs take from the mirror"
        )
    }
    return FetchDecision(
        plan: .direct(facts.filter == nil ? .pool : .origin),
        reason: "\(asked) costs less than the \(text(seconds)) s of a mirror"
    )
}

/// With one digit behind the point.
private func text(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}
