import RoostModel
import Synchronization

/// What the checkouts of a job have in common: how many there are, where they go, and what must be taken back at the end.
final class CheckoutPlan: Sendable {
    /// More than one repository is checked out; each gets a folder of its own.
    let isMultiple: Bool
    /// The folded alias of the only repository; the job's own when nothing is checked out, nil when there are several.
    let soleRepository: String?
    /// The step whose repository is the job's own.
    private let primary: JobStep.ID?
    private let credentialFiles = Mutex<[String]>([])

    init(_ steps: [JobStep]) {
        let checkouts = steps.filter { $0.task.id == TaskReference.checkout.id }
        isMultiple = checkouts.count > 1
        primary = checkouts.first?.id
        let aliases = checkouts.map { $0.inputs["repository"]?.lowercased() ?? "self" }.filter { $0 != "none" }
        soleRepository = aliases.count > 1 ? nil : aliases.first ?? "self"
    }

    func isPrimary(_ step: JobStep) -> Bool { step.id == primary }

    /// Notes a file with credentials that must be gone when the job is over.
    func noteCredentials(_ path: String) { credentialFiles.withLock { $0.append(path) } }

    /// Deletes all credentials that were left for later steps.
    func removeCredentials() {
        for path in credentialFiles.withLock({ $0 }) { FileTree.delete(path) }
    }
}
