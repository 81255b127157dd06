import Foundation

/// An authority of a test's own and a server's certificate of it, in PEM files, made by OpenSSL.
public struct AuthorityFiles: Sendable {
    /// The authority's certificate, which clients trust.
    public let authority: String
    public let certificate: String
    public let key: String

    /// - Parameters:
    ///   - folder: where the files are made.
    ///   - names: host names and addresses the certificate is good for, beside 127.0.0.1 and localhost.
    /// - Throws: ``TestFailure`` when OpenSSL fails.
    public init(in folder: String, names: [String] = []) throws {
        authority = "\(folder)/authority.pem"
        certificate = "\(folder)/server.pem"
        key = "\(folder)/server.key"
        let own = names.map { name in
            "\(name.allSatisfy { $0.isNumber || $0 == "." } ? "IP" : "DNS"):\(name)"
        }
        let alternatives = (["IP:127.0.0.1", "DNS:localhost"] + own).joined(separator: ",")
        let script = """
            set -e
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Authority -keyout authority.key -out authority.pem \
              -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
            openssl req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout server.key -out server.csr
            printf 'subjectAltName=%s\\nextendedKeyUsage=serverAuth\\n' "$1" > server.ext
            openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
              -extfile server.ext -out server.pem
            """
        let made = try ShortCommand.run(["sh", "-c", script, "sh", alternatives], in: folder)
        guard made.code == 0 else { throw TestFailure("openssl made no certificates") }
    }
}
