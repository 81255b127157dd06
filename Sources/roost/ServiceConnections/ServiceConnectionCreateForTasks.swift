import ArgumentParser
import RoostClient
import RoostWire

struct ServiceConnectionCreateForTasks: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-for-tasks",
        abstract: "Make a connection that steps of installed tasks name: an address, and what opens it.",
        discussion: """
            Only jobs whose steps name it get its secrets, and their logs hide them. Pipelines must be permitted to use it.

            Example:
              roost service-connection create-for-tasks registry --type externalnpmregistry --address https://registry.example \
            --scheme Token --secret-file apitoken=token.txt
            """
    )

    @Argument(help: "Its name, unique in the project.")
    var name: String

    @Option(help: "What kind of connection tasks take it for.")
    var type = "generic"

    @Option(help: ArgumentHelp("Where it leads.", valueName: "url"))
    var address: String

    @Option(help: "How it is opened, such as Token, UsernamePassword or None.")
    var scheme = "None"

    @Option(help: ArgumentHelp("A parameter of the scheme; may be repeated.", valueName: "name=value"))
    var parameter: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "A secret parameter, read from a file; - is standard input; may be repeated.",
            valueName: "name=path"
        )
    )
    var secretFile: [Assignment] = []

    @Option(help: ArgumentHelp("Something else that tasks read; may be repeated.", valueName: "name=value"))
    var data: [Assignment] = []

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup var permission: FirstPermissionOptions

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var parameters = Assignment.dictionary(parameter)
        for secret in secretFile { parameters[secret.name] = try SecretFile.read(secret.value) }
        let draft = ServiceConnectionWire(
            name: name,
            type: type,
            url: address,
            description: description,
            authorization: EndpointAuthorizationWire(scheme: scheme, parameters: parameters),
            data: Assignment.dictionary(data)
        )
        let made = try await server.make(draft, permission)
        try output.print(made) { _ in "The service connection '\(made.name ?? name)' is made; steps name it in inputs."
        }
    }
}
