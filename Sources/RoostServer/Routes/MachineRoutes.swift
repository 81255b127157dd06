import Foundation
import HTTPTypes
import Hummingbird
import RoostModel
import RoostWire

/// Machines that have identities, and the tokens their metadata endpoints ask for.
func addMachineRoutes(to table: RouteTable) {
    let list = "roost/machines"
    let item = "\(list)/{machineName}"
    let manage = RouteAccess.scope(.full)
    table.get(list, access: manage) { call in try call.list(call.plane.machines().map(call.view)) }
    table.post(list, access: manage) { call in
        let wanted = try await call.decode(MachineWire.self)
        let made = try await call.plane.createMachine(
            name: wanted.name ?? "",
            identities: wanted.identities ?? [],
            from: wanted.from ?? [],
            by: call.caller
        )
        return try call.answer(call.view(made.machine, key: made.key))
    }
    table.get(item, access: manage) { call in try call.answer(call.view(call.plane.machine(call.text("machineName")))) }
    table.patch(item, access: manage) { call in
        let wanted = try await call.decode(MachineWire.self)
        let machine = try await call.plane.assignIdentities(
            wanted.identities ?? [],
            to: call.text("machineName"),
            by: call.caller
        )
        return try call.answer(call.view(machine))
    }
    table.post("\(item)/key", access: manage) { call in
        let renewed = try await call.plane.renewKey(of: call.text("machineName"), by: call.caller)
        return try call.answer(call.view(renewed.machine, key: renewed.key))
    }
    table.delete(item, access: manage) { call in
        try await call.plane.deleteMachine(call.text("machineName"), by: call.caller)
        return call.nothing
    }
    // The key is the credential, and it is good for nothing else.
    table.get("roost/machine", access: .anonymous) { call in
        try call.answer(call.view(call.machine(), url: call.services.address))
    }
    table.post("roost/machine/token", access: .anonymous) { call in
        let machine = try call.machine()
        let wanted = try await call.decode(MachineTokenRequestWire.self)
        let made = try await call.plane.machineToken(machine, as: wanted.identity, for: wanted.resource)
        var response = try call.answer(
            MachineTokenWire(
                accessToken: made.token.exposed,
                expiresIn: made.life,
                clientId: made.identity.clientID.uuidString.lowercased()
            )
        )
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

extension Call {
    /// What follows a vault's name in its address, with the server's port where that is not the usual one.
    private var vaultSuffix: String {
        let port = URLComponents(string: services.address)?.port
        return services.configuration.vaultSuffix + (port.map { ":\($0)" } ?? "")
    }

    /// The machine whose key the request carries.
    fileprivate func machine() throws -> Machine {
        guard case .bearer(let key)? = Credential(request.headers), key.hasPrefix(Machine.mark) else {
            throw MachineRefusal.unknownKey
        }
        return try plane.machine(key: key, from: context.clientAddress)
    }

    fileprivate func view(_ machine: Machine) -> MachineWire { view(machine, key: nil) }

    fileprivate func view(_ machine: Machine, key: Secret? = nil, url: String? = nil) -> MachineWire {
        var wire = MachineWire(name: machine.name)
        wire.id = machine.id
        wire.identities = plane.read { state in machine.identities.compactMap { state.identities[$0]?.name } }
        wire.from = machine.from
        wire.createdAt = machine.createdAt
        wire.createdBy = machine.createdBy
        wire.lastSeenAt = machine.lastSeenAt
        wire.key = key?.exposed
        wire.url = url
        wire.vaultSuffix = url == nil ? nil : vaultSuffix
        return wire
    }
}
