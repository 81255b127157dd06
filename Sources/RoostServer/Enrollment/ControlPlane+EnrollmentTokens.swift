import FoundationEssentials
public import RoostModel
import RoostStore

extension ControlPlane {
    /// What agents that start with the server join a pool with: nobody's, and good for ten minutes.
    ///
    /// - Parameters:
    ///   - pool: the only one it is for.
    ///   - uses: how many agents there are.
    /// - Returns: the text of an enrollment token.
    /// - Throws: ``ControlError`` when there is no such pool.
    public func localEnrollment(in pool: PoolID, uses: Int) async throws(ControlError) -> Secret {
        try await createEnrollmentToken(for: pool, uses: uses, days: 600 / 86_400, from: [], by: .system).value
    }

    /// Makes a token for a pool; its text is in the answer and nowhere else.
    func createEnrollmentToken(
        for pool: PoolID,
        uses: Int,
        days: Double,
        from ranges: [String],
        by caller: Caller
    ) async throws(ControlError) -> (token: EnrollmentToken, value: Secret) {
        try Self.check(uses: uses, days: days, from: ranges)
        let value = EnrollmentToken.makeText()
        let token = try await change { state, change throws(ControlError) in
            guard let target = state.pools[pool] else { throw .poolNotFound(pool.description) }
            let token = EnrollmentToken(
                id: UUID(),
                pool: pool.rawValue,
                hash: PersonalToken.hash(value.exposed),
                uses: uses,
                createdAt: change.now,
                createdBy: caller.auditName,
                expiresAt: change.now + days * 86_400,
                from: ranges
            )
            try state.put(token, &change)
            change.audit(caller, "enrollment-token.create", token.settingName, "\(uses) uses in \(target.name)")
            return token
        }
        return (token, value)
    }

    private static func check(uses: Int, days: Double, from ranges: [String]) throws(ControlError) {
        let what = "The enrollment token"
        guard (1...100_000).contains(uses) else {
            throw .invalid(what: what, problem: "its uses are not between 1 and 100000", advice: nil)
        }
        guard days > 0, days <= 366 else {
            throw .invalid(what: what, problem: "its life is not between a moment and 366 days", advice: nil)
        }
        guard ranges.count <= 100 else {
            throw .invalid(what: what, problem: "it has more than 100 address ranges", advice: nil)
        }
        if let wrong = ranges.first(where: { AddressRange($0) == nil }) {
            throw .invalid(
                what: what,
                problem: "'\(wrong.prefix(60))' is no range of addresses",
                advice: "Write it as 10.0.0.0/8 or 2001:db8::/32."
            )
        }
    }

    /// Newest first.
    func enrollmentTokens(of pool: PoolID) throws(ControlError) -> [EnrollmentToken] {
        try read { state throws(ControlError) in
            guard state.pools[pool] != nil else { throw .poolNotFound(pool.description) }
            return state.enrollmentTokens.values.filter { $0.pool == pool.rawValue && $0.machine == nil }
                .sorted { $0.createdAt > $1.createdAt }
        }
    }

    /// Refuses a token from now on; agents that joined with it go on.
    func revokeEnrollmentToken(_ id: UUID, of pool: PoolID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard var token = state.enrollmentTokens[id], token.pool == pool.rawValue else {
                throw .tokenNotFound(id.uuidString.lowercased())
            }
            token.revokedAt = token.revokedAt ?? change.now
            try state.put(token, &change)
            change.audit(caller, "enrollment-token.revoke", token.settingName, "")
        }
    }

    /// Who an enrolment token stands for, used from an address.
    func authenticate(enrollment text: String, from address: String) -> Result<Principal, TokenRefusal> {
        let hash = PersonalToken.hash(text)
        let found = read { state in state.enrollmentTokensByHash[hash].flatMap { state.enrollmentTokens[$0] } }
        guard let token = found else { return .failure(.unknown) }
        if let refusal = token.refusal(at: Date()) { return .failure(refusal) }
        guard token.admits(address: address) else { return .failure(.enrollmentAddress(address)) }
        return .success(.enroller(token.enroller))
    }
}

extension ControlState {
    /// Keeps a token, in the same change as what it was used for.
    mutating func put(_ token: EnrollmentToken, _ change: inout ControlChange) throws(ControlError) {
        guard let value = try? JSONEncoder().encode(token) else {
            throw .invalid(what: "The enrollment token", problem: "it cannot be stored", advice: nil)
        }
        enrollmentTokens[token.id] = token
        enrollmentTokensByHash[token.hash] = token.id
        change.store.append(.putSetting(name: token.settingName, value: value))
    }

    /// Counts a registration when an enrolment token makes it, and refuses one too many.
    mutating func countEnrollment(
        in pool: PoolID,
        by caller: Caller,
        _ change: inout ControlChange
    ) throws(ControlError) {
        guard case .enroller(let enroller) = caller.principal, case .token(let id) = enroller.source else { return }
        guard var token = enrollmentTokens[id], token.pool == pool.rawValue else { throw .enrollment(.unknown) }
        if let refusal = token.refusal(at: change.now) { throw .enrollment(refusal) }
        token.used += 1
        try put(token, &change)
    }
}
