import Foundation
import Logging
public import RoostClient
public import RoostModel
public import RoostServer
public import RoostStore

/// A real server on a free port with its own store, for the length of a test.
public final class TestCluster: Sendable {
    public let folder: ScratchFolder
    public let app: ServerApp
    public let store: any Store
    /// A client with an administrator's token.
    public let client: RoostClient
    public let token: Secret

    public var plane: ControlPlane { app.plane }
    public var address: String { app.address }

    private init(folder: ScratchFolder, app: ServerApp, store: any Store, client: RoostClient, token: Secret) {
        self.folder = folder
        self.app = app
        self.store = store
        self.client = client
        self.token = token
    }

    /// Starts a server, runs a test against it, and removes all of it.
    ///
    /// - Parameters:
    ///   - given: nil is a real one in a file.
    ///   - givenSealer: that of a store which was used before; nil has a key of its own.
    ///   - dashboard: with the pages for people.
    ///   - providers: what makes machines of elastic pools.
    ///   - authority: has it speak TLS with a certificate of this authority, which machines are told to trust; nil has it speak HTTP.
    ///   - configure: changes settings, such as times of the protocol.
    ///   - body: the test.
    /// - Returns: what the test returns.
    /// - Throws: what the test throws, or why the server did not start.
    public static func with<Value: Sendable>(
        store given: (any Store)? = nil,
        sealer givenSealer: (any SecretSealer)? = nil,
        dashboard: Bool = false,
        providers: [String: any MachineProvider] = [:],
        authority: AuthorityFiles? = nil,
        configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: @Sendable @escaping (TestCluster) async throws -> Value
    ) async throws -> Value {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.data = folder.path
        configuration.rateLimit = 0
        // Tests read what a message began from its answer, however slow the machine is.
        configuration.webhookPatience = .seconds(120)
        configuration.issuerPatience = .seconds(120)
        configuration.shutdownGrace = .seconds(2)
        configuration.tlsCertificate = authority?.certificate
        configuration.tlsKey = authority?.key
        configuration.machineAuthority = authority?.authority
        configure(&configuration)
        var logger = Logger(label: "roost.test")
        logger.logLevel = .critical
        let sealer: any SecretSealer = try givenSealer ?? AESSealer(keyFile: "\(folder.path)/seal.key")
        let store: any Store
        if let given {
            store = given
        } else {
            store = try SQLiteStore(path: "\(folder.path)/roost.db", sealer: sealer, logger: logger)
        }
        let app = try ServerApp(
            configuration: configuration,
            store: store,
            blobs: try FolderBlobStore(path: "\(folder.path)/blobs"),
            sealer: sealer,
            logger: logger,
            signingKeys: TestSigningKeys.source(),
            providers: providers,
            addPages: dashboard ? try Dashboard.pages() : { _, _ in }
        )
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await app.run()
                return nil
            }
            group.addTask { try await test(app, store, folder, authority?.authority, body) }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                guard let value else { continue }
                try await group.waitForAll()
                return value
            }
            throw TestFailure("the server ended before the test did")
        }
    }

    private static func test<Value: Sendable>(
        _ app: ServerApp,
        _ store: any Store,
        _ folder: ScratchFolder,
        _ authority: String?,
        _ body: @Sendable (TestCluster) async throws -> Value
    ) async throws -> Value? {
        try await app.ready()
        let made = try await app.plane.createToken(
            user: "admin",
            name: "test",
            scopes: [.full],
            lifetime: .seconds(3600),
            by: .system
        )
        let client = try RoostClient(
            url: app.address,
            credential: .personalToken(made.value),
            options: ClientOptions(userAgent: "test", authorityFile: authority)
        )
        let cluster = TestCluster(folder: folder, app: app, store: store, client: client, token: made.value)
        let result: Result<Value, any Error>
        do { result = .success(try await body(cluster)) } catch { result = .failure(error) }
        await client.close()
        await app.stop()
        await store.close()
        return try result.get()
    }

    // MARK: What tests do

    /// A pipeline of a repository's `azure-pipelines.yml` in the first project; its address is its folder unless another is given.
    public func pipeline(
        _ repository: ScratchRepository,
        name: String = "ci",
        yamlPath: String = "azure-pipelines.yml",
        url: String? = nil
    )
        async throws -> Pipeline
    {
        guard let project = plane.projects().first else { throw TestFailure("there is no project") }
        return try await plane.createPipeline(
            name: name,
            project: project.id,
            repository: PipelineRepository(url: url ?? repository.path, name: name, defaultBranch: "refs/heads/main"),
            yamlPath: yamlPath,
            by: .system
        )
    }

    /// The pool that the first start makes.
    public var defaultPool: AgentPool {
        get throws {
            guard let pool = plane.pool(named: "Default") else { throw TestFailure("there is no pool 'Default'") }
            return pool
        }
    }

    /// Queues a run and returns it.
    public func queue(_ pipeline: Pipeline, variables: [String: PipelineVariable] = [:]) async throws -> Run {
        try await plane.queueRun(RunRequest(pipeline: pipeline.id, variables: variables), by: .system)
    }

    /// Waits for the end of a run.
    public func finished(_ id: RunID) async throws -> RunView {
        for await event in try await plane.events(run: id) {
            if case .run(let run) = event, run.state.isCompleted { break }
        }
        return try await plane.run(id)
    }
}
