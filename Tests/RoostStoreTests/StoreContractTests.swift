import FoundationEssentials
import RoostModel
import RoostStore
import Testing

@Suite("Every store")
struct StoreContractTests {
    @Test("gives back the settings that were put, and the later of two", arguments: StoreEngine.all)
    func settings(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            var pool = Sample.fullPool
            pool.name = "old"
            try await store.submit([
                .putProject(Sample.fullProject), .putProject(Sample.smallProject), .putPool(pool),
                .putPool(Sample.fullPool), .putQueue(Sample.fullQueue), .putAgent(Sample.fullAgent),
                .putAgent(Sample.agent(2)), .putPipeline(Sample.fullPipeline), .putToken(Sample.fullToken),
                .putSetting(name: "instance", value: Data([0, 255, 10])),
                .putSetting(name: "empty", value: Data()),
            ]).durable()
            let state = try await store.load()
            #expect(Set(state.projects) == [Sample.fullProject, Sample.smallProject])
            #expect(state.pools == [Sample.fullPool])
            #expect(state.queues == [Sample.fullQueue])
            #expect(state.agents.map(\.id) == [AgentID(2), AgentID(11)])
            #expect(state.agents.last == Sample.fullAgent)
            #expect(state.pipelines == [Sample.fullPipeline])
            #expect(state.tokens == [Sample.fullToken])
            #expect(state.settings == ["instance": Data([0, 255, 10]), "empty": Data()])
        }
    }

    @Test("is empty at first", arguments: StoreEngine.all)
    func empty(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            #expect(try await store.load() == StoredState())
            #expect(try await store.run(RunID(1)) == nil)
            #expect(try await store.jobs(of: RunID(1)).isEmpty)
            try await store.submit([]).durable()
        }
    }

    @Test("forgets what is deleted, and never its number", arguments: StoreEngine.all)
    func deletion(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await store.submit([
                .putProject(Sample.fullProject), .putPool(Sample.pool(3)), .putPool(Sample.fullPool),
                .putQueue(Sample.fullQueue), .putAgent(Sample.fullAgent), .putPipeline(Sample.fullPipeline),
                .putRun(Sample.fullRun), .putJob(Sample.fullJob), .putToken(Sample.fullToken),
                .putSetting(name: "a", value: Data([1])),
            ]).durable()
            try await store.submit([
                .deleteProject(Sample.projectID), .deletePool(PoolID(4)), .deleteQueue(QueueID(9)),
                .deleteAgent(AgentID(11)), .deletePipeline(PipelineID(5)), .deleteRun(RunID(17)),
                .deleteToken(Sample.fullToken.id), .deleteSetting(name: "a"), .deletePool(PoolID(99)),
            ]).durable()
            var expected = StoredState()
            expected.pools = [Sample.pool(3)]
            expected.lastPoolID = 4
            expected.lastQueueID = 9
            expected.lastAgentID = 11
            expected.lastPipelineID = 5
            expected.lastRunID = 17
            expected.lastRequestID = 40
            #expect(try await store.load() == expected)
            try await store.submit([.putPool(Sample.pool(5)), .deletePool(PoolID(3))]).durable()
            #expect(try await store.load().lastPoolID == 5)
        }
    }

    @Test("loads what goes on and not what is over, which can still be asked for", arguments: StoreEngine.all)
    func activeRuns(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            var over = Sample.run(18)
            over.state = .completed(.succeeded)
            let jobs = [Sample.fullJob, Sample.job(17)]
            let record = Sample.record("old")
            let log = RunLog(id: LogID(1), run: RunID(18), path: "x", createdAt: Sample.date())
            let overJob = Sample.job(18, request: 50, state: .finished(.succeeded))
            try await store.submit([
                .putRun(over), .putRun(Sample.fullRun), .putJob(jobs[0]), .putJob(jobs[1]),
                .putRecords([Sample.fullRecord], run: RunID(17)), .putLog(Sample.fullLog), .putJob(overJob),
                .putRecords([record], run: RunID(18)), .putLog(log),
            ]).durable()
            let state = try await store.load()
            #expect(state.activeRuns == [Sample.fullRun])
            #expect(state.activeJobs == jobs)
            #expect(state.activeRecords == [RunID(17): [Sample.fullRecord]])
            #expect(state.activeLogs == [RunID(17): [Sample.fullLog]])
            #expect(state.lastRunID == 18)
            #expect(state.lastRequestID == 50)
            #expect(try await store.run(RunID(18)) == over)
            #expect(try await store.run(plan: over.planID) == over)
            #expect(try await store.jobs(of: RunID(18)) == [overJob])
            #expect(try await store.job(request: RequestID(50)) == overJob)
            #expect(try await store.records(of: RunID(18)) == [record])
            #expect(try await store.logs(of: RunID(18)) == [log])
        }
    }

    @Test("gives jobs and records in the order they were made, however often they change", arguments: StoreEngine.all)
    func order(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            var jobs = (0..<5).map { _ in Sample.job(1) }
            var records = (0..<5).map { Sample.record("\($0)") }
            for index in 0..<5 {
                _ = store.submit([.putJob(jobs[index]), .putRecords([records[index]], run: RunID(1))])
            }
            for index in [3, 0, 4] {
                jobs[index].displayName = "changed"
                records[index].state = .completed
                _ = store.submit([.putJob(jobs[index]), .putRecords([records[index]], run: RunID(1))])
            }
            try await store.submit([.putLog(log(2)), .putLog(log(1))]).durable()
            #expect(try await store.jobs(of: RunID(1)) == jobs)
            #expect(try await store.records(of: RunID(1)) == records)
            #expect(try await store.logs(of: RunID(1)).map(\.id) == [LogID(1), LogID(2)])
        }
    }

    private func log(_ id: Int) -> RunLog {
        RunLog(id: LogID(id), run: RunID(1), path: "x", createdAt: Sample.date())
    }

    @Test("finds runs by each property, newest first, page by page", arguments: StoreEngine.all)
    func queries(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await store.submit([
                .putRun(Sample.run(1, state: .completed(.succeeded))),
                .putRun(Sample.run(2, pipeline: 2, state: .completed(.failed), number: "7")),
                .putRun(Sample.run(3, project: Sample.projectID, state: .running)),
                .putRun(Sample.run(4, branch: "refs/heads/x")), .putRun(Sample.run(5, requestedBy: "eve")),
            ]).durable()
            let cases: [(RunQuery, [Int])] = [
                (RunQuery(), [5, 4, 3, 2, 1]), (RunQuery(project: Sample.projectID), [3]),
                (RunQuery(pipelines: [PipelineID(2), PipelineID(9), PipelineID(8)]), [2]),
                (RunQuery(pipelines: []), []),
                (RunQuery(ids: [RunID(1), RunID(4), RunID(9)]), [4, 1]), (RunQuery(ids: []), []),
                (RunQuery(completed: true), [2, 1]), (RunQuery(completed: false), [5, 4, 3]),
                (RunQuery(results: [.failed, .canceled]), [2]), (RunQuery(results: []), []),
                (RunQuery(branch: "refs/heads/x"), [4]), (RunQuery(requestedBy: "eve"), [5]),
                (RunQuery(number: "7"), [2]), (RunQuery(before: RunID(4)), [3, 2, 1]), (RunQuery(limit: 2), [5, 4]),
                (RunQuery(before: RunID(4), limit: 1), [3]), (RunQuery(limit: 0), [5]),
                (RunQuery(pipelines: [PipelineID(1)], completed: false, branch: "refs/heads/main"), [5, 3]),
            ]
            for (query, ids) in cases {
                #expect(try await store.runs(query).map(\.id.rawValue) == ids, "\(query)")
            }
        }
    }

    @Test("knows who finished which request, after the lease is gone", arguments: StoreEngine.all)
    func finishedJobs(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            func finish(_ request: Int, agent: Int?, pool: Int = 1, at offset: Double) -> [StoreChange] {
                let id = JobID(UUID())
                var lease = Sample.lease
                lease.agent = AgentID(agent ?? 0)
                let state: JobState = agent == nil ? .queued : .assigned(lease)
                return [
                    .putJob(Sample.job(1, id: id, request: request, pool: pool, state: state)),
                    .putJob(
                        Sample.job(
                            1,
                            id: id,
                            request: request,
                            pool: pool,
                            state: .finished(.failed),
                            finishedAt: Sample.date(offset)
                        )
                    ),
                ]
            }
            var changes = finish(1, agent: 7, at: 5)
            changes += finish(2, agent: 8, at: 9)
            changes += finish(3, agent: 7, at: 7)
            changes += finish(4, agent: 7, pool: 2, at: 8)
            changes += finish(5, agent: nil, at: 1)
            changes.append(.putJob(Sample.job(1, request: 6, pool: 1, state: .assigned(Sample.lease))))
            changes.append(.putJob(Sample.job(1, pool: 1, state: .finished(.skipped))))
            try await store.submit(changes).durable()
            func requests(_ pool: Int, _ agent: Int?, _ limit: Int = 100) async throws -> [Int] {
                try await store.finishedJobs(pool: PoolID(pool), agent: agent.map { AgentID($0) }, limit: limit)
                    .compactMap { $0.request?.rawValue }
            }
            #expect(try await requests(1, nil) == [2, 3, 1, 5])
            #expect(try await requests(1, 7) == [3, 1])
            #expect(try await requests(2, 7) == [4])
            #expect(try await requests(1, nil, 1) == [2])
            #expect(try await requests(3, nil) == [])
            #expect(try await requests(1, nil, -1) == [])
        }
    }

    @Test("chains audit events in the order of their submission", arguments: StoreEngine.all)
    func auditChain(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let commits = (1...40).map { store.submit([.appendAudit(Sample.event("a\($0)", Double(-$0)))]) }
            for commit in commits { try await commit.durable() }
            let records = try await store.auditRecords(after: 0, limit: 100)
            #expect(records.map(\.action) == (1...40).map { "a\($0)" })
            var verifier = AuditVerifier()
            for record in records { verifier.take(record, line: record.number) }
            verifier.take(end: try await store.auditHead(), line: 41)
            #expect(verifier.report().problems == [])
            #expect(try await store.auditRecords(after: 38, limit: 1).map(\.number) == [39])
        }
    }

    @Test("lists audit events newest first, from a moment back", arguments: StoreEngine.all)
    func audit(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let events = [Sample.event("a", 1), Sample.event("b", 3), Sample.event("c", 3), Sample.fullEvent]
            try await store.submit(events.map { .appendAudit($0) }).durable()
            #expect(
                try await store.auditEvents(limit: 10, before: nil) == [events[3], events[2], events[1], events[0]]
            )
            #expect(try await store.auditEvents(limit: 1, before: Sample.date(9)) == [events[2]])
            #expect(try await store.auditEvents(limit: 10, before: Sample.date(3)) == [events[0]])
        }
    }

    @Test(
        "lists checkouts of a run or a repository newest first, and drops them with their run",
        arguments: StoreEngine.all
    )
    func checkouts(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let all = [
                Sample.checkout(17, "app", 1), Sample.checkout(17, "lib", 2), Sample.checkout(18, "app", 3),
            ]
            try await store.submit(all.map { .appendCheckout($0) }).durable()
            #expect(try await store.checkouts(run: nil, repository: nil, limit: 2) == [all[2], all[1]])
            #expect(try await store.checkouts(run: RunID(17), repository: nil, limit: 9) == [all[1], all[0]])
            #expect(try await store.checkouts(run: nil, repository: "app", limit: 9) == [all[2], all[0]])
            #expect(try await store.checkoutCount(of: RunID(17)) == 2)
            #expect(try await store.checkoutCount(of: RunID(19)) == 0)
            try await store.submit([.deleteRun(RunID(17))]).durable()
            #expect(try await store.checkouts(run: nil, repository: nil, limit: 9) == [all[2]])
        }
    }

    @Test("lists jobs that ran on an image, and drops them with their run", arguments: StoreEngine.all)
    func imageUses(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let all = [(17, "a", 1), (17, "b", 2), (18, "a", 3)].map { run, image, second in
                ImageUse(image: image, run: RunID(run), job: JobID(UUID()), agent: "x", at: Sample.date(second))
            }
            try await store.submit(all.map { .appendImageUse($0) }).durable()
            #expect(try await store.imageUses(of: "a", since: Sample.date(0), limit: 9) == [all[2], all[0]])
            #expect(try await store.imageUses(of: "a", since: Sample.date(2), limit: 9) == [all[2]])
            #expect(try await store.imageUses(of: "a", since: Sample.date(0), limit: 1) == [all[2]])
            #expect(try await store.usedImages(since: Sample.date(0)) == ["a": 2, "b": 1])
            try await store.submit([.deleteRun(RunID(17))]).durable()
            #expect(try await store.usedImages(since: Sample.date(0)) == ["a": 1])
        }
    }

    @Test("numbers lines of an elastic pool's log, newest first, and drops them together", arguments: StoreEngine.all)
    func elasticLogs(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            func line(_ pool: Int, _ text: String, _ instance: Int? = nil) -> ElasticPoolLog {
                ElasticPoolLog(
                    id: 0,
                    pool: PoolID(pool),
                    at: Sample.date(1),
                    level: .warning,
                    operation: .deleteVMs,
                    message: text,
                    instance: instance
                )
            }
            let lines = [line(1, "first", 4), line(2, "other"), line(1, "second")]
            try await store.submit(lines.map { .appendElasticLog($0) }).durable()
            var expected = [lines[2], lines[0]]
            (expected[0].id, expected[1].id) = (2, 1)
            #expect(try await store.elasticLogs(of: PoolID(1), limit: 9) == expected)
            #expect(try await store.elasticLogs(of: PoolID(1), limit: 1) == [expected[0]])
            try await store.submit([.deleteElasticLogs(PoolID(1))]).durable()
            #expect(try await store.elasticLogs(of: PoolID(1), limit: 9).isEmpty)
            #expect(try await store.elasticLogs(of: PoolID(2), limit: 9).map(\.message) == ["other"])
        }
    }

    @Test("keeps test results and coverage with their run, and finds the history of a test", arguments: StoreEngine.all)
    func tests(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let runs = [Sample.testRun(3, of: 17), Sample.testRun(5, of: 18)]
            let results = [
                Sample.testResult(1, of: runs[0], test: 100, .failed),
                Sample.testResult(2, of: runs[0], test: 200, .passed),
                Sample.testResult(1, of: runs[1], test: 100, .passed),
                Sample.testResult(2, of: runs[1], test: 300, .failed),
            ]
            let coverage = [17, 18].map { run in
                CodeCoverage(
                    run: RunID(run),
                    pipeline: PipelineID(5),
                    branch: "refs/heads/main",
                    counts: [.init(label: "Lines", covered: run, total: 20)]
                )
            }
            try await store.submit(
                [.putRun(Sample.fullRun), .putTestResults(results)] + runs.map(StoreChange.putTestRun)
                    + coverage.map(StoreChange.putCoverage)
            ).durable()
            #expect(try await store.testRuns(of: RunID(17)) == [runs[0]])
            #expect(try await store.testRun(TestRunID(5)) == runs[1])
            #expect(try await store.testRuns(project: Sample.projectID, before: TestRunID(5), limit: 9) == [runs[0]])
            #expect(try await store.testResults(TestResultQuery(testRun: TestRunID(3))) == Array(results[..<2]))
            let failed = TestResultQuery(testRun: TestRunID(3), outcomes: [.failed, .error], limit: 1)
            #expect(try await store.testResults(failed) == [results[0]])
            #expect(try await store.testResults(TestResultQuery(testRun: TestRunID(3), after: 1)) == [results[1]])
            #expect(try await store.testResults(TestResultQuery(testRun: TestRunID(3), skip: 1)) == [results[1]])
            #expect(try await store.testResult(TestRunID(5), 2) == results[3])
            let history = try await store.testHistory([TestID(100)], limit: 9)
            #expect(history.map(\.result) == [results[2], results[0]])
            #expect(history[0].setting == runs[1].setting && history[0].commit == runs[1].commit)
            #expect(
                try await store.unstableTests(of: PipelineID(5), publications: 9, limit: 9) == [
                    TestID(100), TestID(300),
                ]
            )
            #expect(try await store.unstableTests(of: PipelineID(5), publications: 1, limit: 9) == [TestID(300)])
            #expect(try await store.tests(named: "test 200", pipeline: PipelineID(5), limit: 9) == [TestID(200)])
            #expect(try await store.coverage(of: RunID(18)) == coverage[1])
            let before = try await store.lastCoverage(of: PipelineID(5), branch: "refs/heads/main", before: RunID(18))
            #expect(before == coverage[0])
            var changed = results[0]
            changed.outcome = .passed
            try await store.submit([.putTestResults([changed])]).durable()
            #expect(try await store.testResult(TestRunID(3), 1) == changed)
            try await store.submit([.deleteRun(RunID(17)), .deleteTestRun(TestRunID(5))]).durable()
            #expect(try await store.testRuns(project: nil, before: nil, limit: 9).isEmpty)
            #expect(try await store.testHistory([TestID(100), TestID(300)], limit: 9).isEmpty)
            #expect(try await store.tests(named: "test 100", pipeline: nil, limit: 9).isEmpty)
            #expect(try await store.coverage(of: RunID(17)) == nil)
            #expect(try await store.load().lastTestRunID == 5)
        }
    }

    @Test("keeps artifacts with their run, and entries of the cache", arguments: StoreEngine.all)
    func content(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let artifacts = Sample.artifacts(of: RunID(17))
            try await store.submit(
                [.putRun(Sample.fullRun), .putCache(Sample.fullCache)] + artifacts.map(StoreChange.putArtifact)
            ).durable()
            #expect(try await store.artifacts(of: RunID(17)) == artifacts)
            #expect(try await store.artifacts(of: RunID(18)).isEmpty)
            #expect(try await store.artifact(artifacts[1].id) == artifacts[1])
            #expect(try await store.artifactContents() == artifacts.compactMap(\.content))
            #expect(try await store.load().caches == [Sample.fullCache])
            var used = Sample.fullCache
            used.lastUsedAt = Sample.date(9)
            try await store.submit([.putCache(used), .deleteArtifact(artifacts[0].id)]).durable()
            #expect(try await store.load().caches == [used])
            try await store.submit([.deleteCache(used.id), .deleteRun(RunID(17))]).durable()
            let end = try await store.load()
            #expect(end.caches.isEmpty)
            #expect(try await store.artifactContents().isEmpty)
            #expect([end.lastArtifactID, end.lastCacheID] == [33, 41])
        }
    }

    @Test("keeps environments, their checks and history, and what waits for them", arguments: StoreEngine.all)
    func environments(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            var run = Sample.fullRun
            try await store.submit(
                [
                    .putRun(run), .putEnvironment(Sample.environment(1)), .putEnvironment(Sample.fullEnvironment),
                    .putCheckpoint(Sample.fullCheckpoint), .putDeployment(Sample.fullDeployment),
                    .putVariableGroup(Sample.fullGroup), .putServiceConnection(Sample.fullConnection),
                ] + Sample.checks.map(StoreChange.putCheck)
            ).durable()
            let state = try await store.load()
            #expect(state.environments == [Sample.environment(1), Sample.fullEnvironment])
            #expect(state.checks == Sample.checks)
            #expect(state.variableGroups == [Sample.fullGroup])
            #expect(state.serviceConnections == [Sample.fullConnection])
            #expect(state.checkpoints == [Sample.fullCheckpoint])
            #expect(state.activeDeployments == [Sample.fullDeployment])
            run.state = .completed(.succeeded)
            try await store.submit([
                .putRun(run), .deleteEnvironment(EnvironmentID(1)), .deleteVariableGroup(VariableGroupID(7)),
                .deleteServiceConnection(Sample.fullConnection.id),
            ])
            .durable()
            let later = try await store.load()
            #expect(later.checkpoints.isEmpty && later.activeDeployments.isEmpty && later.variableGroups.isEmpty)
            #expect(later.serviceConnections.isEmpty)
            #expect(try await store.checkpoints(of: run.id) == [Sample.fullCheckpoint])
            #expect(try await store.checkpoint(Sample.fullCheckpoint.id) == Sample.fullCheckpoint)
            #expect(try await store.deployments(to: EnvironmentID(6), limit: 9) == [Sample.fullDeployment])
            try await store.submit([.deleteEnvironment(EnvironmentID(6))]).durable()
            let end = try await store.load()
            #expect(end.environments.isEmpty && end.checks.isEmpty)
            #expect([end.lastEnvironmentID, end.lastCheckID, end.lastVariableGroupID] == [6, Sample.checks.count, 7])
            #expect(try await store.deployments(to: EnvironmentID(6), limit: 9).isEmpty)
            try await store.submit([.deleteRun(run.id)]).durable()
            #expect(try await store.checkpoints(of: run.id).isEmpty)
        }
    }

    @Test("comes back with each state of a checkpoint", arguments: StoreEngine.all, Sample.checkpointStates)
    func checkpointStates(engine: StoreEngine, state: CheckpointState) async throws {
        try await engine.withStore { store in
            var checkpoint = Sample.fullCheckpoint
            checkpoint.state = state
            try await store.submit([.putCheckpoint(checkpoint)]).durable()
            #expect(try await store.checkpoint(checkpoint.id) == checkpoint)
        }
    }

    @Test("takes changes in the order of the calls", arguments: StoreEngine.all)
    func submissionOrder(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            var last = Commit.nothing()
            for number in 1...500 { last = store.submit([.putPool(Sample.pool(1, name: "\(number)"))]) }
            try await last.durable()
            #expect(try await store.load().pools.map(\.name) == ["500"])
        }
    }

    @Test("shows a durable change to whoever reads next, from many tasks", arguments: StoreEngine.all)
    func readYourWrites(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...50 {
                    group.addTask {
                        let run = Sample.run(number)
                        let job = Sample.job(number, request: number)
                        try await store.submit([.putRun(run), .putJob(job)]).durable()
                        #expect(try await store.run(RunID(number)) == run)
                        #expect(try await store.job(request: RequestID(number)) == job)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.load().activeRuns.count == 50)
        }
    }

    @Test("leaves out a submission that breaks a rule, all of it, and no other", arguments: StoreEngine.all)
    func ownFault(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let first = Sample.run(1)
            let job = Sample.job(1, request: 1)
            try await store.submit([.putRun(first), .putJob(job)]).durable()
            let before = store.submit([.putPool(Sample.pool(1))])
            let samePlan = store.submit([.putPool(Sample.pool(2)), .putRun(Sample.run(2, planID: first.planID))])
            let sameRequest = store.submit([.putPool(Sample.pool(3)), .putJob(Sample.job(1, request: 1))])
            let after = store.submit([.putPool(Sample.pool(4))])
            try await before.durable()
            try await after.durable()
            for commit in [samePlan, sameRequest] {
                let error = await #expect(throws: StoreError.self) { try await commit.durable() }
                #expect(error?.code == "store.failed")
            }
            let state = try await store.load()
            #expect(state.pools.map(\.id) == [PoolID(1), PoolID(4)])
            #expect(state.activeRuns == [first])
            #expect(state.activeJobs == [job])
            // No recovery is needed, and the run's plan is still known to be stored or is stored again.
            var running = first
            running.state = .running
            try await store.submit([.putRun(running)]).durable()
            #expect(try await store.run(RunID(1)) == running)
        }
    }

    @Test("gives a plan and a request free with the run that had them", arguments: StoreEngine.all)
    func reuseAfterDeletion(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let first = Sample.run(1)
            try await store.submit([.putRun(first), .putJob(Sample.job(1, request: 1))]).durable()
            let second = Sample.run(2, planID: first.planID)
            let job = Sample.job(2, request: 1)
            try await store.submit([.deleteRun(RunID(1)), .putRun(second), .putJob(job)]).durable()
            #expect(try await store.run(plan: first.planID) == second)
            #expect(try await store.job(request: RequestID(1)) == job)
            #expect(try await store.jobs(of: RunID(1)).isEmpty)
        }
    }

    @Test("refuses changes and questions once it is closed", arguments: StoreEngine.all)
    func closed(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let last = store.submit([.putPool(Sample.pool(1))])
            await store.close()
            try await last.durable()
            let commit = store.submit([.putPool(Sample.pool(2))])
            await #expect(throws: StoreError.self) { try await commit.durable() }
            await #expect(throws: StoreError.self) { try await store.load() }
        }
    }
}
