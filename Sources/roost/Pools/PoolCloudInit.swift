import ArgumentParser
import Foundation
import RoostClient
import RoostModel
import RoostWire

struct PoolCloudInit: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloud-init",
        abstract: "Print user data for cloud-init, with which any machine joins a pool when it first starts.",
        discussion: """
            It has an enrollment token in it, so it belongs to nobody but the machine. An image in which the agent's ./boot.sh was installed needs \
            nothing else; others get the agent from an archive of its folder.

            Examples:
              roost pool cloud-init linux > user-data
              roost pool cloud-init linux --agent-archive https://files.example.org/agent.tar.gz --agent-sha256 1f0c… --containers
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(
        help: ArgumentHelp("The server, as the machine reaches it; by default as this command does.", valueName: "url")
    )
    var address: String?

    @Option(help: "The agent's name; by default the machine's name and a random number.")
    var agent: String?

    @Option(help: "Who runs jobs; made if need be.")
    var user = "agent"

    @Option(
        help: ArgumentHelp(
            "An archive with the content of an agent's folder, for images without one.",
            valueName: "url"
        )
    )
    var agentArchive: String?

    @Option(help: ArgumentHelp("The SHA-256 of that archive.", valueName: "hex"))
    var agentSha256: String?

    @Flag(help: "Jobs get containers: rootless, so that no group, no socket and no sudo is needed.")
    var containers = false

    @Option(help: "How many machines may join with it.")
    var uses = 1

    @Option(help: "Days until the token ends.")
    var days: Double = 1

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func validate() throws {
        guard uses > 0 else { throw ValidationError("--uses takes a number above 0.") }
        guard days > 0, days.isFinite else { throw ValidationError("--days takes a number above 0.") }
        if let agent {
            guard uses == 1 else { throw ValidationError("--agent is the name of one, so it goes with --uses 1.") }
            guard !agent.isEmpty, !agent.contains(where: \.isNewline) else {
                throw ValidationError("--agent takes one line.")
            }
        }
        guard user.wholeMatch(of: /[a-z_][a-z0-9_-]{0,31}/) != nil else {
            throw ValidationError("--user takes the name of a user, in small letters.")
        }
        guard (agentArchive == nil) == (agentSha256 == nil) else {
            throw ValidationError("--agent-archive and --agent-sha256 go together.")
        }
        if let agentSha256, agentSha256.count != 64 || !agentSha256.allSatisfy(\.isHexDigit) {
            throw ValidationError("--agent-sha256 takes 64 hexadecimal digits.")
        }
        for text in [address, agentArchive].compactMap(\.self) {
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()), url.host() != nil,
                !text.contains(where: { $0.isWhitespace })
            else { throw ValidationError("'\(text)' is no address, such as https://roost.example.org.") }
        }
    }

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let wanted = EnrollmentTokenWire(uses: uses, days: days)
        let made = try await server.client.createEnrollmentToken(pool: found.id, wanted)
        guard let token = made.token else { throw CommandFailure.incompleteAnswer(what: "token") }
        let archive = agentArchive.flatMap { url in
            agentSha256.map { CloudConfig.Archive(url: url, sha256: $0.lowercased()) }
        }
        let config = CloudConfig(
            url: address ?? server.url,
            pool: found.pool.name ?? pool,
            agent: agent,
            token: Secret(token),
            user: user,
            archive: archive,
            hasContainers: containers
        )
        print(config.text, terminator: "")
    }
}
