/// What a person decides about a version on trial: `promote` or `withdraw`.
public struct TrialVerdictWire: Codable, Sendable, Hashable {
    /// `promote`, `withdraw` or `readmit`.
    public var verdict: String
    /// Which withdrawn version is readmitted, such as `1.4.2`; the one that was withdrawn last when it is missing.
    public var version: String?

    public init(verdict: String, version: String? = nil) { (self.verdict, self.version) = (verdict, version) }
}
