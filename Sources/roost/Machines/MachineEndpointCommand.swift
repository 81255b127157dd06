import ArgumentParser
import Foundation
import Glibc
import Logging
import RoostClient
import RoostModel
import RoostServer
import RoostWire
import ServiceLifecycle
import UnixSignals

struct MachineEndpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "endpoint",
        abstract: "Serve this machine's identities to its programs, until Ctrl-C or SIGTERM.",
        discussion: """
            Programs find it by the variables it prints: IDENTITY_ENDPOINT and IDENTITY_HEADER, or
            AZURE_POD_IDENTITY_AUTHORITY_HOST. It listens on a loopback address, answers root and the users named with
            --allow-user, and refuses jobs and processes in containers, whoever runs them.

            Example:
              sudo roost machine endpoint --url https://roost.example --key-file /etc/roost/machine.key
            """
    )

    @Option(help: "Address of the server.")
    var url: String

    @Option(help: "File with the machine's key, readable by its owner only.")
    var keyFile: String

    @Option(help: "Loopback address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 is any free one.")
    var port = 0

    @Option(help: "A user beside root whose programs are answered; may be repeated.")
    var allowUser: [String] = []

    @Option(help: "File into which the variables are written, readable by its owner only.")
    var environmentFile: String?

    @Option(help: "File with the authority of the server's certificate.")
    var cacert: String?

    func validate() throws {
        guard host.hasPrefix("127.") || host == "::1" else {
            throw ValidationError("--host takes a loopback address: the endpoint knows its callers by their processes.")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes a number from 0 to 65535.") }
    }

    func run() async throws {
        do { try await serve() } catch { throw fail(error) }
    }

    private func serve() async throws {
        let users = try allowUser.map(Self.number)
        let source = try ServerTokenSource(url: url, key: Self.key(keyFile), authority: cacert)
        do {
            try await serve(source, users)
        } catch {
            await source.close()
            throw error
        }
        await source.close()
    }

    private func serve(_ source: ServerTokenSource, _ users: [UInt32]) async throws {
        // Says at once when the key is wrong or the server is away.
        let facts = try await source.facts()
        let header = Secret(UUID().uuidString.lowercased() + UUID().uuidString.lowercased())
        var logger = Logger(label: "machine")
        logger.logLevel = .notice
        let endpoint = MachineEndpoint(
            source: source,
            policy: PeerPolicy(users: Set(users)),
            header: header,
            host: host,
            port: port,
            logger: logger
        ) { [host, environmentFile] port in
            let address = host.contains(":") ? "[\(host)]" : host
            let variables = [
                "IDENTITY_ENDPOINT=http://\(address):\(port)/msi/token", "IDENTITY_HEADER=\(header.exposed)",
                "AZURE_POD_IDENTITY_AUTHORITY_HOST=http://\(address):\(port)",
            ]
            if let environmentFile {
                Self.write(variables, to: environmentFile)
            } else {
                Terminal.print(variables.joined(separator: "\n"))
            }
            Terminal.printError("Serving the identities of '\(facts.name)' at http://\(address):\(port).")
        }
        defer { if let environmentFile { unlink(environmentFile) } }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [endpoint],
                gracefulShutdownSignals: [.sigint, .sigterm],
                logger: logger
            )
        )
        try await group.run()
    }

    private static func number(_ user: String) throws -> UInt32 {
        if let number = UInt32(user) { return number }
        guard let entry = getpwnam(user) else { throw CommandFailure.noSuchUser(user) }
        return entry.pointee.pw_uid
    }

    private static func key(_ path: String) throws -> Secret {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure.fileUnreadable(path: path)
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? Int) ?? 0
        guard mode & 0o077 == 0 else { throw CommandFailure.openFile(path: path) }
        return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// A whole file or none, for programs that wait for it.
    private static func write(_ variables: [String], to path: String) {
        let part = "\(path).\(getpid())"
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            Terminal.printError("\(path) cannot be written: \(String(cString: strerror(errno))).")
            return
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try? handle.write(contentsOf: Data((variables.joined(separator: "\n") + "\n").utf8))
        try? handle.close()
        rename(part, path)
    }
}

/// Asks the server with the machine's key.
struct ServerTokenSource: MachineTokenSource {
    private let client: RoostClient
    private let url: String

    init(url: String, key: Secret, authority: String?) throws(ClientError) {
        self.url = url
        client = try RoostClient(
            url: url,
            credential: .bearer(key),
            options: ClientOptions(userAgent: "roost/\(Roost.version)", timeout: .seconds(20), authorityFile: authority)
        )
    }

    func token(resource: String, identity: String?) async throws -> (token: Secret, life: Int, client: String) {
        do {
            let made = try await client.machineToken(MachineTokenRequestWire(resource: resource, identity: identity))
            return (Secret(made.accessToken), made.expiresIn, made.clientId)
        } catch let error where error.isPassing {
            throw MachineSourceAway(error)
        }
    }

    func facts() async throws -> MachineFacts {
        let own = try await client.ownMachine()
        return MachineFacts(name: own.name ?? "", url: own.url ?? url, vaultSuffix: own.vaultSuffix)
    }

    func close() async { await client.close() }
}
