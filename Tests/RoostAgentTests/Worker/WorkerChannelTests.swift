import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("The channel to a worker")
struct WorkerChannelTests {
    static let configuration = WorkerConfiguration(
        rootFolder: "/agent",
        agentName: "a",
        agentID: 3,
        agentVersion: "1",
        serverURL: "https://public:444/org/"
    )

    @Test("frames arrive as they were sent, however the bytes are cut", arguments: [1, 3, 8, 1000])
    func frames(chunk: Int) throws {
        let frames: [WorkerFrame] = [
            .prepare(Self.configuration), .newJob(Self.configuration, message: Array("{}".utf8)),
            .cancel(timeout: .seconds(300)), .leaseHeld, .agentShutdown("going down"), .jobMetadata([1]), .flushLogs,
        ]
        let bytes = try frames.flatMap(WorkerChannel.encode)
        var decoder = WorkerChannel.Decoder()
        var arrived: [WorkerFrame] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            arrived += try decoder.feed(bytes[start..<min(start + chunk, bytes.count)])
        }
        #expect(arrived == frames)
    }

    @Test("nonsense is refused, kinds of a newer listener are passed over")
    func nonsense() throws {
        var decoder = WorkerChannel.Decoder()
        #expect(try decoder.feed([77, 0, 0, 0, 1, 0, 0, 0, 9]) == [])
        #expect(throws: WorkerChannelFault.self) { _ = try decoder.feed([1, 0, 0, 0, 255, 255, 255, 255]) }
        var other = WorkerChannel.Decoder()
        #expect(throws: WorkerChannelFault.self) { _ = try other.feed([1, 0, 0, 0, 2, 0, 0, 0, 9, 9]) }
    }

    @Test("results travel as exit codes")
    func exitCodes() {
        for result in TaskResult.allCases { #expect(WorkerExit.result(of: WorkerExit.code(of: result)) == result) }
        #expect(WorkerExit.code(of: .abandoned) == 105)
        #expect(WorkerExit.result(of: 1) == nil && WorkerExit.result(of: 139) == nil)
    }

    /// The smallest message with everything that must be there.
    static func message(_ connection: ServiceEndpointWire? = connection) -> PipelineAgentJobRequestWire {
        PipelineAgentJobRequestWire(
            plan: OrchestrationPlanWire(scopeIdentifier: UUID(), planType: "Build", version: 14, planId: UUID()),
            timeline: TimelineReferenceWire(id: UUID()),
            jobId: UUID(),
            mask: [MaskHintWire(type: "regex", value: "a\\.b\\-c"), MaskHintWire(type: "regex", value: "x.*y")],
            variables: ["system.collectionUri": VariableValueWire(value: "http://INNER:8080/org/")],
            resources: JobResourcesWire(
                endpoints: [connection].compactMap { $0 },
                repositories: [
                    RepositoryResourceWire(
                        alias: "self",
                        properties: RepositoryPropertiesWire(name: "r", url: "http://inner:8080/org/_git/r")
                    )
                ]
            ),
            steps: [
                JobStepWire(id: UUID(), name: "a", enabled: false, reference: TaskReferenceWire(name: "x")),
                JobStepWire(
                    id: UUID(),
                    name: "b",
                    timeoutInMinutes: 2,
                    reference: TaskReferenceWire(id: "ABC", name: "x")
                ),
            ]
        )
    }

    static let connection = ServiceEndpointWire(
        name: "systemVSSconnection",
        url: "http://inner:8080/org/",
        authorization: EndpointAuthorizationWire(scheme: "OAuth", parameters: ["accesstoken": "t"])
    )

    @Test("a message becomes an order, with literal masks and without disabled steps")
    func order() throws {
        let order = try JobOrder(Self.message())
        #expect(order.masks == ["a.b-c"])
        #expect(order.steps.map(\.name) == ["b"])
        #expect(order.steps.first?.timeout == .seconds(120))
        #expect(order.steps.first?.task.id == "abc")
        #expect(throws: JobOrderFault.noSystemConnection(count: 0)) { _ = try JobOrder(Self.message(nil)) }
        var bare = Self.connection
        bare.authorization = nil
        #expect(throws: JobOrderFault.noAccessToken) { _ = try JobOrder(Self.message(bare)) }
        var cut = Self.message()
        cut.plan = nil
        #expect(throws: JobOrderFault.missing("plan")) { _ = try JobOrder(cut) }
    }

    @Test("addresses of the server are those under which the agent knows it")
    func addresses() throws {
        let order = ServerAddresses.rewriting(try JobOrder(Self.message()), to: Self.configuration.serverURL)
        #expect(order.endpoints.first?.url == "https://public:444/org/")
        #expect(order.repositories.first?.url == "https://public:444/org/_git/r")
        #expect(order.variables["system.collectionUri"]?.value == "https://public:444/org/")
    }
}
