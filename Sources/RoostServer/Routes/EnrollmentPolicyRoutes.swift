import FoundationEssentials
import RoostModel
import RoostWire

/// What holds for enrolments in every pool.
func addEnrollmentPolicyRoutes(to table: RouteTable) {
    let item = "roost/enrollment/policy"
    table.get(item, access: .scope(.agentPools)) { call in
        try call.answer(EnrollmentPolicyWire(call.plane.enrollmentPolicy))
    }
    table.patch(item, access: .scope(.full)) { call in
        var policy = call.plane.enrollmentPolicy
        let wanted = try await call.decode(EnrollmentPolicyWire.self)
        if let text = wanted.patEnrollment { policy.patEnrollment = try PATEnrollment(wire: text) }
        return try call.answer(EnrollmentPolicyWire(await call.plane.setEnrollmentPolicy(policy, by: call.caller)))
    }
}

extension EnrollmentPolicyWire {
    fileprivate init(_ policy: EnrollmentPolicy) { self.init(patEnrollment: policy.patEnrollment.rawValue) }
}

extension PATEnrollment {
    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` for a word that is none.
    init(wire text: String) throws(ControlError) {
        guard let known = PATEnrollment(rawValue: text.lowercased()) else {
            throw .invalid(
                what: "'patEnrollment'",
                problem: "'\(text.prefix(60))' is not known",
                advice: "Give 'allowed' or 'refused'."
            )
        }
        self = known
    }
}
