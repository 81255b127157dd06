public import RoostWire

extension RoostClient {
    public func machines() async throws(ClientError) -> [MachineWire] {
        try await call(Call(method: "GET", path: "_apis/roost/machines"), as: WireList<MachineWire>.self).value
    }

    /// Makes a machine; its key is in the answer, this once.
    public func createMachine(_ wanted: MachineWire) async throws(ClientError) -> MachineWire {
        try await call(Call(method: "POST", path: "_apis/roost/machines", body: try Self.body(wanted)))
    }

    /// Replaces the identities of a machine.
    public func assignIdentities(_ identities: [String], to name: String) async throws(ClientError) -> MachineWire {
        let body = try Self.body(MachineWire(identities: identities))
        return try await call(
            Call(method: "PATCH", path: "_apis/roost/machines/\(Self.escape(name))", body: body)
        )
    }

    /// Gives a machine a new key, which is in the answer, this once.
    public func renewMachineKey(_ name: String) async throws(ClientError) -> MachineWire {
        try await call(Call(method: "POST", path: "_apis/roost/machines/\(Self.escape(name))/key"))
    }

    public func deleteMachine(_ name: String) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: "_apis/roost/machines/\(Self.escape(name))"))
    }

    // MARK: As the machine

    /// What the server knows of the machine whose key this client has.
    public func ownMachine() async throws(ClientError) -> MachineWire {
        try await call(Call(method: "GET", path: "_apis/roost/machine"))
    }

    /// A token of one of its identities.
    public func machineToken(_ wanted: MachineTokenRequestWire) async throws(ClientError) -> MachineTokenWire {
        try await call(Call(method: "POST", path: "_apis/roost/machine/token", body: try Self.body(wanted)))
    }
}
