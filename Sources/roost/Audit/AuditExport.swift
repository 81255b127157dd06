import ArgumentParser
import Foundation
import RoostClient
import RoostModel
import RoostWire

struct AuditExport: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the whole audit to a file, as lines of JSON, oldest first.",
        discussion: """
            The last line states how many records there are and the hash of the last.

            Example:
              roost audit export --to audit.jsonl
            """
    )

    @Option(help: ArgumentHelp("File to write; one that is there is replaced.", valueName: "file"))
    var to: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let chunks = try await server.client.auditExport()
        let part = to + ".part"
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: part, contents: nil, attributes: attributes),
            let file = FileHandle(forWritingAtPath: part)
        else { throw AuditFailure.unwritable(path: to) }
        do {
            let head = try await write(chunks, to: file)
            try file.close()
            guard rename(part, to) == 0 else { throw AuditFailure.unwritable(path: to) }
            Terminal.print("\(head.count) records, head \(head.hash)")
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            throw error
        }
    }

    /// Writes the chunks, and gives the end that the last line states.
    private func write(
        _ chunks: AsyncThrowingStream<[UInt8], any Error>,
        to file: FileHandle
    ) async throws -> (count: Int, hash: String) {
        var lines = AuditLines()
        var last: AuditLines.Line?
        for try await chunk in chunks {
            try file.write(contentsOf: Data(chunk))
            last = lines.feed(chunk).last ?? last
        }
        guard let bytes = last?.bytes, case .end(let head) = AuditLine(bytes) else { throw AuditFailure.cutOff }
        return (head.count, head.hash)
    }
}
