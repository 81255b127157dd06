public import FoundationEssentials
public import RoostWire

extension RoostClient {
    public func trustRules() async throws(ClientError) -> [TrustRuleWire] {
        try await call(Call(method: "GET", path: "_apis/roost/trustrules"), as: WireList<TrustRuleWire>.self).value
    }

    /// Makes a rule that lets bearers of another issuer's tokens register agents.
    public func createTrustRule(_ draft: TrustRuleWire) async throws(ClientError) -> TrustRuleWire {
        try await call(Call(method: "POST", path: "_apis/roost/trustrules", body: try Self.body(draft)))
    }

    /// Changes what the draft gives.
    public func updateTrustRule(_ id: UUID, _ draft: TrustRuleWire) async throws(ClientError) -> TrustRuleWire {
        let path = "_apis/roost/trustrules/\(id.uuidString.lowercased())"
        return try await call(Call(method: "PATCH", path: path, body: try Self.body(draft)))
    }

    public func deleteTrustRule(_ id: UUID) async throws(ClientError) {
        let path = "_apis/roost/trustrules/\(id.uuidString.lowercased())"
        try await callForNothing(Call(method: "DELETE", path: path))
    }

    /// What holds for enrolments in every pool.
    public func enrollmentPolicy() async throws(ClientError) -> EnrollmentPolicyWire {
        try await call(Call(method: "GET", path: "_apis/roost/enrollment/policy"))
    }

    public func updateEnrollmentPolicy(
        _ policy: EnrollmentPolicyWire
    ) async throws(ClientError) -> EnrollmentPolicyWire {
        try await call(Call(method: "PATCH", path: "_apis/roost/enrollment/policy", body: try Self.body(policy)))
    }

    /// Credentials that expire soon or expired lately.
    public func credentialWarnings() async throws(ClientError) -> [CredentialWarningWire] {
        try await call(Call(method: "GET", path: "_apis/roost/warnings"), as: WireList<CredentialWarningWire>.self)
            .value
    }
}
