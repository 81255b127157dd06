import Foundation
import RoostModel

/// QEMU's monitor: commands and answers in JSON, one on each line.
struct VMMonitor {
    private let line: VMLine

    /// What answers at once.
    private static let patience = Duration.seconds(30)
    private static let pause = Duration.milliseconds(100)

    private struct Command<Arguments: Encodable>: Encodable {
        var execute: String
        var arguments: Arguments?
    }

    private struct Nothing: Encodable {}

    private struct Answer: Decodable {
        struct Value: Decodable { var status: String? }
        struct Failure: Decodable { var desc: String }
        struct Event: Decodable {}
        var `return`: Value?
        var error: Failure?
        var event: String?
    }

    /// - Parameter line: over which QEMU has greeted nobody yet.
    /// - Throws: ``ProviderFailure/failed(_:)``.
    init(_ line: VMLine) async throws(ProviderFailure) {
        self.line = line
        _ = try await line.next(until: .now + Self.patience)
        try await run("qmp_capabilities")
    }

    private func run(_ name: String) async throws(ProviderFailure) { _ = try await run(name, Nothing?.none) }

    /// Carries out a command.
    ///
    /// - Returns: the `status` of the answer, if it has one.
    /// - Throws: ``ProviderFailure/failed(_:)`` with QEMU's own words.
    private func run(_ name: String, _ arguments: (some Encodable)?) async throws(ProviderFailure) -> String? {
        guard let bytes = try? JSONEncoder().encode(Command(execute: name, arguments: arguments)) else {
            throw .failed("the command \(name) cannot be written")
        }
        try line.say(String(decoding: bytes, as: UTF8.self))
        while true {
            let text = try await line.next(until: .now + Self.patience)
            guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8)) else {
                throw .failed("QEMU answers what nobody understands")
            }
            if let error = answer.error { throw .failed("QEMU did not \(name): \(error.desc)") }
            guard answer.event != nil else { return answer.return?.status }
        }
    }

    private struct Bandwidth: Encodable {
        /// As fast as the disk is: nobody else uses it for moving machines.
        var bandwidth = Int64.max
        enum CodingKeys: String, CodingKey { case bandwidth = "max-bandwidth" }
    }

    private struct Place: Encodable { var uri: String }

    /// Writes what the machine has in memory, after which it has stopped for good.
    ///
    /// It is not stopped before: others would go on stopped, too.
    ///
    /// - Parameters:
    ///   - place: as QEMU names where a machine is moved to.
    ///   - end: by then it is there.
    /// - Throws: ``ProviderFailure/failed(_:)``.
    func save(to place: String, until end: ContinuousClock.Instant) async throws(ProviderFailure) {
        _ = try await run("migrate-set-parameters", Bandwidth())
        _ = try await run("migrate", Place(uri: place))
        while true {
            switch try await run("query-migrate", Nothing?.none) {
            case "completed": return
            case "failed", "cancelled": throw .failed("QEMU could not write the machine's memory")
            default:
                guard .now < end else { throw .failed("QEMU did not write the machine's memory in time") }
                do { try await Task.sleep(for: Self.pause) } catch { throw .failed("the machine was no longer wanted") }
            }
        }
    }
}
