extension SchemaTable {
    /// What starts runs.
    static let triggers = """
        mapping includeExclude | A filter | Names or patterns that count and that do not; * stands for anything.
        - include texts :: Patterns that count.
        - exclude texts :: Patterns that do not count.
        mapping trigger | A trigger | Which pushes start a run.
        - batch bool :: While a run of the branch goes on, gather pushes into one next run.
        - branches texts/map:includeExclude :: Which branches.
        - paths texts/map:includeExclude :: Only when a changed file is among them; from the root of the repository.
        - tags texts/map:includeExclude :: Which tags.
        mapping pr | A trigger of pull requests | Which pull requests start a run.
        - autoCancel bool :: Cancel the run when the pull request changes; true unless it says otherwise.
        - branches texts/map:includeExclude :: Which target branches.
        - paths texts/map:includeExclude :: Only when a changed file is among them; from the root of the repository.
        - drafts bool :: Drafts count too; true unless it says otherwise.
        mapping schedule | A schedule | Times at which runs start.
        - cron text first :: Minute, hour, day of the month, month and day of the week, in UTC.
        - displayName text :: What people see instead of the times.
        - branches map:includeExclude :: On which branches.
        - batch bool :: Leave it out while a scheduled run still goes on.
        - always bool :: Start even if nothing changed since the last scheduled run that succeeded.
        """
}
