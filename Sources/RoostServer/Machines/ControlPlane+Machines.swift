import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    /// By name.
    func machines() -> [Machine] {
        read {
            $0.machines.values.sorted {
                ($0.name.lowercased(), $0.id.uuidString) < ($1.name.lowercased(), $1.id.uuidString)
            }
        }
    }

    /// One by its name or its id.
    func machine(_ nameOrID: String) throws(ControlError) -> Machine {
        let wanted = nameOrID.lowercased()
        let all = machines()
        let found =
            all.first { $0.name.lowercased() == wanted } ?? all.first { $0.id.uuidString.lowercased() == wanted }
        guard let found else { throw .machineNotFound(nameOrID) }
        return found
    }

    /// Makes a machine; the text of its key is in the answer and nowhere else.
    func createMachine(
        name: String,
        identities: [String],
        from ranges: [String],
        by caller: Caller
    ) async throws -> (machine: Machine, key: Secret) {
        try NameRule.check(name, of: "machine")
        try Self.checkRanges(ranges)
        let assigned = try managedIdentities(identities).map(\.id)
        let key = Machine.makeKey()
        let machine = try await change { state, change throws(ControlError) in
            guard !state.machines.values.contains(where: { $0.name.lowercased() == name.lowercased() }) else {
                throw .nameTaken(kind: "machine", name: name)
            }
            let machine = Machine(
                id: UUID(),
                name: name,
                identities: assigned,
                keyHash: PersonalToken.hash(key.exposed),
                from: ranges,
                createdAt: change.now,
                createdBy: caller.auditName
            )
            state.put(machine, &change)
            change.audit(caller, "machine.create", machine.settingName, name)
            return machine
        }
        return (machine, key)
    }

    private static func checkRanges(_ ranges: [String]) throws(ControlError) {
        guard let wrong = ranges.first(where: { AddressRange($0) == nil }) else { return }
        throw .invalid(
            what: "The machine",
            problem: "'\(wrong.prefix(60))' is no range of addresses",
            advice: "Write it as 10.0.0.0/8 or 2001:db8::/32."
        )
    }

    /// Replaces its identities; tokens it has stay good for their hour.
    func assignIdentities(_ identities: [String], to nameOrID: String, by caller: Caller) async throws -> Machine {
        let found = try managedIdentities(identities)
        return try await edit(nameOrID, "machine.assign", caller) { $0.identities = found.map(\.id) }
    }

    /// Those of the directory that machines can be.
    private func managedIdentities(_ names: [String]) throws -> [DirectoryIdentity] {
        let found = try names.map { try directoryIdentity($0) }
        if let wrong = found.first(where: { $0.kind != .managedIdentity }) {
            throw ControlError.invalid(
                what: "The identity '\(wrong.name)'",
                problem: "it is a service principal, which proves itself",
                advice: "Make one for machines with 'roost identity create NAME --managed'."
            )
        }
        return found
    }

    /// Gives a machine a new key; the old one is refused from now on.
    func renewKey(of nameOrID: String, by caller: Caller) async throws -> (machine: Machine, key: Secret) {
        let key = Machine.makeKey()
        let machine = try await edit(nameOrID, "machine.new-key", caller) {
            $0.keyHash = PersonalToken.hash(key.exposed)
        }
        return (machine, key)
    }

    func deleteMachine(_ nameOrID: String, by caller: Caller) async throws {
        let machine = try machine(nameOrID)
        try await change { state, change in
            state.machines[machine.id] = nil
            change.store.append(.deleteSetting(name: machine.settingName))
            change.audit(caller, "machine.delete", machine.settingName, machine.name)
        }
    }

    private func edit(
        _ nameOrID: String,
        _ action: String,
        _ caller: Caller,
        _ body: (inout Machine) -> Void
    ) async throws(ControlError) -> Machine {
        let id = try machine(nameOrID).id
        return try await change { state, change throws(ControlError) in
            guard var machine = state.machines[id] else { throw .machineNotFound(nameOrID) }
            body(&machine)
            state.put(machine, &change)
            change.audit(caller, action, machine.settingName, machine.name)
            return machine
        }
    }

    // MARK: Tokens

    /// The machine behind a key.
    func machine(key: String, from address: String) throws(MachineRefusal) -> Machine {
        let hash = PersonalToken.hash(key)
        guard let machine = read({ $0.machines.values.first { $0.keyHash == hash } }) else { throw .unknownKey }
        guard machine.isGood(from: address) else {
            throw .wrongAddress(machine: machine.name, address: address)
        }
        return machine
    }

    /// A token of one of a machine's identities.
    ///
    /// - Parameters:
    ///   - machine: whose metadata endpoint asks.
    ///   - wanted: id or client id of the identity; nil is the first.
    ///   - resource: the token's audience.
    /// - Returns: the token, its life in seconds, and whose it is.
    /// - Throws: ``MachineRefusal``, or when there is no key to sign with.
    func machineToken(
        _ machine: Machine,
        as wanted: String?,
        for resource: String
    ) async throws -> (token: Secret, life: Int, identity: DirectoryIdentity) {
        guard !resource.isEmpty, resource.utf8.count <= 500, resource.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw MachineRefusal.badResource(String(resource.prefix(80)))
        }
        let identity = try identity(of: machine, wanted)
        guard identity.isEnabled else { throw MachineRefusal.disabled(machine: machine.name, identity: identity.name) }
        let issued = try await issueAccessToken(
            for: identity,
            resource: resource,
            signIn: .managedIdentity,
            credential: nil,
            machine: "/machines/\(machine.name)"
        )
        let caller = Caller(
            .identity(IdentityID(identity.id), name: identity.name, scopes: []),
            signIn: .managedIdentity
        )
        try await change { state, change in
            if var known = state.machines[machine.id],
                known.lastSeenAt.map({ change.now.timeIntervalSince($0) > 86_400 }) ?? true
            {
                known.lastSeenAt = change.now
                state.put(known, &change)
            }
            change.audit(caller, "machine.token", machine.settingName, "for \(resource)")
        }
        return (issued.token, issued.life, identity)
    }

    private func identity(of machine: Machine, _ wanted: String?) throws(MachineRefusal) -> DirectoryIdentity {
        let assigned = read { state in machine.identities.compactMap { state.identities[$0] } }
        guard let wanted = wanted?.lowercased(), !wanted.isEmpty else {
            guard let first = assigned.first else { throw .noIdentity(machine: machine.name) }
            return first
        }
        let found = assigned.first {
            $0.clientID.uuidString.lowercased() == wanted || $0.id.uuidString.lowercased() == wanted
                || "/identities/\($0.name.lowercased())" == wanted
        }
        guard let found else { throw .notAssigned(machine: machine.name, wanted: wanted) }
        return found
    }
}

extension ControlState {
    mutating func put(_ machine: Machine, _ change: inout ControlChange) {
        machines[machine.id] = machine
        // A value of this type has no floating-point number but dates and no key that is no text, so that encoding it cannot fail.
        guard let value = try? JSONEncoder().encode(machine) else { return }
        change.store.append(.putSetting(name: machine.settingName, value: value))
    }
}
