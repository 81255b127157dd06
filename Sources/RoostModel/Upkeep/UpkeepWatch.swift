/// How often the disk is looked at while a job runs.
public enum UpkeepWatch {
    /// No disk of an agent is written to faster, in bytes a second.
    private static let fastest = 1_000_000_000
    private static let shortest = Duration.milliseconds(50)
    private static let longest = Duration.seconds(5)

    /// The pause until the next look: half of what it takes to fill what is free, at least.
    public static func pause(free: Int) -> Duration {
        min(longest, max(shortest, .milliseconds(free / (2 * fastest / 1000))))
    }
}
