/// What a person decides about a version on trial: `promote` or `withdraw`.
public struct TrialVerdictWire: Codable, Sendable, Hashable {
    public var verdict: String

    public init(verdict: String) { self.verdict = verdict }
}
