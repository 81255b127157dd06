import Foundation
import RoostModel
import RoostWire

/// A certificate and its key in two files, made by OpenSSL.
struct CertificateFiles {
    let certificate: String
    let key: String
    let publicKey: AgentPublicKey

    struct NotMade: Error {}

    init(in folder: String, name: String = "app") throws {
        certificate = "\(folder)/\(name).pem"
        key = "\(folder)/\(name).key"
        _ = try Self.openssl(
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=app"]
                + ["-keyout", key, "-out", certificate]
        )
        let line = try Self.openssl(["x509", "-noout", "-modulus", "-in", certificate])
        guard let hex = line.split(separator: "=").last?.prefix(while: { $0.isHexDigit }) else { throw NotMade() }
        let digits = Array(hex)
        let modulus = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
        publicKey = AgentPublicKey(exponent: Data([1, 0, 1]), modulus: Data(modulus))
    }

    private static func openssl(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw NotMade() }
        return String(decoding: data, as: UTF8.self)
    }
}
