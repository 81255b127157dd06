import FoundationEssentials
import NIOSSL

/// The certificates that machines are told to trust.
struct MachineAuthority: Sendable {
    /// In PEM: certificates and nothing else that the file holds.
    let certificates: String

    /// What a machine is handed has to fit into 64 KiB together with what it joins.
    private static let most = 24 << 10

    /// Reads a file; it is read for each machine, so that a new authority needs no restart.
    ///
    /// - Throws: ``ElasticPoolError/authority(path:problem:)``.
    init(file: String) throws(ElasticPoolError) {
        func fault(_ problem: String) -> ElasticPoolError { .authority(path: file, problem: problem) }
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: file)) } catch { throw fault("it cannot be read") }
        try self.init(String(decoding: data, as: UTF8.self), fault)
    }

    private init(_ text: String, _ fault: (String) -> ElasticPoolError) throws(ElasticPoolError) {
        let blocks = Self.blocks(text)
        guard !blocks.isEmpty else { throw fault("it holds no certificate") }
        certificates = blocks.joined()
        guard certificates.utf8.count <= Self.most else { throw fault("it is larger than 24 KiB") }
        do { _ = try NIOSSLCertificate.fromPEMBytes(Array(certificates.utf8)) } catch {
            throw fault("a certificate in it cannot be read")
        }
    }

    /// A key beside the certificates must not leave the server.
    private static func blocks(_ text: String) -> [String] {
        let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
        var blocks: [String] = []
        var block: [Substring]?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix(begin) { block = [] }
            block?.append(line)
            guard line.hasPrefix(end), let whole = block else { continue }
            blocks.append(whole.joined(separator: "\n") + "\n")
            block = nil
        }
        return blocks
    }
}
