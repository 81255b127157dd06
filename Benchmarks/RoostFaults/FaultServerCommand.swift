import ArgumentParser
import Foundation
import Logging
import RoostWire
import RoostModel
import RoostProviders
import RoostServer
import RoostStore
import RoostTesting

/// The server of a run, in a process of its own, so that it can be killed.
struct FaultServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve over a provider that fails; 'run' starts it.",
        shouldDisplay: false
    )

    @Option(help: "The run's folder.")
    var folder: String
    @Option(help: "Listen here.")
    var port: Int
    @Option(help: "What makes machines.")
    var provider: FaultProviderKind
    @Option(help: "Of the provider's faults.")
    var seed: UInt64
    @Option(help: "Of 1,000 calls of the provider so many go wrong.")
    var perThousand: Int

    func run() async throws {
        var logger = Logger(label: "roost.faults")
        logger.logLevel = .error
        var configuration = ServerConfiguration()
        configuration.port = port
        configuration.data = "\(folder)/data"
        configuration.rateLimit = 0
        try FileManager.default.createDirectory(atPath: configuration.data, withIntermediateDirectories: true)
        let sealer = try AESSealer(keyFile: "\(folder)/seal.key")
        let store = try SQLiteStore(path: "\(folder)/roost.db", sealer: sealer, logger: logger)
        let app = try ServerApp(
            configuration: configuration,
            store: store,
            blobs: try FolderBlobStore(path: "\(folder)/blobs"),
            sealer: sealer,
            logger: logger,
            providers: [provider.rawValue: try faultyProvider()]
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            try await app.ready()
            try await makeToken(app)
            print("The server listens on \(app.address)")
            fflush(nil)
            // It serves until it is killed.
            try await group.waitForAll()
        }
        await store.close()
    }

    private func makeToken(_ app: ServerApp) async throws {
        let file = "\(folder)/token"
        guard !FileManager.default.fileExists(atPath: file) else { return }
        let made = try await app.plane.createToken(
            user: "admin",
            name: "faults",
            scopes: [.full],
            lifetime: .seconds(86_400),
            by: .system
        )
        let contents = Data(made.value.exposed.utf8)
        _ = FileManager.default.createFile(atPath: file, contents: contents, attributes: [.posixPermissions: 0o600])
    }

    private func faultyProvider() throws -> FaultyProvider {
        let keeper = KeeperProgram(executable: "\(ChildProgram.buildFolder)/roost")
        let agent = "\(ChildProgram.buildFolder)/roost-agent"
        let keys = AgentKeyStock { Secret(String(decoding: try AgentKey.generate().fileContent, as: UTF8.self)) }
        let place = "\(folder)/machines"
        let inner: any MachineProvider
        var image: MachineImage?
        switch provider {
        case .process:
            // Jobs leave their notes in a file outside of the machine.
            let words = [agent, "boot", "--root", "{root}", "--isolation", "off"]
            let program = MachineProgramChoice(executable: agent, words: words)
            inner = try ProcessProvider(folder: place, program: program, keeper: keeper, keys: keys)
        case .sandbox:
            let program = SandboxProgram.agent(agent, authorityFile: nil)
            inner = try SandboxProvider(folder: place, program: program, keeper: keeper, keys: keys)
            image = FaultImage(folder: folder).image
        }
        return FaultyProvider(inner, image: image, FaultLedger(folder: folder), seed: seed, perThousand: perThousand)
    }
}
