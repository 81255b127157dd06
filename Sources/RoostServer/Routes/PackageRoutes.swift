import RoostModel
import RoostWire

/// Packages of the agent to update to: there are none, agents are updated by those who run the machines.
func addPackageRoutes(to table: RouteTable) {
    let access = RouteAccess.scope(.agentPools).or(.listener(.any))
    table.get("distributedtask/packages/{packageType}", access: access) { call in
        try call.list([] as [PackageMetadataWire])
    }
    table.get("distributedtask/packages/{packageType}/{platform}", access: access) { call in
        try call.list([] as [PackageMetadataWire])
    }
    table.get("distributedtask/packages/{packageType}/{platform}/{version}", access: access) { call in
        try call.answer(nil as PackageMetadataWire?)
    }
}
