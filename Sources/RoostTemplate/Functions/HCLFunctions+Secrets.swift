import CZlib
import CryptoExtras
import Foundation

extension HCLFunctions {
    static let secrets: [String: HCLFunction] = [
        "base64gzip": HCLFunction(.init("str", .string), result: .string) { arguments in
            .string(Data(try gzip(Array(arguments[0].textOrEmpty.utf8))).base64EncodedString())
        },
        "rsadecrypt": HCLFunction(.init("ciphertext", .string), .init("privatekey", .string), result: .string) {
            arguments in
            guard let message = Data(base64Encoded: arguments[0].textOrEmpty) else {
                throw HCLFunctionFault("failed to decode input: the cipher text must be base64-encoded", argument: 0)
            }
            guard let key = try? _RSA.Encryption.PrivateKey(pemRepresentation: arguments[1].textOrEmpty) else {
                throw HCLFunctionFault("failed to parse key: an RSA key in PEM is required", argument: 1)
            }
            guard let clear = try? key.decrypt(message, padding: ._WEAK_AND_INSECURE_PKCS_V1_5),
                let text = String(data: clear, encoding: .utf8)
            else { throw HCLFunctionFault("failed to decrypt the cipher text", argument: 0) }
            return .string(text)
        },
    ]

    /// Compressed with the header of gzip.
    private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        guard roost_gzip_start(&stream) == Z_OK else { throw HCLFunctionFault("failed to create gzip writer") }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
        let code = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard code == Z_STREAM_END else { throw HCLFunctionFault("failed to gzip the given string") }
        return Array(output.prefix(Int(stream.total_out)))
    }
}
