public import RoostModel

extension TriggerSettings {
    /// The triggers of a file with what the settings say in place of it.
    public func overriding(_ file: PipelineTriggers) -> PipelineTriggers {
        var triggers = file
        if let pushFilters {
            triggers.push = .on(
                PushFilter(
                    batch: pushFilters.batch,
                    branches: NameFilter(signed: pushFilters.branches),
                    paths: NameFilter(signed: pushFilters.paths)
                )
            )
        }
        if let pullRequestFilters {
            triggers.pullRequest = .on(
                PullRequestFilter(
                    autoCancel: pullRequestFilters.autoCancel,
                    branches: NameFilter(signed: pullRequestFilters.branches),
                    paths: NameFilter(signed: pullRequestFilters.paths)
                )
            )
        }
        return triggers
    }
}

extension NameFilter {
    /// Reads names with `+` or `-` before them; a name without either is taken.
    ///
    /// - Returns: nil when there is none.
    init?(signed names: [String]) {
        guard !names.isEmpty else { return nil }
        let plain = names.map { $0.first == "+" || $0.first == "-" ? String($0.dropFirst()) : $0 }
        let isExcluded = names.map { $0.first == "-" }
        self.init(
            include: zip(plain, isExcluded).filter { !$0.1 }.map(\.0),
            exclude: zip(plain, isExcluded).filter(\.1).map(\.0)
        )
    }
}
