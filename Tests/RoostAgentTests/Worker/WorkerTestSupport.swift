import FoundationEssentials
import RoostAgent
import RoostModel
import RoostWire
import Synchronization

/// A folder that is gone after the test.
struct ScratchFolder {
    let path: String

    static func with<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let path = "\(FileManager.default.temporaryDirectory.path)/roost-worker-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }
}

/// Waits until something that is told from elsewhere holds.
final class Watched<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var waiting: [UUID: (holds: @Sendable (Value) -> Bool, continuation: CheckedContinuation<Void, Never>)] = [:]
    }

    private let state: Mutex<State>

    init(_ value: Value) { state = Mutex(State(value: value)) }

    var value: Value { state.withLock { $0.value } }

    @discardableResult
    func change<Answer: Sendable>(_ body: @Sendable (inout Value) -> Answer) -> Answer {
        let (answer, ready) = state.withLock { state in
            let answer = body(&state.value)
            let value = state.value
            let ready = state.waiting.filter { $0.value.holds(value) }
            for id in ready.keys { state.waiting[id] = nil }
            return (answer, ready.values.map(\.continuation))
        }
        for continuation in ready { continuation.resume() }
        return answer
    }

    /// Returns too when its task is cancelled, as by a time limit: what is expected next then fails, and nothing hangs.
    func wait(until holds: @escaping @Sendable (Value) -> Bool) async {
        let id = UUID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if Task.isCancelled || holds(state.value) { return true }
                    state.waiting[id] = (holds, continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.continuation.resume()
        }
    }
}

/// A reporter that keeps everything, and fails when it is told to.
final class MemoryReporter: JobReporter {
    struct Kept: Sendable {
        var logs: [String] = []
        var bytes: [Int: [UInt8]] = [:]
        var records: [UUID: TimelineRecordWire] = [:]
        /// Every batch as it was given.
        var updates: [TimelineRecordWire] = []
        var attachments: [String: [UInt8]] = [:]
        var changes: [RunChange] = []
        var result: TaskResult?
        var outputs: [String: OutputVariable] = [:]
        var isShutdown = false
        /// Calls that will fail before one succeeds.
        var failuresToCome = 0
        /// The next append keeps its bytes and fails all the same, as when an answer is lost.
        var losesNextAnswer = false
        var appendCount = 0
    }

    struct Away: Error {}

    let kept = Watched(Kept())

    func updateRecords(_ records: [TimelineRecordWire]) {
        kept.change { kept in
            kept.updates += records
            for record in records {
                guard let id = record.id else { continue }
                kept.records[id] = kept.records[id].map { Self.merge($0, record) } ?? record
            }
        }
    }

    func createLog(path: String) async throws -> Int {
        try fail()
        return kept.change { kept in
            kept.logs.append(path)
            return kept.logs.count
        }
    }

    func append(_ bytes: [UInt8], toLog id: Int, at offset: Int) async throws {
        try fail()
        let losesAnswer = kept.value.losesNextAnswer
        kept.change { kept in
            kept.losesNextAnswer = false
            kept.appendCount += 1
            var known = kept.bytes[id] ?? []
            precondition(offset <= known.count, "a gap in the log")
            known += bytes.dropFirst(known.count - offset)
            kept.bytes[id] = known
        }
        if losesAnswer { throw Away() }
    }

    func attach(_ bytes: [UInt8], to record: UUID, kind: String, name: String) async throws {
        kept.change { $0.attachments["\(kind)/\(name)"] = bytes }
    }

    func updateRun(_ change: RunChange) async throws { kept.change { $0.changes.append(change) } }

    func complete(_ result: TaskResult, outputs: [String: OutputVariable], agentShuttingDown: Bool) async throws {
        kept.change { kept in
            kept.result = result
            kept.outputs = outputs
            kept.isShutdown = agentShuttingDown
        }
    }

    private func fail() throws {
        guard kept.value.failuresToCome > 0 else { return }
        kept.change { $0.failuresToCome -= 1 }
        throw Away()
    }

    /// The text of the log of a record.
    func log(_ record: UUID) -> String {
        let kept = kept.value
        guard let index = kept.logs.firstIndex(of: "logs\\\(record.uuidString.lowercased())") else { return "" }
        return String(decoding: kept.bytes[index + 1] ?? [], as: UTF8.self)
    }

    /// Lines of a record's log without their timestamps.
    func lines(_ record: UUID) -> [String] {
        log(record).split(separator: "\n").map { String($0.dropFirst(LogTimestamp.length)) }
    }

    /// Everything that was reported, as one text.
    var everything: String {
        let kept = kept.value
        var text = kept.bytes.values.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        for update in kept.updates { text += String(decoding: (try? WireJSON.encode(update)) ?? Data(), as: UTF8.self) }
        for (name, bytes) in kept.attachments { text += name + String(decoding: bytes, as: UTF8.self) }
        return text
    }

    private static func merge(_ old: TimelineRecordWire, _ new: TimelineRecordWire) -> TimelineRecordWire {
        var merged = old
        merged.name = new.name ?? old.name
        merged.state = new.state ?? old.state
        merged.result = new.result ?? old.result
        merged.resultCode = new.resultCode ?? old.resultCode
        merged.issues = new.issues ?? old.issues
        merged.errorCount = new.errorCount ?? old.errorCount
        merged.warningCount = new.warningCount ?? old.warningCount
        merged.variables = new.variables ?? old.variables
        merged.log = new.log ?? old.log
        merged.percentComplete = new.percentComplete ?? old.percentComplete
        merged.currentOperation = new.currentOperation ?? old.currentOperation
        merged.startTime = new.startTime ?? old.startTime
        merged.finishTime = new.finishTime ?? old.finishTime
        return merged
    }
}

/// A sink that keeps its bytes.
final class MemorySink: LogSink {
    let bytes = Watched<[UInt8]>([])
    let isFinished = Watched(false)

    func write(_ new: UnsafeRawBufferPointer) {
        let copy = Array(new)
        bytes.change { $0 += copy }
    }

    func finish() { isFinished.change { $0 = true } }

    var text: String { String(decoding: bytes.value, as: UTF8.self) }

    /// Lines without timestamps.
    var lines: [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            String($0.dropFirst(LogTimestamp.length))
        }
    }
}
