import ArgumentParser
import Crypto
import Foundation
import RoostClient
import RoostModel
import RoostWire

struct PackageMake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Pack an agent's folder.",
        discussion: """
            The folder is one that 'agent/assemble' put together. Nothing of a machine's configuration goes along. The same files give \
            the same bytes.

            Example:
              roost package make /tmp/agent --output .
            """
    )

    @Argument(help: "The agent's folder.", completion: .directory)
    var folder: String

    @Option(help: "A version of your own, such as 4.271.1; the program's where it is left out.")
    var version: String?

    @Option(name: .customLong("to"), help: "The file to write, or a folder for it.", completion: .file())
    var target = "."

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let archive = try AgentArchive.make(folder, version: version, target: target)
        let statement = try archive.statement()
        let made = Made(
            path: archive.path,
            platform: archive.platform,
            version: archive.release.description,
            sha256: statement.sha256,
            size: statement.size
        )
        try output.print(made) { _ in
            "\(archive.path): version \(archive.release) for \(archive.platform), \(SizeText.of(statement.size)), SHA-256 \(statement.sha256)"
        }
    }

    private struct Made: Encodable {
        var path: String
        var platform: String
        var version: String
        var sha256: String
        var size: Int
    }
}

struct PackageAdd: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Give the server a package; it signs it unless you have.",
        discussion: """
            Agents get it as the policies of their pools say: see 'roost pool update-policy'.

            Example:
              roost package add roost-agent-linux-x64-4.271.0.tar.gz
            """
    )

    @Argument(help: "The package.", completion: .file())
    var file: String

    @Option(help: "Its version, where the file's name does not tell it.")
    var version: String?

    @Option(help: "Its platform, where the file's name does not tell it.")
    var platform: String?

    @Option(
        help: ArgumentHelp("A signature that 'roost package sign' made.", valueName: "file"),
        completion: .file()
    )
    var signature: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let archive = try AgentArchive(path: file, platform: platform, version: version)
        try archive.check()
        let added = try await server.client.addAgentPackage(
            platform: archive.platform,
            version: archive.release.description,
            archive: file,
            signature: signature.map { try PackageSigning.signature(in: $0) }
        )
        try output.print(added) { _ in
            let signers = (added.signatures ?? []).map(\.keyId).joined(separator: ", ")
            return "Version \(added.versionText) for \(archive.platform) is added, signed by key \(signers)."
        }
    }
}

struct PackageSign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a package with a key that the server does not have.",
        discussion: """
            For agents that are to trust a publisher rather than their server: write the public key into .packagekeys of their folders.

            Examples:
              roost package sign --new-key publisher.key
              roost package sign roost-agent-linux-x64-4.271.0.tar.gz --key publisher.key
              roost package add roost-agent-linux-x64-4.271.0.tar.gz --signature roost-agent-linux-x64-4.271.0.tar.gz.sig
            """
    )

    @Argument(help: "The package.", completion: .file())
    var file: String?

    @Option(help: "The file with the private key.", completion: .file())
    var key: String?

    @Option(help: "Make a key in this file, and print its public part.", completion: .file())
    var newKey: String?

    @Option(help: "The package's version, where its name does not tell it.")
    var version: String?

    @Option(help: "The package's platform, where its name does not tell it.")
    var platform: String?

    func validate() throws {
        guard (newKey == nil) != (file == nil), file == nil || key != nil else {
            throw ValidationError("Give a package and --key FILE, or --new-key FILE.")
        }
    }

    func run() async throws {
        if let newKey {
            let made = try PackageSigning.makeKey(newKey)
            return Terminal.print("\(made.publicKey.base64EncodedString()) \(made.id)")
        }
        guard let file, let key else { return }
        let statement = try AgentArchive(path: file, platform: platform, version: version).statement()
        let target = "\(file).sig"
        try PackageSigning.sign(statement, key: key, to: target)
        Terminal.print("\(target): signs version \(statement.release) for \(statement.platform)")
    }
}

/// Keys and signatures in files.
enum PackageSigning {
    static func makeKey(_ path: String) throws -> PackageKeyWire {
        let key = Curve25519.Signing.PrivateKey()
        let text = Data("\(key.rawRepresentation.base64EncodedString())\n".utf8)
        guard !FileManager.default.fileExists(atPath: path),
            FileManager.default.createFile(atPath: path, contents: text, attributes: [.posixPermissions: 0o600])
        else { throw CommandFailure.settingsUnwritable(path: path, reason: "it is there already, or cannot be made") }
        let bytes = key.publicKey.rawRepresentation
        return PackageKeyWire(id: PackageKeyWire.id(of: bytes), publicKey: bytes)
    }

    static func sign(_ statement: AgentPackageStatement, key path: String, to target: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let bytes = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else { throw AgentArchiveFailure.noKey(path: path) }
        let id = PackageKeyWire.id(of: key.publicKey.rawRepresentation)
        let signature = PackageSignatureWire(keyId: id, value: try key.signature(for: statement.bytes))
        try JSONEncoder().encode(signature).write(to: URL(fileURLWithPath: target))
    }

    static func signature(in path: String) throws -> PackageSignatureWire {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure.fileUnreadable(path: path)
        }
        guard let signature = try? JSONDecoder().decode(PackageSignatureWire.self, from: data) else {
            throw AgentArchiveFailure.noSignature(path: path)
        }
        return signature
    }
}
