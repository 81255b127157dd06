import Foundation
import RoostAgent
import RoostModel
import RoostWire
import Synchronization

/// Shows a job's steps and lines on the terminal as they come.
final class LocalReporter: JobReporter, StepLogs {
    private let screen: LocalScreen
    private let job: UUID
    private let names = Mutex<[UUID: String]>([:])
    private let details = Mutex<Set<UUID>>([])

    init(screen: LocalScreen, job: UUID) {
        self.screen = screen
        self.job = job
    }

    // MARK: Records

    func updateRecords(_ records: [TimelineRecordWire]) {
        for record in records {
            guard let id = record.id, id != job else {
                for issue in record.issues ?? [] { screen.issue(issue.type ?? "error", issue.message ?? "") }
                continue
            }
            // Details are shown below steps by a server; their lines are the step's own.
            if let parent = record.parentId, parent != job { details.withLock { _ = $0.insert(id) } }
            guard !details.withLock({ $0.contains(id) }) else { continue }
            let name = names.withLock { names in
                names[id] = record.name ?? names[id]
                return names[id] ?? ""
            }
            guard !Self.isOwn(name) || record.result == TaskResult.failed.rawValue else { continue }
            if record.state == RecordState.inProgress.rawValue { screen.stepStarted(name) }
            if record.state == RecordState.completed.rawValue {
                screen.stepFinished(
                    name,
                    record.result.flatMap { TaskResult(wire: $0) } ?? .succeeded,
                    record.resultCode
                )
            }
        }
    }

    /// The steps an agent adds say nothing to somebody at a terminal.
    private static func isOwn(_ name: String) -> Bool { ["Initialize job", "Finalize Job"].contains(name) }

    func createLog(path: String) async throws -> Int { 1 }
    func append(_ bytes: [UInt8], toLog id: Int, at offset: Int) async throws {}
    func attach(_ bytes: [UInt8], to record: UUID, kind: String, name: String) async throws {}
    func updateRun(_ change: RunChange) async throws {
        switch change {
        case .number(let number): screen.note("The run's number is now \(number).")
        case .addTag(let tag): screen.note("The run has the tag '\(tag)'.")
        }
    }
    func complete(_ result: TaskResult, outputs: [String: OutputVariable], agentShuttingDown: Bool) async throws {}

    // MARK: Lines

    func open(record: UUID) -> any LogSink {
        let name = names.withLock { $0[record] ?? "" }
        return LocalSink(screen: Self.isOwn(name) ? nil : screen)
    }
    func run() async {}
    func finish() {}
}

/// Takes a step's lines: without their timestamps, with colour for the lines that carry a mark.
private final class LocalSink: LogSink {
    private let screen: LocalScreen?
    private let rest = Mutex<[UInt8]>([])

    init(screen: LocalScreen?) { self.screen = screen }

    func write(_ bytes: UnsafeRawBufferPointer) {
        guard let screen else { return }
        rest.withLock { rest in
            rest.append(contentsOf: bytes)
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                screen.line(String(decoding: rest[start..<end], as: UTF8.self))
                start = end + 1
            }
            rest.removeSubrange(..<start)
        }
    }

    func finish() {
        let last = rest.withLock { rest in
            defer { rest = [] }
            return String(decoding: rest, as: UTF8.self)
        }
        if !last.isEmpty { screen?.line(last) }
    }
}
