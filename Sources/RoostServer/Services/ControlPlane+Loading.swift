import Crypto
import FoundationEssentials
import Logging
import RoostModel
import RoostStore

extension ControlPlane {
    /// Reads the store, before traffic; makes what the first start needs.
    ///
    /// Running jobs keep their leases: the server was away, not their agents, so each gets a whole lease from now on.
    public func load() async throws {
        let stored: StoredState
        do { stored = try await store.load() } catch { throw ControlError.storeUnavailable(error) }
        try await ensureIdentity(stored.settings)
        var state = ControlState()
        try fill(&state, from: stored)
        replaceState(state)
        if stored.projects.isEmpty && stored.pools.isEmpty { try await makeFirstNouns() }
        try await change { state, change in
            state.beginRolesOfOldStore(&change)
            for id in state.runs.keys { change.dirtyRuns.insert(id) }
            for id in state.pools.keys { change.dirtyPools.insert(id) }
            change.dirtyElastic.formUnion(state.elastic.keys)
            for pool in state.pools.keys { state.updatesChanged(in: pool, &change) }
            change.dirtyServerJobs.formUnion(state.servingJobs)
            change.checksAreDirty = true
        }
    }

    /// After a failed write: waits until the store takes changes again, then loads.
    func reload() async throws {
        await store.recover()
        let stored = try await store.load()
        var state = ControlState()
        try fill(&state, from: stored)
        replaceState(state)
        logger.notice("the store takes changes again")
        try await change { state, change in
            for id in state.runs.keys { change.dirtyRuns.insert(id) }
            for id in state.pools.keys { change.dirtyPools.insert(id) }
            change.dirtyElastic.formUnion(state.elastic.keys)
            for pool in state.pools.keys { state.updatesChanged(in: pool, &change) }
            change.dirtyServerJobs.formUnion(state.servingJobs)
            change.checksAreDirty = true
        }
    }

    private func ensureIdentity(_ stored: [String: Data]) async throws {
        var changes: [StoreChange] = []
        func setting(_ name: String, _ make: () -> Data) -> Data {
            if let value = stored[name] { return value }
            let value = make()
            changes.append(.putSetting(name: name, value: value))
            return value
        }
        let instance = setting("instance-id") { Data(UUID().uuidString.utf8) }
        let key = try tokenKey(stored["token-key"]) { changes.append(.putSetting(name: "token-key", value: $0)) }
        let id = UUID(uuidString: String(decoding: instance, as: UTF8.self)) ?? UUID()
        setIdentity(Identity(instanceID: id, issuer: TokenIssuer(key: key, issuer: id.uuidString.lowercased())))
        guard !changes.isEmpty else { return }
        do { try await store.submit(changes).durable() } catch { throw ControlError.storeUnavailable(error) }
    }

    /// The key that the server signs tokens with, sealed in the store; earlier releases kept it as it is.
    private func tokenKey(_ stored: Data?, _ put: (Data) -> Void) throws -> Data {
        let place = "token-key"
        if let stored, stored.count != 32 {
            let sealed = Data(base64Encoded: String(decoding: stored, as: UTF8.self)) ?? Data()
            return Data(base64Encoded: try sealer.open(sealed, for: place)) ?? Data()
        }
        let key = stored ?? Data(SystemRandomBytes.make(32))
        put(Data(try sealer.seal(key.base64EncodedString(), for: place).base64EncodedString().utf8))
        return key
    }

    private func makeFirstNouns() async throws {
        let project = try await createProject(name: settings.organization, description: "", by: .system)
        let pool = try await createPool(name: "Default", by: .system)
        _ = try await updateProject(project.id, defaultPool: .some(pool.id), by: .system)
    }

    private func fill(_ state: inout ControlState, from stored: StoredState) throws(ControlError) {
        for project in stored.projects { state.projects[project.id] = project }
        for pool in stored.pools {
            state.pools[pool.id] = pool
        }
        for queue in stored.queues { state.queues[queue.id] = queue }
        for pipeline in stored.pipelines { state.pipelines[pipeline.id] = pipeline }
        for token in stored.tokens {
            state.tokens[token.id] = token
            state.tokensByHash[token.hash] = token.id
        }
        state.environments = EnvironmentState(stored)
        for connection in stored.serviceConnections { state.serviceConnections[connection.id] = connection }
        state.caches = CacheState(stored.caches)
        let ofOthers: [String] =
            [
                "trigger:", InstalledTask.prefix, SecureFile.prefix, TaskConnection.prefix, EnrollmentToken.prefix,
                RoleAssignment.prefix, DirectoryIdentity.prefix, SigningKey.prefix, SignInGrant.prefix, Vault.prefix,
                TrustRule.prefix, Machine.prefix, PipelinePermission.prefix, ConnectionUse.prefix,
                EnrollmentPolicy.settingName, DisabledUser.prefix, ImageLibrary.galleryPrefix,
                ImageLibrary.definitionPrefix, ImageLibrary.versionPrefix, ManagedImageTemplate.prefix,
                ElasticState.poolPrefix, ElasticState.instancePrefix,
            ] + UpdateState.prefixes
        state.settings = stored.settings.filter { setting in !ofOthers.contains { setting.key.hasPrefix($0) } }
        state.tasks = TaskLibrary(settings: stored.settings)
        state.secureFiles = SecureFile.all(stored.settings)
        state.taskConnections = TaskConnection.all(stored.settings)
        state.connectionUses = ConnectionUse.all(stored.settings)
        state.permissions = PipelinePermission.all(stored.settings)
        state.roles = RoleAssignment.all(stored.settings)
        state.machines = Machine.all(stored.settings)
        state.identities = DirectoryIdentity.all(stored.settings)
        for identity in state.identities.values { state.identitiesByClient[identity.clientID] = identity.id }
        state.signingKeys = SigningKey.all(stored.settings)
        state.signInGrants = SignInGrant.all(stored.settings, state.tokens)
        state.disabledUsers = DisabledUser.all(stored.settings)
        state.vaults = Vault.all(stored.settings)
        state.images = ImageLibrary(settings: stored.settings)
        state.imageTemplates = ManagedImageTemplate.all(stored.settings)
        state.updates = UpdateState(settings: stored.settings)
        do throws(ElasticPoolError) {
            state.elastic = try ElasticState.all(stored.settings, tick: tick, now: Date())
        } catch {
            throw .elastic(error)
        }
        // What machines could be made is known before the first job is matched.
        for pool in stored.pools { state.poolQueues[pool.id] = PoolQueue(settings: state.queueSettings(of: pool)) }
        state.enrollmentTokens = EnrollmentToken.all(stored.settings)
        for token in state.enrollmentTokens.values { state.enrollmentTokensByHash[token.hash] = token.id }
        state.trustRules = TrustRule.all(stored.settings)
        state.enrollmentPolicy = EnrollmentPolicy(stored.settings)
        state.loadMaintenance(stored.settings, stored.pools.map(\.id))
        state.triggers = TriggerState(settings: stored.settings)
        state.counters = ControlState.Counters(
            pool: stored.lastPoolID,
            queue: stored.lastQueueID,
            agent: stored.lastAgentID,
            pipeline: stored.lastPipelineID,
            run: stored.lastRunID,
            request: stored.lastRequestID,
            environment: stored.lastEnvironmentID,
            check: stored.lastCheckID,
            variableGroup: stored.lastVariableGroupID,
            artifact: stored.lastArtifactID,
            cache: stored.lastCacheID,
            testRun: stored.lastTestRunID,
            // A message is made for each assignment and each cancel; the clock keeps the numbers rising over restarts.
            message: Int(Date().timeIntervalSince1970 * 1000)
        )
        for agent in stored.agents {
            state.agents[agent.id] = agent
            state.agentsByClient[agent.clientID] = agent.id
            state.agentsByName[.init(agent.pool, agent.name)] = agent.id
        }
        var jobsByRun: [RunID: [Job]] = [:]
        for job in stored.activeJobs { jobsByRun[job.run, default: []].append(job) }
        for run in stored.activeRuns {
            let jobs = (jobsByRun[run.id] ?? []).map(withFreshLease)
            var active = ActiveRun(
                run,
                jobs: jobs,
                records: stored.activeRecords[run.id] ?? [],
                logs: stored.activeLogs[run.id] ?? []
            )
            let counters = stored.settings[ControlState.countersName(run.id)]
            active.counters = counters.flatMap { try? JSONDecoder().decode([String: Int].self, from: $0) } ?? [:]
            state.adopt(active)
        }
        for agent in state.agents.values { state.refreshQueueFacts(agent) }
    }

    private func withFreshLease(_ job: Job) -> Job {
        var job = job
        let until = tick + settings.runningLease.seconds
        switch job.state {
        case .assigned(var lease):
            lease.lockedUntil = tick + settings.assignmentLease.seconds
            job.state = .assigned(lease)
        case .running(var lease):
            lease.lockedUntil = until
            job.state = .running(lease)
        case .canceling(var lease, _):
            lease.lockedUntil = until
            job.state = .canceling(
                lease,
                deadline: tick + Double(job.cancelTimeoutInMinutes * 60) + settings.cancelGrace.seconds
            )
        case .waiting, .queued, .serving, .finished: break
        }
        return job
    }
}

extension ControlState {
    /// Takes a run in: its indexes, its waiting jobs and its leases.
    mutating func adopt(_ active: ActiveRun) {
        let run = active.run
        runs[run.id] = active
        runOfPlan[run.planID] = run.id
        noteQueued(run)
        for job in active.jobList {
            runOfJob[job.id] = run.id
            if let request = job.request { jobOfRequest[request] = job.id }
            if let lease = job.state.lease {
                leased.insert(job.id)
                assigned[lease.agent] = job.id
            }
            if case .queued = job.state { enqueue(job, of: run) }
        }
    }

    /// Lets a run go from memory.
    mutating func forget(_ id: RunID) {
        guard let active = runs.removeValue(forKey: id) else { return }
        environments.forget(id)
        runOfPlan[active.run.planID] = nil
        queuedRuns.remove(id)
        for job in active.jobList {
            runOfJob[job.id] = nil
            if let request = job.request { jobOfRequest[request] = nil }
        }
    }
}

extension Duration {
    /// Whole and part seconds.
    var seconds: Double {
        let parts = components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
