public import Foundation
public import RoostModel

/// A certificate and its RSA key in two files, made by OpenSSL.
public struct CertificateFiles: Sendable {
    /// Paths of PEM files.
    public let certificate: String
    public let key: String
    public let publicKey: AgentPublicKey

    /// - Throws: ``TestFailure`` when OpenSSL fails.
    public init(in folder: String, name: String = "app") throws {
        certificate = "\(folder)/\(name).pem"
        key = "\(folder)/\(name).key"
        _ = try Self.openssl(
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=\(name)"]
                + ["-keyout", key, "-out", certificate]
        )
        let line = String(
            decoding: try Self.openssl(["x509", "-noout", "-modulus", "-in", certificate]),
            as: UTF8.self
        )
        let digits = Array(line.drop { $0 != "=" }.dropFirst().prefix(while: \.isHexDigit))
        let modulus = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
        publicKey = AgentPublicKey(exponent: Data([1, 0, 1]), modulus: Data(modulus))
    }

    /// The signature of a text, by SHA-256 and PKCS#1 (RS256).
    ///
    /// - Throws: ``TestFailure`` when OpenSSL fails.
    public func sign(_ text: String) throws -> Data {
        try Self.openssl(["dgst", "-sha256", "-sign", key], input: Data(text.utf8))
    }

    private static func openssl(_ arguments: [String], input: Data = Data()) throws -> Data {
        let (code, data) = try ShortCommand.run(["openssl"] + arguments, input: input)
        guard code == 0 else { throw TestFailure("openssl \(arguments[0]) failed") }
        return data
    }
}
