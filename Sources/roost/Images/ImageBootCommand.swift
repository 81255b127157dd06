import ArgumentParser
import Foundation
import RoostImages
import RoostModel

/// `roost image boot`: starts an image, and forgets what it changes.
struct ImageBootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boot",
        abstract: "Start an image as a sandbox or as a virtual machine.",
        discussion: """
            The image stays as it is: what the machine changes is dropped when it ends. Its console is shown. Ctrl-C ends it.

              roost image boot agent.tar.zst --url https://roost.example.org --pool linux --token-file token.txt
              roost image boot agent.qcow2 --as machine --memory 2048

            With --url, an image in which the agent's ./boot.sh was installed joins the pool by itself.

            Exit codes: 0 it ended well or was stopped, 1 it failed, 64 wrong usage.
            """
    )

    @Argument(help: "A disk, an archive or a folder, as builds write them.", completion: .file())
    var image: String

    @Option(name: .customLong("as"), help: "How it starts; by default a disk is a machine, and others are a sandbox.")
    var way: BootWay?

    @OptionGroup(title: "Joining") var joining: BootJoiningOptions
    @OptionGroup(title: "The machine") var machine: BootMachineOptions

    @Option(help: ArgumentHelp("In a sandbox, what is run instead of /etc/roost/boot.", valueName: "line"))
    var command: String?

    @Option(help: "Where layers are kept; by default ~/.cache/roost/image-layers.", completion: .directory)
    var cacheFolder: String?

    func run() async throws {
        let values = try joining.values()
        let path = URL(filePath: image).standardizedFileURL.path
        let isMachine = try (way ?? (DiskFile.isOne(path) ? .machine : .sandbox)) == .machine
        let result = await BuildInterruption.watching { () async -> Result<Int32, any Error> in
            do {
                if isMachine { return .success(try await bootMachine(path, values)) }
                return .success(try await bootSandbox(path, values))
            } catch { return .failure(error) }
        }
        switch result {
        case .success(0), .failure(is CancellationError): return
        case .success(let code): throw BootFailure.ended(program: command ?? SandboxBoot.standardCommand, code: code)
        case .failure(let error): throw error
        }
    }

    private var cache: String { cacheFolder ?? LayerCache.standardFolder(ProcessInfo.processInfo.environment) }

    private func bootSandbox(_ path: String, _ values: BootValues?) async throws -> Int32 {
        let context = BuildContext(
            runID: UUID().uuidString.lowercased(),
            workingFolder: FileManager.default.currentDirectoryPath,
            environment: ProcessInfo.processInfo.environment,
            now: Date(),
            say: { message in
                switch message {
                case .step(let text), .detail(let text), .error(let text): Terminal.printError(text)
                }
            }
        )
        let hasNetwork = machine.network.map { $0 != .none } ?? (values != nil)
        return try await SandboxBoot(cacheFolder: cache, command: command, hasNetwork: hasNetwork)
            .run(path, values, context) { Terminal.print($0) }
    }

    private func bootMachine(_ path: String, _ values: BootValues?) async throws -> Int32 {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
        let network = machine.network ?? (values == nil ? .none : .server)
        var boot = MachineBoot(cacheFolder: cache, network: network, program: own)
        boot.memory = machine.memory
        boot.processors = machine.processors
        boot.accelerator = machine.accelerator
        try await boot.run(path, values) { Terminal.print($0) }
        return 0
    }
}

/// How an image starts.
enum BootWay: String, ExpressibleByArgument, CaseIterable { case sandbox, machine }

/// What an image joins.
struct BootJoiningOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server that its agent joins.", valueName: "address"))
    var url: String?

    @Option(help: "The pool that it joins; by default the first one, Default.")
    var pool: String?

    @Option(help: "The agent's name; by default the machine chooses one.")
    var agent: String?

    @Option(
        help: ArgumentHelp("An enrollment token; - reads it from standard input.", valueName: "file"),
        completion: .file()
    )
    var tokenFile: String?

    func validate() throws {
        guard (url == nil) == (tokenFile == nil), url != nil || (pool == nil && agent == nil) else {
            throw ValidationError("--url and --token-file go together; --pool and --agent need them.")
        }
    }

    func values() throws -> BootValues? {
        guard let url, let tokenFile else { return nil }
        guard let address = URL(string: url) else { throw BootFailure.url(url) }
        return BootValues(url: address, pool: pool, agent: agent, token: Secret(try SecretFile.read(tokenFile)))
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

    func validate() throws {
        guard (64...1 << 20).contains(memory), (1...256).contains(processors) else {
            throw ValidationError("--memory is from 64 to 1048576 MiB, --processors from 1 to 256.")
        }
    }
}
