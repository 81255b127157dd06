import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    var enrollmentPolicy: EnrollmentPolicy { read { $0.enrollmentPolicy } }

    /// Changes what holds in every pool; agents that are there go on.
    func setEnrollmentPolicy(
        _ policy: EnrollmentPolicy,
        by caller: Caller
    ) async throws(ControlError) -> EnrollmentPolicy {
        try await change { state, change throws(ControlError) in
            guard let value = try? JSONEncoder().encode(policy) else {
                throw .invalid(what: "The policy", problem: "it cannot be stored", advice: nil)
            }
            state.enrollmentPolicy = policy
            change.store.append(.putSetting(name: EnrollmentPolicy.settingName, value: value))
            change.audit(caller, "enrollment-policy.update", "organization", "personal tokens \(policy.patEnrollment)")
            return policy
        }
    }
}

extension EnrollmentPolicy {
    static let settingName = "enrollment-policy"

    /// That of a store.
    init(_ settings: [String: Data]) {
        self = settings[Self.settingName].flatMap { try? JSONDecoder().decode(Self.self, from: $0) } ?? Self()
    }
}

extension ControlState {
    /// Refuses to register an agent with a personal token where that is not allowed.
    func checkEnrollment(in pool: AgentPool, by caller: Caller) throws(ControlError) {
        guard caller.signIn == .personalToken else { return }
        if enrollmentPolicy.patEnrollment == .refused { throw .personalTokenRefused(pool: nil) }
        if pool.patEnrollment == .refused { throw .personalTokenRefused(pool: pool.name) }
    }
}

extension Caller {
    /// What is kept with an agent that this caller registers.
    func enrolment(at now: Date) -> AgentEnrolment? {
        signIn.map { AgentEnrolment(signIn: $0, actor: auditName, at: now) }
    }
}
