import FoundationEssentials
import RoostModel

extension ControlPlane {
    /// How long the agent of a new machine may take to register; its boot deadline ends it earlier.
    private static let tokenLife = 7_200.0

    /// A token for the one agent of one machine, as it is now.
    ///
    /// - Returns: its text, which is kept nowhere.
    func createMachineToken(for instance: ElasticInstance, agent: String) async throws(ControlError) -> Secret {
        let value = EnrollmentToken.makeText()
        try await change { state, change throws(ControlError) in
            guard state.elastic[instance.pool]?.instances[instance.number] != nil else {
                throw .elastic(
                    .instanceNotFound(instance.number, pool: state.pools[instance.pool]?.name ?? "\(instance.pool)")
                )
            }
            var token = EnrollmentToken(
                id: UUID(),
                pool: instance.pool.rawValue,
                hash: PersonalToken.hash(value.exposed),
                uses: 1,
                createdAt: change.now,
                createdBy: Caller.system.auditName,
                expiresAt: change.now + Self.tokenLife,
                from: []
            )
            token.machine = .init(number: instance.number, generation: instance.generation, agent: agent)
            try state.put(token, &change)
        }
        return value
    }
}

extension ControlPlane {
    /// Of a machine and of its agent.
    func machineName(_ instance: ElasticInstance) -> String { tag(of: instance).name }

    func tag(of instance: ElasticInstance) -> MachineTag {
        MachineTag(
            server: instanceID,
            pool: instance.pool,
            instance: instance.number,
            generation: instance.generation
        )
    }
}
