/// What becomes of a version on trial, by what is known so far; asked after each job and each start.
///
/// Wald's sequential probability ratio test: each job makes it so many times more or less likely that the version fails `tolerance` more often than the one before than that it
/// fails as often. At 19 times more it is withdrawn, at 19 times less it is promoted, once it has run as many jobs as it must. No test with a fixed number of jobs decides with fewer
/// on average, and it may be asked after every job without more false alarms: of versions that are as good at most one in 19 is withdrawn. A version that neither is found for is
/// judged after ten times the jobs by which is the more likely. How often jobs failed before is taken from the record, with 25 jobs of which half a one failed added, so that a short
/// record says little.
///
///     nothing failed before, 3 of 10 jobs fail       -> withdrawn
///     nothing failed before, 0 of 20 jobs fail       -> promoted
///
/// Durations are no numbers here but slow or not slow, so that one job that hangs weighs no more than another: the same test, of half of the jobs being slow against one in ten.
///
/// - Parameters:
///   - trial: of the candidate.
///   - record: of the version before.
///   - canary: the pool's settings.
/// - Returns: the verdict.
public func planRoll(_ trial: ImageTrial, against record: JobRecord, _ canary: CanarySettings) -> RollVerdict {
    let starts = trial.starts + trial.failedStarts
    if trial.failedStarts >= 2, trial.failedStarts * 5 >= starts {
        return .withdrawn(.neverStarts(failed: trial.failedStarts, of: starts))
    }
    let before = failureRate(of: record)
    let harmful = min(0.95, before + Double(canary.tolerance) / 100 * (1 - before))
    let failing = likelihood(trial.failed, of: trial.jobs, before, against: harmful)
    let slowing = likelihood(trial.slow, of: trial.timed, 0.1, against: 0.5)
    let isOver = trial.jobs >= canary.jobs * 10
    let share = Int((before * 1_000).rounded())
    if failing >= 19 || (isOver && failing > 1) {
        return .withdrawn(.failsMore(failed: trial.failed, of: trial.jobs, before: share))
    }
    if slowing >= 95 || (isOver && slowing > 1) { return .withdrawn(.slower(slow: trial.slow, of: trial.timed)) }
    let isSettled = failing <= 1.0 / 19 && slowing <= 1
    guard trial.jobs >= canary.jobs, isSettled || isOver else { return .goesOn }
    return .promoted(.asGood(failed: trial.failed, of: trial.jobs, before: share))
}

/// How often jobs fail, never quite none and never nearly all.
private func failureRate(of record: JobRecord) -> Double {
    min(max((Double(record.failed) + 0.5) / (Double(record.jobs) + 25), 0.01), 0.6)
}

/// How many times more likely the counts are with the rate `other` than with the rate `rate`.
private func likelihood(_ hits: Int, of all: Int, _ rate: Double, against other: Double) -> Double {
    power(other / rate, max(0, hits)) * power((1 - other) / (1 - rate), max(0, all - hits))
}

private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result *= factor }
        factor *= factor
        rest >>= 1
    }
    return result
}
