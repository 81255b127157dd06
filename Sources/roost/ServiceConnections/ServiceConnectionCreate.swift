import ArgumentParser
import RoostClient
import RoostWire

struct ServiceConnectionCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an incoming webhook: an address to which another system sends messages that begin runs.",
        discussion: """
            Files name it under 'resources', 'webhooks', 'connection'.

            Example:
              roost service-connection create builds --new-secret
            """
    )

    @Argument(help: "Its name, unique in the project.")
    var name: String

    @Option(help: "The last part of its address, unique on the server; the name when it is not given.")
    var webhook: String?

    @OptionGroup var signature: WebhookSignatureOptions

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard signature.saysNothing else { return }
        throw ValidationError("Give --new-secret, --secret-file FILE, or --no-secret when everybody may send messages.")
    }

    func run(on server: Connection) async throws {
        var draft = ServiceConnectionWire(name: name, type: "incomingwebhook", description: description)
        try signature.apply(to: &draft, webhook: webhook ?? name)
        let made = try await server.client.createServiceConnection(project: server.project(), draft)
        try output.print(made) { terminal in
            """
            \(made.facts(terminal))

            Files use it with 'resources:', 'webhooks:', '- webhook: ALIAS', '  connection: \(made.name ?? name)'.
            """
        }
    }
}

/// How messages of an incoming webhook are signed.
struct WebhookSignatureOptions: ParsableArguments {
    @Flag(help: "Make a new secret and show it.")
    var newSecret = false

    @Option(help: ArgumentHelp("Read the secret from a file; - is standard input.", valueName: "path"))
    var secretFile: String?

    @Flag(help: "Take every message, signed or not.")
    var noSecret = false

    @Option(help: "The header with the HMAC of the body (default: X-Hub-Signature-256).")
    var header: String?

    func validate() throws {
        guard [newSecret, secretFile != nil, noSecret].filter({ $0 }).count > 1 else { return }
        throw ValidationError("Only one of --new-secret, --secret-file and --no-secret can be given.")
    }

    var saysNothing: Bool { !newSecret && secretFile == nil && !noSecret }

    func apply(to draft: inout ServiceConnectionWire, webhook: String?) throws {
        var parameters: [String: String] = [:]
        parameters["webhookname"] = webhook
        parameters["header"] = header
        if noSecret { parameters["secret"] = "" }
        if let secretFile { parameters["secret"] = try SecretFile.read(secretFile) }
        draft.authorization = EndpointAuthorizationWire(scheme: "None", parameters: parameters)
        draft.makeSecret = newSecret ? true : nil
    }
}
