import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct IdentityAddCertificate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-certificate",
        abstract: "Register a certificate with whose key an identity proves itself.",
        discussion: """
            The certificate alone is sent, also when the file holds its key.

            Example:
              roost identity add-certificate deployer deployer.pem
            """
    )

    @Argument(help: "Name or id of the identity.")
    var name: String

    @Argument(help: "PEM file with an RSA certificate.")
    var file: String

    @Option(help: "What it is for.")
    var label = ""

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure.fileUnreadable(path: file)
        }
        let pem = Self.certificate(in: String(decoding: data, as: UTF8.self))
        let wanted = IdentityCertificateWire(name: label, pem: pem)
        let identity = try await server.client.addCertificate(to: name, wanted)
        try output.print(identity) { IdentityFacts.render(identity, $0) }
    }

    /// The first certificate of a PEM text; a private key stays where it is.
    static func certificate(in text: String) -> String {
        guard let start = text.range(of: "-----BEGIN CERTIFICATE-----"),
            let end = text.range(of: "-----END CERTIFICATE-----", range: start.upperBound..<text.endIndex)
        else { return "" }
        return text[start.lowerBound..<end.upperBound] + "\n"
    }
}
