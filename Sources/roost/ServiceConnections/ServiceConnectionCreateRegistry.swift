import ArgumentParser
import RoostClient
import RoostWire

struct ServiceConnectionCreateRegistry: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-registry",
        abstract: "Make a connection to a registry of container images that wants a name and a password.",
        discussion: """
            Containers of jobs name it under 'endpoint'. Only the jobs that do get the password. Pipelines must be permitted to use it.

            Example:
              roost service-connection create-registry images --registry registry.example.org --username ci --password-file -
            """
    )

    @Argument(help: "Its name, unique in the project.")
    var name: String

    @Option(help: "Address of the registry.")
    var registry: String

    @Option(help: "The account's name.")
    var username: String

    @Option(help: ArgumentHelp("Read the password from a file; - is standard input.", valueName: "path"))
    var passwordFile: String

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup var permission: FirstPermissionOptions

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let parameters = [
            "registry": registry, "username": username, "password": try SecretFile.read(passwordFile),
        ]
        let draft = ServiceConnectionWire(
            name: name,
            type: "dockerregistry",
            url: registry,
            description: description,
            authorization: EndpointAuthorizationWire(scheme: "UsernamePassword", parameters: parameters)
        )
        let made = try await server.make(draft, permission)
        try output.print(made) { terminal in made.facts(terminal) }
    }
}
