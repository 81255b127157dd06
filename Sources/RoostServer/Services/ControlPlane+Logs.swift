import FoundationEssentials
public import RoostModel
import RoostStore

extension ControlPlane {
    /// Makes a log in a run; its number is the next one.
    public func createLog(plan: PlanID, path: String) async throws(ControlError) -> RunLog {
        try await change { state, change throws(ControlError) in
            guard let run = state.runOfPlan[plan], let active = state.runs[run] else {
                throw .planNotFound(plan.description)
            }
            // An agent that did not hear the answer asks again: the same path is the same log.
            if !path.isEmpty, let known = active.logs.values.first(where: { $0.path == path && $0.byteCount == 0 }) {
                return known
            }
            let log = RunLog(id: active.nextLogID, run: run, path: path, createdAt: change.now)
            state.runs[run]?.logs[log.id] = log
            change.store.append(.putLog(log))
            change.effects.append { $0.runEvents.publish(.log(log), to: run) }
            return log
        }
    }

    /// Adds bytes to a log.
    ///
    /// - Parameters:
    ///   - plan: the run's plan.
    ///   - id: the log.
    ///   - bytes: whole lines, UTF-8.
    ///   - offset: where they belong, for an agent that repeats what it may have sent; nil appends.
    /// - Returns: the log with its new counts.
    /// - Throws: ``ControlError/logNotFound(_:)``, ``ControlError/storeUnavailable(_:)``.
    public func appendLog(
        plan: PlanID,
        log id: LogID,
        bytes: [UInt8],
        offset: Int?
    ) async throws(ControlError) -> RunLog {
        let run = try await runID(plan: plan)
        guard let known = read({ $0.runs[run]?.logs[id] }) else { throw .logNotFound(id.rawValue) }
        let size: Int
        do { size = try await blobs.append(bytes, to: logKey(run, id), at: offset) } catch {
            throw Self.blobError(error)
        }
        let fresh = size - known.byteCount
        let newLines =
            fresh >= bytes.count
            ? bytes.count { $0 == UInt8(ascii: "\n") }
            : bytes.suffix(max(0, fresh)).count { $0 == UInt8(ascii: "\n") }
        return mutateWithoutStore { state in
            guard var log = state.runs[run]?.logs[id] else { return known }
            guard size > log.byteCount else { return log }
            log.lineCount += newLines
            log.byteCount = size
            state.runs[run]?.logs[id] = log
            return log
        }
    }

    /// In the order of their numbers.
    public func logs(run id: RunID) async throws(ControlError) -> [RunLog] {
        if let active = read({ $0.runs[id] }) { return active.logs.values.sorted { $0.id < $1.id } }
        let logs: [RunLog]
        do { logs = try await store.logs(of: id) } catch { throw .storeUnavailable(error) }
        if logs.isEmpty { _ = try await run(id) }
        return logs
    }

    /// Bytes of a range, cut to what exists.
    public func logBytes(run: RunID, log: LogID, range: Range<Int>) async throws(ControlError) -> [UInt8] {
        try await requireLog(log, of: run)
        do { return try await blobs.read(logKey(run, log), range) } catch { throw Self.blobError(error) }
    }

    /// The size of a log in bytes.
    public func logSize(run: RunID, log: LogID) async throws(ControlError) -> Int {
        try await requireLog(log, of: run)
        do { return try await blobs.size(logKey(run, log)) ?? 0 } catch { throw Self.blobError(error) }
    }

    /// Lines by number, the first is 1, both ends included; nil is the log's own end.
    public func logLines(run: RunID, log: LogID, startLine: Int?, endLine: Int?) async throws(ControlError) -> [String]
    {
        let size = try await logSize(run: run, log: log)
        let wanted = max(1, startLine ?? 1)...max(max(1, startLine ?? 1), endLine ?? Int.max)
        var lines: [String] = []
        var number = 1
        var rest: [UInt8] = []
        var offset = 0
        while offset < size, number <= wanted.upperBound {
            let chunk = try await logBytes(run: run, log: log, range: offset..<min(size, offset + 1 << 20))
            guard !chunk.isEmpty else { break }
            offset += chunk.count
            rest += chunk
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")), number <= wanted.upperBound {
                if number >= wanted.lowerBound { lines.append(String(decoding: rest[start..<end], as: UTF8.self)) }
                number += 1
                start = end + 1
            }
            rest.removeSubrange(..<start)
        }
        if !rest.isEmpty, wanted.contains(number) { lines.append(String(decoding: rest, as: UTF8.self)) }
        return lines
    }

    /// Bytes from an offset on, and those that come, until the log is finished.
    public func followLog(
        run: RunID,
        log: LogID,
        from offset: Int
    ) async throws(ControlError)
        -> AsyncThrowingStream<[UInt8], any Error>
    {
        try await requireLog(log, of: run)
        return blobs.follow(logKey(run, log), from: offset)
    }

    private func requireLog(_ log: LogID, of run: RunID) async throws(ControlError) {
        guard try await logs(run: run).contains(where: { $0.id == log }) else { throw .logNotFound(log.rawValue) }
    }

    func logKey(_ run: RunID, _ log: LogID) -> BlobKey {
        // Both are printed as digits, which every part of a key may be.
        guard let key = BlobKey("runs/\(run)/logs/\(log)") else { preconditionFailure("numbers make a valid key") }
        return key
    }

    /// Says that no more lines come to the logs of a job that has ended.
    func finishLogs(_ logs: [RunLog]) {
        guard let run = logs.first?.run else { return }
        let keys = logs.map { logKey($0.run, $0.id) }
        logWork.enqueue(run) { [blobs] in
            for key in keys { try? await blobs.finish(key) }
        }
    }
}
