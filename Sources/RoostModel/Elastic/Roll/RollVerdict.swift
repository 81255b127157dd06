/// What becomes of a version that is on trial.
public enum RollVerdict: Hashable, Sendable {
    case goesOn
    case promoted(RollFinding)
    case withdrawn(RollFinding)
}

/// What a trial found.
public enum RollFinding: Hashable, Sendable, Codable {
    case neverStarts(failed: Int, of: Int)
    /// With how many of 1,000 jobs failed before.
    case failsMore(failed: Int, of: Int, before: Int)
    case slower(slow: Int, of: Int)
    case asGood(failed: Int, of: Int, before: Int)
    case person(String)

    /// For people.
    public var sentence: String {
        switch self {
        case .neverStarts(let failed, let all): "\(failed) of its \(all) machines did not come online."
        case .failsMore(let failed, let all, let before):
            "\(failed) of \(all) jobs failed on it, of the version before \(Self.share(before))."
        case .slower(let slow, let all): "\(slow) of \(all) jobs that ended well took too long on it."
        case .asGood(let failed, let all, let before):
            "\(failed) of \(all) jobs failed on it, of the version before \(Self.share(before)): it is as good."
        case .person(let name): "\(name) decided it."
        }
    }

    private static func share(_ thousandths: Int) -> String { "\(thousandths / 10).\(thousandths % 10) %" }
}
