import Crypto
import CryptoExtras
public import FoundationEssentials
public import RoostModel

/// An agent's RSA private key.
public struct AgentKey: Sendable {
    /// PKCS#1.
    package let der: Data

    /// Makes a key of 2,048 bits.
    public static func generate() throws -> AgentKey {
        AgentKey(der: try _RSA.Signing.PrivateKey(keySize: .bits2048).derRepresentation)
    }

    init(der: Data) { self.der = der }

    public var publicKey: AgentPublicKey {
        get throws {
            let primitives = try _RSA.Signing.PrivateKey(derRepresentation: der).publicKey.getKeyPrimitives()
            return AgentPublicKey(exponent: primitives.publicExponent, modulus: primitives.modulus)
        }
    }

    /// RS256 of a text.
    func sign(_ text: String) throws -> Data {
        let key = try _RSA.Signing.PrivateKey(derRepresentation: der)
        return try key.signature(for: SHA256.hash(data: Data(text.utf8)), padding: .insecurePKCS1v1_5).rawRepresentation
    }

    // MARK: `.credentials_rsaparams`

    /// The members of `.credentials_rsaparams`.
    private struct Parameters: Codable {
        var d: Data
        var dp: Data
        var dq: Data
        var exponent: Data
        var inverseQ: Data
        var modulus: Data
        var p: Data
        var q: Data
    }

    /// The key as the agent's file has it.
    public var fileContent: Data {
        get throws {
            let numbers = try DERIntegers.read(der)
            guard numbers.count == 9 else { throw KeyFileError.malformed }
            let parameters = Parameters(
                d: numbers[3],
                dp: numbers[6],
                dq: numbers[7],
                exponent: numbers[2],
                inverseQ: numbers[8],
                modulus: numbers[1],
                p: numbers[4],
                q: numbers[5]
            )
            return try WireJSON.encode(parameters)
        }
    }

    /// Reads the agent's file.
    public init(fileContent: Data) throws {
        let parameters = try WireJSON.decode(Parameters.self, from: fileContent)
        let key = try _RSA.Signing.PrivateKey(
            n: parameters.modulus,
            e: parameters.exponent,
            d: parameters.d,
            p: parameters.p,
            q: parameters.q
        )
        der = key.derRepresentation
    }
}

/// Why a key's file cannot be used.
public enum KeyFileError: Error { case malformed }

/// Reads the integers of one DER sequence (X.690 §8.3): what a PKCS#1 private key is.
enum DERIntegers {
    static func read(_ der: Data) throws -> [Data] {
        var bytes = Array(der)[...]
        guard try tag(&bytes) == 0x30 else { throw KeyFileError.malformed }
        _ = try length(&bytes)
        var numbers: [Data] = []
        while !bytes.isEmpty {
            guard try tag(&bytes) == 0x02 else { throw KeyFileError.malformed }
            let count = try length(&bytes)
            guard bytes.count >= count else { throw KeyFileError.malformed }
            // A leading zero only says that the number is positive.
            numbers.append(Data(bytes.prefix(count).drop { $0 == 0 }))
            bytes = bytes.dropFirst(count)
        }
        return numbers
    }

    private static func tag(_ bytes: inout ArraySlice<UInt8>) throws -> UInt8 {
        guard let first = bytes.popFirst() else { throw KeyFileError.malformed }
        return first
    }

    private static func length(_ bytes: inout ArraySlice<UInt8>) throws -> Int {
        let first = try tag(&bytes)
        guard first & 0x80 != 0 else { return Int(first) }
        guard first & 0x7f <= 4 else { throw KeyFileError.malformed }
        return try (0..<(first & 0x7f)).reduce(0) { value, _ in value << 8 | Int(try tag(&bytes)) }
    }
}
