import ArgumentParser
import Dispatch
import Glibc
import RoostAgent
import RoostModel
import RoostProviders

/// The entry of the program.
@main
enum Entry {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        // Keepers of machines are copies of a process that has one thread and has done nothing else.
        if words == [KeeperProgram.word] { exit(KeeperProgram.run()) }
        // `roost up` starts its agents as processes of this program, and they start their workers so.
        if words.first == AgentProgram.word {
            AgentMain.start(Array(words.dropFirst()), program: .current(leading: [AgentProgram.word]))
        }
        Task.detached {
            await Roost.main()
            exit(0)
        }
        dispatchMain()
    }
}

/// The root of all commands.
struct Roost: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "roost",
        abstract: "Run build pipelines on machines you own.",
        discussion: """
            'roost run azure-pipelines.yml' runs a pipeline here, without a server. The other commands talk to a server: \
            log in once with 'roost login URL'.
            """,
        version: version,
        subcommands: [
            UpCommand.self,
            ServerCommand.self,
            RunCommand.self,
            LintCommand.self,
            ExpandCommand.self,
            LanguageServerCommand.self,
            ImageCommand.self,
            HCLCommand.self,
            GalleryCommand.self,
            ImageDefinitionCommand.self,
            ImageVersionCommand.self,
            ImageTemplateCommand.self,
            PipelineCommand.self,
            ArtifactCommand.self,
            CacheCommand.self,
            RepositoryCommand.self,
            TestCommand.self,
            JobCommand.self,
            QueueCommand.self,
            ApprovalCommand.self,
            EnvironmentCommand.self,
            VariableGroupCommand.self,
            ServiceConnectionCommand.self,
            TaskCommand.self,
            PackageCommand.self,
            SecureFileCommand.self,
            VaultCommand.self,
            PoolCommand.self,
            ProviderCommand.self,
            AgentCommand.self,
            ProjectCommand.self,
            TrustCommand.self,
            TokenCommand.self,
            SignInCommand.self,
            UserCommand.self,
            RoleCommand.self,
            PermissionCommand.self,
            MachineCommand.self,
            IdentityCommand.self,
            AuditCommand.self,
            WarningsCommand.self,
            LoginCommand.self,
            LogoutCommand.self,
            StatusCommand.self,
        ]
    )

    /// Runs a command and ends the process with its code; every error of a command is said here, once.
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let failure = misspeltCommand(in: arguments, of: Self.self) { exit(withError: fail(failure)) }
        var command: any ParsableCommand
        do { command = try await asyncParseAsRoot(arguments) } catch { exit(withError: error) }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch is Interruption {
            exit(withError: RoostExit.interrupted.code)
        } catch {
            // Help that was asked for comes as an error too, one that ArgumentParser knows how to end with.
            let isHelp = !(error is any UserFacingError) && exitCode(for: error) == .success
            exit(withError: isHelp ? error : fail(error))
        }
    }
}
