import RoostLanguage

/// Jobs of one file that ask for an operating system without agents.
///
/// They do not keep the other jobs from running: each fails when its turn comes, and is a warning of the run. A run that has no other jobs is
/// refused, so what was noted becomes an error then.
final class ForeignJobs {
    private var notes: [(Diagnostic, IncludeSite?)] = []
    private var leavesWork = false

    /// Notes a job or leg that asks for such a system.
    func add(_ diagnostic: Diagnostic, site: IncludeSite?) { notes.append((diagnostic, site)) }

    /// Notes a job or leg that agents here may take.
    func noteWork() { leavesWork = true }

    /// Hands over what was noted, when all jobs are known.
    func report(to limitations: DiagnosticLog) {
        for (diagnostic, site) in notes {
            limitations.add(leavesWork ? diagnostic.asWarning : diagnostic, site: site)
        }
    }
}
