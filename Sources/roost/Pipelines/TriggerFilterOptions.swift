import ArgumentParser
import RoostWire

/// Filters in the settings of a pipeline, which count in place of those of its file.
struct TriggerFilterOptions: ParsableArguments {
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Branch whose pushes begin runs, -NAME those that do not; may be repeated.",
            valueName: "name"
        )
    )
    var pushBranch: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Path whose changes begin runs, -PATH those that do not; may be repeated.",
            valueName: "path"
        )
    )
    var pushPath: [String] = []

    @Flag(help: "Pushes wait for the run of their branch and share the next one.")
    var pushBatch = false

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Branch into which pull requests begin runs, -NAME not; may be repeated.", valueName: "name")
    )
    var requestBranch: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Path whose changes in pull requests begin runs, -PATH not; may be repeated.",
            valueName: "path"
        )
    )
    var requestPath: [String] = []

    /// Nil when nothing is said of pushes.
    var push: TriggerFiltersWire? {
        guard !pushBranch.isEmpty || !pushPath.isEmpty || pushBatch else { return nil }
        return TriggerFiltersWire(branches: pushBranch, paths: pushPath, batch: pushBatch)
    }

    /// Nil when nothing is said of pull requests.
    var pullRequest: TriggerFiltersWire? {
        guard !requestBranch.isEmpty || !requestPath.isEmpty else { return nil }
        return TriggerFiltersWire(branches: requestBranch, paths: requestPath)
    }
}
