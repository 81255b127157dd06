import Foundation
import Logging
import RoostModel
import RoostServer
import RoostStore
import ServiceLifecycle
import UnixSignals

/// A server with its store open.
struct LocalServer: Sendable {
    let app: ServerApp
    let store: SQLiteStore
    let folder: String

    /// The file with the administrator's token of the first start.
    var tokenFile: String { "\(folder)/admin-token" }

    /// Opens the data folder and puts the server together.
    static func open(_ configuration: ServerConfiguration) async throws -> LocalServer {
        LoggingSystem.bootstrap { ServerLogHandler(label: $0, configuration: configuration) }
        let folder = configuration.data
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StoreError.cannotOpen(path: folder, reason: "the folder cannot be made")
        }
        let environment = ProcessInfo.processInfo.environment
        let sealed = try await SealedStore.open(configuration, environment: environment).finished()
        let app = try ServerApp(
            configuration: configuration,
            store: sealed.store,
            blobs: try FolderBlobStore(path: "\(folder)/blobs"),
            sealer: sealed.sealer,
            logger: Logger(label: "roost.server"),
            providers: LocalProviders.all(configuration, logger: Logger(label: "roost.machines")),
            addPages: try Dashboard.pages()
        )
        return LocalServer(app: app, store: sealed.store, folder: folder)
    }

    /// Serves until SIGTERM or SIGINT, or until the closure that runs beside it returns.
    ///
    /// What runs beside it ends first, so that agents can hand back their jobs.
    func serve(beside: (@Sendable (LocalServer) async throws -> Void)? = nil) async throws {
        do { try await run(beside) } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    private enum Ended {
        case server, signal, company
    }

    private func run(_ beside: (@Sendable (LocalServer) async throws -> Void)?) async throws {
        try await withThrowingTaskGroup(of: Ended.self) { group in
            group.addTask {
                try await app.run()
                return .server
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { break }
                return .signal
            }
            try await app.ready()
            try await ensureToken()
            Terminal.print("Roost listens on \(app.address)")
            let company = beside.map { beside in Task { try await beside(self) } }
            defer { company?.cancel() }
            if let company {
                group.addTask {
                    do { try await company.value } catch is CancellationError {}
                    return .company
                }
            }
            if try await group.next() != .server {
                company?.cancel()
                _ = await company?.result
                await app.stop()
                while let ended = try await group.next(), ended != .server {}
            }
            group.cancelAll()
        }
    }

    /// The administrator of the first start gets a token; it is in one file, and nowhere else.
    private func ensureToken() async throws {
        guard !app.plane.hasTokens else { return }
        let made = try await app.plane.createToken(
            user: "admin",
            name: "first start",
            scopes: [.full],
            lifetime: .seconds(90 * 86_400),
            by: .system
        )
        let contents = Data("\(made.value.exposed)\n".utf8)
        guard
            FileManager.default.createFile(
                atPath: tokenFile,
                contents: contents,
                attributes: [.posixPermissions: 0o600]
            )
        else { throw StoreError.cannotOpen(path: tokenFile, reason: "it cannot be written") }
        let days = Int(made.token.expiresAt.timeIntervalSince(made.token.createdAt) / 86_400)
        Terminal.print("The administrator's token is in \(tokenFile); it is good for \(days) days.")
    }
}
