public import FoundationEssentials
import HTTPTypes
public import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOPosix
public import RoostModel
public import RoostStore
public import ServiceLifecycle
import Synchronization

/// The server: control plane, routes and HTTP in one service.
///
/// Order of start: the store is loaded, then the control plane's loop runs, then the port is open. A stop goes the other way: waits of
/// agents and watchers end at once, requests under way get `shutdown-grace`, then the control plane's loop ends. The store is the
/// caller's, who closes it after ``run()``.
public final class ServerApp: Service {
    /// How it runs.
    public let configuration: ServerConfiguration
    /// The port that is listened on, also when the configuration says 0.
    public let port: Int
    /// The address agents and people use, ending in a slash.
    public let address: String
    /// What routes and pages work with.
    public let plane: ControlPlane
    /// For the server and its requests.
    public let logger: Logger
    /// All routes that declare their access, for tests that walk them.
    let routes: [Route]
    let front: FrontResponder
    /// What begins runs without a person.
    let triggers: TriggerService
    private let server: HTTPServerBuilder
    private let reservation: PortReservation?
    private let startup = Startup()
    private let group = Mutex<ServiceGroup?>(nil)

    /// Puts a server together; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - configuration: how it runs.
    ///   - store: open, used by no one else.
    ///   - blobs: contents of logs and artifacts.
    ///   - sealer: hides the bytes of secure files.
    ///   - logger: for the server and its requests.
    ///   - vaultTokens: accepts access tokens for vaults; personal access tokens are accepted in any case.
    ///   - signingKeys: gives the private parts of new keys that tokens are signed with, PKCS#1; nil makes them.
    ///   - providers: what makes machines of elastic pools, by kind.
    ///   - addPages: adds pages for people, which listeners' and jobs' tokens never reach.
    /// - Throws: ``ServerStartError`` when certificate, key or host cannot be used.
    public convenience init(
        configuration: ServerConfiguration,
        store: any Store,
        blobs: any BlobStore,
        sealer: any SecretSealer,
        logger: Logger,
        vaultTokens: (any AudienceTokens)? = nil,
        signingKeys: (@Sendable () throws -> Data)? = nil,
        providers: [String: any MachineProvider] = [:],
        addPages: (Router<RoostRequestContext>, PageServices) -> Void = { _, _ in }
    ) throws(ServerStartError) {
        try self.init(
            configuration: configuration,
            store: store,
            blobs: blobs,
            sealer: sealer,
            logger: logger,
            vaultTokens: vaultTokens,
            signingKeys: signingKeys,
            providers: providers,
            handler: nil,
            addPages: addPages
        )
    }

    /// The same, where one handler may stand in for that of every route: who gets so far is what tests of access ask.
    init(
        configuration: ServerConfiguration,
        store: any Store,
        blobs: any BlobStore,
        sealer: any SecretSealer,
        logger: Logger,
        vaultTokens: (any AudienceTokens)? = nil,
        signingKeys: (@Sendable () throws -> Data)? = nil,
        providers: [String: any MachineProvider] = [:],
        handler: Route.Handler?,
        addPages: (Router<RoostRequestContext>, PageServices) -> Void = { _, _ in }
    ) throws(ServerStartError) {
        self.configuration = configuration
        self.logger = logger
        if configuration.port == 0 {
            guard let reservation = PortReservation(host: configuration.host) else {
                throw .addressUnavailable(host: configuration.host, port: 0, reason: "it is no address of this machine")
            }
            self.reservation = reservation
            port = reservation.port
        } else {
            reservation = nil
            port = configuration.port
        }
        address = configuration.address(port: port)
        plane = ControlPlane(
            store: store,
            blobs: blobs,
            settings: configuration.controlSettings(port: port),
            sealer: sealer,
            signingKeys: signingKeys,
            providers: providers,
            logger: logger
        )
        triggers = TriggerService(plane: plane)
        let connections = OpenConnections()
        server = try Self.builder(configuration, connections)

        let table = RouteTable()
        addAllRoutes(to: table, openMetrics: configuration.openMetrics)
        if let handler { table.replaceHandlers(by: handler) }
        routes = table.routes
        let services = RouteServices(
            plane: plane,
            configuration: configuration,
            address: address,
            authenticator: Authenticator(plane: plane),
            limiter: RateLimiter(rate: configuration.rateLimit, burst: configuration.rateBurst),
            metrics: ServerMetrics(table.routes),
            connections: connections,
            triggers: triggers,
            issuerKeys: IssuerKeyCache(
                IssuerKeyFetch(
                    authorityFile: configuration.issuerAuthorities,
                    patience: TimeAmount(configuration.issuerPatience)
                )
            ),
            grantLimiter: RateLimiter(rate: min(configuration.rateLimit, 50), burst: 200)
        )
        let service = Router(context: RoostRequestContext.self, options: .autoGenerateHeadEndpoints)
        let root = Router(context: RoostRequestContext.self, options: .autoGenerateHeadEndpoints)
        table.mount(services: services, service: service, root: root)
        if configuration.dashboard {
            root.add(middleware: PageGate(services: services))
            addPages(root, PageServices(services))
        }
        front = FrontResponder(
            index: RouteIndex(table.routes),
            service: service.buildResponder(),
            root: root.buildResponder(),
            bodyLimit: configuration.bodyLimit,
            vaults: Self.vaults(services, vaultTokens)
        )
    }

    private static func vaults(_ services: RouteServices, _ tokens: (any AudienceTokens)?) -> VaultResponder {
        let host = VaultHost(
            suffix: services.configuration.vaultSuffix,
            port: URL(string: services.address)?.port
        )
        return VaultResponder(
            plane: services.plane,
            host: host,
            gate: VaultGate(
                plane: services.plane,
                resource: host.resource,
                tokens: tokens ?? VaultTokens(plane: services.plane)
            ),
            limiter: services.limiter,
            address: services.address,
            bodyLimit: services.configuration.bodyLimit.bytes,
            metrics: services.metrics
        )
    }

    private static func builder(
        _ configuration: ServerConfiguration,
        _ connections: OpenConnections
    ) throws(ServerStartError) -> HTTPServerBuilder {
        let limits = HTTP1Channel.Configuration(
            additionalChannelHandlers: [OpenConnections.Handler(connections: connections)],
            idleTimeout: TimeAmount(configuration.idleTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: configuration.headerLimit.bytes,
                maxHeaderListSize: configuration.headerLimit.bytes,
                maxHeaderFieldCount: configuration.headerCount
            )
        )
        let http = HTTPServerBuilder { KeptChannel(HTTP1Channel(responder: $0, configuration: limits)) }
        guard let certificate = configuration.tlsCertificate, let key = configuration.tlsKey else { return http }
        let tls = try TLSFiles.configuration(certificate: certificate, key: key)
        do { return try .tls(http, tlsConfiguration: tls) } catch { throw .tlsUnusable(reason: "\(error)") }
    }

    // MARK: Running

    /// Serves until the surrounding service group, or ``stop()``, asks it to end.
    ///
    /// - Throws: ``ServerStartError`` when the port cannot be listened on, `StoreError` when the store cannot be loaded.
    public func run() async throws {
        do {
            OpenFileLimit.raise()
            try await plane.load()
            plane.prepareSigningKey()
            let group = try serviceGroup()
            self.group.withLock { $0 = group }
            try await group.run()
            startup.fail(ControlError.shuttingDown)
        } catch {
            let known = Self.startError(error, configuration.host, port) ?? error
            startup.fail(known)
            throw known
        }
    }

    /// Returns once the port is open.
    ///
    /// - Throws: what kept the server from it.
    public func ready() async throws { try await startup.wait() }

    /// Asks the server to end; ``run()`` returns when it has.
    public func stop() async {
        let group = group.withLock { $0 }
        await group?.triggerGracefulShutdown()
    }

    private func serviceGroup() throws -> ServiceGroup {
        let http = try server.buildServer(
            configuration: HummingbirdCore.ServerConfiguration(
                address: .hostname(configuration.host, port: port),
                backlog: 4096,
                availableConnectionsDelegate: configuration.maxConnections > 0
                    ? MaximumAvailableConnections(configuration.maxConnections) : nil
            ),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger,
            responder: { [front, logger] request, writer, channel in
                try await Self.respond(to: request, writer, channel, front, logger)
            },
            onServerRunning: { [weak self] _ in self?.listens() }
        )
        var services: [any Service] = [plane, triggers]
        if configuration.runRetention > .zero {
            services.append(RunRetention(plane: plane, keep: configuration.runRetention, logger: logger))
        }
        services.append(SecretPurge(plane: plane))
        services.append(ContentKeeping(plane: plane, logger: logger))
        services.append(ImageReplication(plane: plane))
        services.append(ImageTemplateBuilds(plane: plane))
        services.append(ElasticPoolService(plane: plane))
        services.append(AgentUpdateService(plane: plane))
        services.append(MaintenanceClock(plane: plane))
        services.append(RefusalCount(plane: plane))
        services.append(CredentialWatch(plane: plane, certificate: configuration.tlsCertificate, logger: logger))
        // Services are stopped from the last to the first, each before the next is asked.
        services += [http, StopNotice(plane: plane)]
        var settings = ServiceGroupConfiguration(services: services, logger: logger)
        settings.maximumGracefulShutdownDuration = configuration.shutdownGrace
        return ServiceGroup(configuration: settings)
    }

    private func listens() {
        reservation?.release()
        logger.notice(
            "listening",
            metadata: ["address": "\(address)", "host": "\(configuration.host)", "port": "\(port)"]
        )
        startup.succeed()
    }

    private static func respond(
        to request: Request,
        _ writer: consuming ResponseWriter,
        _ channel: any Channel,
        _ front: FrontResponder,
        _ logger: Logger
    ) async throws {
        // .NET clients announce large bodies and wait a moment for leave to send them.
        if request.headers[.expect]?.lowercased() == "100-continue", !front.refusesBody(of: request) {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        let source = ApplicationRequestContextSource(channel: channel, logger: logger)
        let response = await front.respond(to: request, source: source)
        do {
            try await writer.write(response: response.head, body: response.body)
        } catch {
            // A second answer must not follow a broken one: only the connection can end.
            throw BrokenConnection()
        }
    }

    private struct BrokenConnection: Error {}

    private static func startError(_ error: any Error, _ host: String, _ port: Int) -> ServerStartError? {
        switch error {
        case let error as ServerStartError: return error
        case let error as IOError:
            switch error.errnoCode {
            case EADDRINUSE: return .portInUse(host: host, port: port)
            case EACCES, EPERM: return .portForbidden(host: host, port: port)
            default: return .addressUnavailable(host: host, port: port, reason: "\(error)")
            }
        case is SocketAddressError: return .addressUnavailable(host: host, port: port, reason: "the name is not known")
        default: return nil
        }
    }
}

/// Ends all waits as soon as a stop is asked for, so that no long poll holds it up.
private struct StopNotice: Service {
    let plane: ControlPlane

    func run() async throws {
        try? await gracefulShutdown()
        plane.beginStopping()
    }
}
