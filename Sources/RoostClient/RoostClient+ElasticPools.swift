public import RoostWire

/// Pools whose machines are made as jobs come.
extension RoostClient {
    private static let elasticPools = "_apis/roost/elasticpools"

    public func elasticPools() async throws(ClientError) -> [RoostElasticPoolWire] {
        try await call(Call(method: "GET", path: Self.elasticPools), as: WireList<RoostElasticPoolWire>.self).value
    }

    public func elasticPool(_ pool: Int) async throws(ClientError) -> RoostElasticPoolWire {
        try await call(Call(method: "GET", path: "\(Self.elasticPools)/\(pool)"))
    }

    public func createElasticPool(_ draft: RoostElasticPoolWire) async throws(ClientError) -> RoostElasticPoolWire {
        try await call(Call(method: "POST", path: Self.elasticPools, body: try Self.body(draft)))
    }

    /// Changes settings and state; what is nil stays as it is.
    public func updateElasticPool(
        _ pool: Int,
        _ draft: RoostElasticPoolWire
    ) async throws(ClientError) -> RoostElasticPoolWire {
        try await call(Call(method: "PATCH", path: "\(Self.elasticPools)/\(pool)", body: try Self.body(draft)))
    }

    /// What a pool has, should have, and why the two differ.
    public func elasticStatus(_ pool: Int) async throws(ClientError) -> ElasticStatusWire {
        try await call(Call(method: "GET", path: "\(Self.elasticPools)/\(pool)/status"))
    }

    /// Newest first.
    public func elasticLogs(_ pool: Int, limit: Int) async throws(ClientError) -> [ElasticPoolLogWire] {
        try await call(
            Call(
                method: "GET",
                path: "_apis/distributedtask/elasticpools/\(pool)/logs",
                query: [("$top", String(limit))]
            ),
            as: WireList<ElasticPoolLogWire>.self
        ).value
    }

    /// Asks that a machine be made anew, deleted or kept.
    public func wish(
        _ wish: MachineWishWire,
        ofMachine number: Int,
        pool: Int
    ) async throws(ClientError) -> ElasticNodeWire {
        let path = "\(Self.elasticPools)/\(pool)/machines/\(number)"
        return try await call(Call(method: "PATCH", path: path, body: try Self.body(wish)))
    }

    /// Ends the trial of an image's new version, `promote` or `withdraw`, or lets one be tried again: `readmit`.
    public func decideTrial(
        _ verdict: String,
        of image: String,
        version: String? = nil,
        pool: Int
    ) async throws(ClientError) -> ElasticStatusWire {
        let name = Self.escape(image)
        let path = "\(Self.elasticPools)/\(pool)/trials/\(name)"
        let asked = TrialVerdictWire(verdict: verdict, version: version)
        return try await call(Call(method: "POST", path: path, body: try Self.body(asked)))
    }

    /// What can make machines on this server.
    public func machineProviders() async throws(ClientError) -> [MachineProviderWire] {
        try await call(Call(method: "GET", path: "_apis/roost/providers"), as: WireList<MachineProviderWire>.self).value
    }

    // MARK: Sets of machines

    /// What a provider has, pool by pool, also what is left of pools.
    public func machineSets(of provider: String) async throws(ClientError) -> [MachineSetWire] {
        let path = "_apis/roost/providers/\(Self.escape(provider))/sets"
        return try await call(Call(method: "GET", path: path), as: WireList<MachineSetWire>.self).value
    }

    /// Deletes what is left of a pool; the set of a pool goes with the pool.
    public func deleteMachineSet(_ name: String, of provider: String) async throws(ClientError) -> MachineSetWire {
        let path = "_apis/roost/providers/\(Self.escape(provider))/sets/\(Self.escape(name))"
        return try await call(Call(method: "DELETE", path: path))
    }
}
