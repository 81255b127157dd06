import ArgumentParser
import RoostClient
import RoostWire

struct ServiceConnectionCreateAzure: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-azure",
        abstract: "Make a connection to Azure, to one of its national clouds, or to a cloud of its kind.",
        discussion: """
            A federated connection keeps no secret: the cloud trusts the id tokens of this server, and 'show' says which issuer, \
            subject and audience to trust. Pipelines must be permitted to use it.

            Example:
              roost service-connection create-azure production --kind federation --cloud china --tenant ID --client-id ID
              roost service-connection create-azure private --kind secret --secret-file - --cloud Private --tenant ID --client-id ID \
            --endpoint environmentUrl=https://arm.example --endpoint environmentAuthorityUrl=https://login.example \
            --endpoint activeDirectoryServiceEndpointResourceId=https://arm.example
            """
    )

    @Argument(help: "Its name, unique in the project.")
    var name: String

    @OptionGroup var cloud: CloudOptions

    @Option(help: ArgumentHelp("Read the client's secret from a file; - is standard input.", valueName: "path"))
    var secretFile: String?

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup var permission: FirstPermissionOptions

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard cloud.kind == nil else { return }
        throw ValidationError("Say what opens it: --kind secret, certificate, federation or managed-identity.")
    }

    func run(on server: Connection) async throws {
        var draft = ServiceConnectionWire(name: name, type: "azurerm", url: "", description: description)
        try cloud.apply(to: &draft, over: nil, secretFile: secretFile)
        let made = try await server.make(draft, permission)
        try output.print(made) { terminal in
            """
            \(made.facts(terminal))

            Try it with 'roost service-connection verify "\(name)"'.
            """
        }
    }
}
