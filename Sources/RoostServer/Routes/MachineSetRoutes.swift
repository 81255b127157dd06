import Hummingbird
import RoostModel
import RoostWire

/// What providers have, pool by pool.
func addMachineSetRoutes(to table: RouteTable) {
    let list = "roost/providers/{providerName}/sets"
    table.get(list, access: .scope(.agentPools)) { call in
        try call.list(await call.plane.machineSets(of: call.text("providerName").lowercased()).map(MachineSetWire.init))
    }
    table.delete("\(list)/{setName}", access: .scope(.agentPoolsManage)) { call in
        let (provider, name) = (call.text("providerName").lowercased(), call.text("setName"))
        let gone = try await call.plane.deleteMachineSet(name, of: provider, by: call.caller)
        return try call.answer(MachineSetWire(gone))
    }
}
