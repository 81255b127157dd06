/// Marks in the message of a commit that keep pushes from beginning runs.
public enum SkipMark {
    /// In the order of the documentation; `***NO_CI***` is that of older clients.
    public static let all = [
        "[skip ci]", "[ci skip]", "skip-checks: true", "skip-checks:true", "[skip azurepipelines]",
        "[azurepipelines skip]", "[skip azpipelines]", "[azpipelines skip]", "[skip azp]", "[azp skip]", "***NO_CI***",
    ]

    /// The first mark of a message; letter case does not count.
    public static func first(in message: String) -> String? {
        let folded = message.lowercased()
        return all.first { folded.contains($0.lowercased()) }
    }
}
