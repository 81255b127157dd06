import ArgumentParser
import Foundation
import RoostClient
import RoostImages
import RoostModel
import RoostTemplate
import RoostWire

/// `roost image boot`: starts an image, and forgets what it changes.
struct ImageBootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boot",
        abstract: "Start an image as a sandbox or as a virtual machine.",
        discussion: """
            The image stays as it is: what the machine changes is dropped when it ends. Its console is shown. Ctrl-C ends it.

              roost image boot agent.tar.zst --url https://roost.example.org --pool linux --token-file token.txt
              roost image boot agent.qcow2 --as machine --memory 2048
              roost image boot agents debian 1.4 --pool linux

            An image in which the agent's ./boot.sh was installed joins a pool by itself: with --url and --token-file that of any server, with \
            --pool alone that of the server of 'roost login', ROOST_URL and ROOST_TOKEN, with a token that is good for an hour and one agent. \
            Versions of galleries come from that server, too.

            Exit codes: 0 it ended well or was stopped, 1 it failed, 64 wrong usage.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A disk, an archive or a folder, as builds write them; or a gallery, a definition and what is wanted of it, by default the latest version.",
            valueName: "file|gallery definition version"
        ),
        completion: .file()
    )
    var image: [String]

    @Option(
        name: .customLong("as"),
        help: "How it starts; by default a file with a disk is a machine, and all others are a sandbox."
    )
    var way: BootWay?

    @OptionGroup(title: "Joining") var joining: BootJoiningOptions
    @OptionGroup(title: "The machine") var machine: BootMachineOptions

    @Option(help: ArgumentHelp("In a sandbox, what is run instead of /etc/roost/boot.", valueName: "line"))
    var command: String?

    @Option(help: "Where layers are kept; by default ~/.cache/roost/image-layers.", completion: .directory)
    var cacheFolder: String?

    func validate() throws {
        guard (1...3).contains(image.count), !image.contains("") else {
            throw ValidationError("Name one file, or a gallery, a definition and, if need be, a version.")
        }
    }

    func run() async throws {
        let image = image.count == 1 ? BootImage.path(Self.absolute(image[0])) : .version(version)
        let isMachine = try (way ?? (image.isDisk == true ? .machine : .sandbox)) == .machine
        let server = try await server()
        let result = await Self.result {
            let values = try await joining.values(server)
            return try await Self.watched {
                isMachine
                    ? try await bootMachine(image, values, server) : try await bootSandbox(image, values, server)
            }
        }
        await server?.close()
        switch result {
        case .success(0), .failure(is CancellationError): return
        case .success(let code): throw BootFailure.ended(program: command ?? SandboxBoot.standardCommand, code: code)
        case .failure(let error): throw error
        }
    }

    private static func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }

    private var version: GalleryImageVersion {
        let name = GalleryImageName(resourceGroup: "", gallery: image[0], image: image[1])
        return GalleryImageVersion(image: name, version: image.count == 3 ? image[2] : "latest")
    }

    /// The server of the sign-in, when something of it is wanted.
    private func server() async throws -> Connection? {
        guard image.count > 1 || joining.needsServer else { return nil }
        return try Connection(try await ConnectionOptions.parse([]).current())
    }

    private static func result(_ work: () async throws -> Int32) async -> Result<Int32, any Error> {
        do { return .success(try await work()) } catch { return .failure(error) }
    }

    private static func watched(_ work: @escaping @Sendable () async throws -> Int32) async throws -> Int32 {
        try await BuildInterruption.watching { await result(work) }.get()
    }

    private var cache: String { cacheFolder ?? LayerCache.standardFolder(ProcessInfo.processInfo.environment) }

    private func bootSandbox(
        _ image: BootImage,
        _ values: BootValues?,
        _ server: Connection?
    ) async throws -> Int32 {
        let context = BuildContext(
            runID: UUID().uuidString.lowercased(),
            workingFolder: FileManager.default.currentDirectoryPath,
            environment: ProcessInfo.processInfo.environment,
            gallery: server.map { ServerGallery(server: $0) },
            now: Date(),
            say: { message in
                switch message {
                case .step(let text), .detail(let text), .error(let text): Terminal.printError(text)
                }
            }
        )
        let hasNetwork = machine.network.map { $0 != .none } ?? (values != nil)
        return try await SandboxBoot(cacheFolder: cache, command: command, hasNetwork: hasNetwork)
            .run(image, values, context) { Terminal.print($0) }
    }

    private func bootMachine(
        _ image: BootImage,
        _ values: BootValues?,
        _ server: Connection?
    ) async throws -> Int32 {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
        let network = machine.network ?? (values == nil ? .none : .server)
        var boot = MachineBoot(cacheFolder: cache, network: network, program: own)
        boot.memory = machine.memory
        boot.processors = machine.processors
        boot.accelerator = machine.accelerator
        boot.firmware = machine.firmware
        boot.gallery = server.map { ServerGallery(server: $0) }
        try await boot.run(image, values) { Terminal.print($0) }
        return 0
    }
}

/// How an image starts.
enum BootWay: String, ExpressibleByArgument, CaseIterable { case sandbox, machine }

/// What an image joins.
struct BootJoiningOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server that its agent joins.", valueName: "address"))
    var url: String?

    @Option(help: "The pool that it joins; with --url, by default the first one, Default.")
    var pool: String?

    @Option(help: "The agent's name; by default the machine chooses one.")
    var agent: String?

    @Option(
        help: ArgumentHelp("An enrollment token; - reads it from standard input.", valueName: "file"),
        completion: .file()
    )
    var tokenFile: String?

    func validate() throws {
        guard (url == nil) == (tokenFile == nil) else {
            throw ValidationError("--url and --token-file go together.")
        }
        guard agent == nil || url != nil || pool != nil else {
            throw ValidationError("--agent needs --pool, or --url and --token-file.")
        }
    }

    /// Whether the server of the sign-in makes the token.
    var needsServer: Bool { url == nil && pool != nil }

    /// What is handed in; `server` is that of the sign-in.
    func values(_ server: Connection?) async throws -> BootValues? {
        if needsServer, let pool, let server { return try await values(server, pool) }
        guard let url, let tokenFile else { return nil }
        guard let address = URL(string: url) else { throw BootFailure.url(url) }
        return BootValues(url: address, pool: pool, agent: agent, token: Secret(try SecretFile.read(tokenFile)))
    }

    /// How long a machine may take to start.
    private static let tokenDays = 1.0 / 24

    private func values(_ server: Connection, _ pool: String) async throws -> BootValues {
        guard let address = URL(string: server.url) else { throw BootFailure.url(server.url) }
        let found = try await server.pool(pool)
        let made = try await server.client.createEnrollmentToken(
            pool: found.id,
            EnrollmentTokenWire(uses: 1, days: Self.tokenDays)
        )
        guard let token = made.token else { throw CommandFailure.incompleteAnswer(what: "token") }
        return BootValues(url: address, pool: found.pool.name ?? pool, agent: agent, token: Secret(token))
    }
}

/// What a virtual machine is made of.
struct BootMachineOptions: ParsableArguments {
    @Option(help: "What it reaches: none, the server alone, or what this machine reaches. A sandbox with any sees all.")
    var network: MachineBoot.Network?

    @Option(help: ArgumentHelp("Its memory.", valueName: "MiB"))
    var memory = 1024

    @Option(help: "Its processors.")
    var processors = 2

    @Option(
        help: "What makes its processors; auto tries the kernel's, and takes the slow one, tcg, where it does not work."
    )
    var accelerator: MachineBoot.Accelerator = .auto

    @Option(help: "What starts the loader of its disk.")
    var firmware: MachineFirmware = .bios

    func validate() throws {
        guard (64...1 << 20).contains(memory), (1...256).contains(processors) else {
            throw ValidationError("--memory is from 64 to 1048576 MiB, --processors from 1 to 256.")
        }
    }
}
