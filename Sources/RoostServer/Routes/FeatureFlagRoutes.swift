import RoostWire

/// What agents ask and tell in passing.
func addFeatureFlagRoutes(to table: RouteTable) {
    table.get("featureavailability/featureflags/{name}", access: .anyone) { call in
        let name = call.text("name")
        return try call.answer(
            FeatureFlagWire(
                name: name,
                uri: "\(call.services.address)_apis/FeatureAvailability/FeatureFlags/\(call.raw("name"))",
                effectiveState: "Off",
                explicitState: "Off"
            )
        )
    }
    table.get("featureavailability/featureflags", access: .anyone) { call in try call.list([] as [FeatureFlagWire]) }
    // Usage data of agents: taken and dropped.
    table.post("customerintelligence/events", access: .anyone) { call in
        _ = try await call.body()
        return call.nothing
    }
}
