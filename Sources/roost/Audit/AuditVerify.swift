import ArgumentParser
import Foundation
import RoostClient
import RoostModel
import RoostWire

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify that no record of the audit was changed, removed, moved or inserted.",
        discussion: """
            With a file it needs no server. Exit codes: 0 the chain is whole, 6 it is not, 1 the file cannot be read,
            2 the server cannot be reached, 3 the token is not enough.

            Examples:
              roost audit verify audit.jsonl
              roost audit verify --head 5f0c…
            """
    )

    @Argument(help: "File that 'roost audit export' wrote; without it the server's audit is verified.")
    var file: String?

    @Option(help: ArgumentHelp("Hash that was noted earlier; a record must have it.", valueName: "hash"))
    var head: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard let head else { return }
        guard head.count == 64, head.allSatisfy(\.isHexDigit) else {
            throw ValidationError("--head takes a hash of 64 hexadecimal digits.")
        }
    }

    func run() async throws {
        let report: AuditReport
        if let file { report = try verifyFile(file) } else { report = try await verifyServer() }
        try output.print(AuditReportJSON(report)) { _ in Self.text(report) }
        if !report.isWhole { throw RoostExit.chainBroken.code }
    }

    private func verifyFile(_ path: String) throws -> AuditReport {
        guard let file = FileHandle(forReadingAtPath: path) else { throw CommandFailure.fileUnreadable(path: path) }
        var lines = AuditLines()
        var verifier = AuditVerifier(knownHead: head)
        do {
            while let chunk = try file.read(upToCount: 1 << 16), !chunk.isEmpty {
                for line in lines.feed(chunk) { line.give(to: &verifier) }
            }
        } catch {
            throw CommandFailure.fileUnreadable(path: path)
        }
        lines.finish()?.give(to: &verifier)
        return verifier.report()
    }

    private func verifyServer() async throws -> AuditReport {
        let server = try await Connection(connection.current())
        let outcome: Result<AuditReport, any Error>
        do { outcome = .success(try await verify(server)) } catch { outcome = .failure(error) }
        await server.close()
        return try outcome.get()
    }

    private func verify(_ server: Connection) async throws -> AuditReport {
        var lines = AuditLines()
        var verifier = AuditVerifier(knownHead: head)
        for try await chunk in try await server.client.auditExport() {
            for line in lines.feed(chunk) { line.give(to: &verifier) }
        }
        lines.finish()?.give(to: &verifier)
        return verifier.report()
    }

    private static func text(_ report: AuditReport) -> String {
        guard !report.isWhole else { return "\(report.records) records, all whole; head \(report.head.hash)" }
        return report.problems.map(line).joined(separator: "\n")
    }

    private static func line(_ problem: AuditProblem) -> String {
        let numbers = problem.number.map { " \($0)" + (problem.last.map { " to \($0)" } ?? "") } ?? ""
        let place = problem.line.map { " (line \($0))" } ?? ""
        return "\(problem.kind.rawValue)\(numbers)\(place): \(problem.reason)"
    }
}
