public import FoundationEssentials
public import RoostModel
import RoostStore
public import RoostWire

extension ControlPlane {
    /// The run of an orchestration plan, completed ones included.
    public func runID(plan: PlanID) async throws(ControlError) -> RunID {
        if let id = read({ $0.runOfPlan[plan] }) { return id }
        let stored: Run?
        do { stored = try await store.run(plan: plan) } catch { throw .storeUnavailable(error) }
        guard let stored else { throw .planNotFound(plan.description) }
        return stored.id
    }

    /// The records that changed after a change id; all when it is nil.
    public func records(
        run id: RunID,
        since: Int?
    ) async throws(ControlError) -> (records: [TimelineRecord], changeID: Int) {
        if let active = read({ $0.runs[id] }) {
            let records = active.recordList.filter { $0.changeID > since ?? -1 }
            return (records, active.changeID)
        }
        let records: [TimelineRecord]
        do { records = try await store.records(of: id) } catch { throw .storeUnavailable(error) }
        if records.isEmpty { _ = try await run(id) }
        return (records.filter { $0.changeID > since ?? -1 }, records.map(\.changeID).max() ?? 0)
    }

    /// Merges what an agent says of records: members that are absent leave what is stored, unknown ids are new records.
    ///
    /// What comes after the job's end, from a machine that was held for lost or from a request that was long on its way, adds what it
    /// knows, but opens nothing again: below a job that ended every record has ended.
    ///
    /// - Parameters:
    ///   - plan: the plan of the run.
    ///   - patches: records as they came.
    ///   - job: the job that speaks; it may touch its own record and those below it.
    /// - Returns: the merged records.
    /// - Throws: ``ControlError/planNotFound(_:)``, ``ControlError/forbidden(what:needs:)``.
    public func updateRecords(
        plan: PlanID,
        patches: [TimelineRecordWire],
        job: JobID?
    ) async throws(ControlError)
        -> [TimelineRecord]
    {
        try await change { state, change throws(ControlError) in
            guard let run = state.runOfPlan[plan], state.runs[run] != nil else { throw .planNotFound(plan.description) }
            var touched: [RecordID] = []
            var ended: [JobID: Job] = [:]
            for patch in patches {
                guard let id = patch.id.map({ RecordID($0) }) else { continue }
                let known = state.runs[run]?.records[id]
                let base =
                    known
                    ?? TimelineRecord(
                        id: id,
                        parent: (patch.parentId ?? job?.rawValue).map { RecordID($0) },
                        kind: .task,
                        name: ""
                    )
                let owner = state.runs[run]?.job(of: base)
                if let job, owner?.id != job {
                    throw .forbidden(what: "change the record \(id)", needs: "the token of its own job")
                }
                let hasEnded = owner?.state.isFinished ?? false
                if let owner, hasEnded { ended[owner.id] = owner }
                state.runs[run]?.update(id, at: change.now, make: { base }) { record in
                    patch.merge(into: &record)
                    guard let known else { return }
                    record.parent = known.parent ?? record.parent
                    if known.kind != .task { record.keepServerOwned(known) }
                    if hasEnded, known.state == .completed, record.state != .completed { record.keepEnd(known) }
                }
                touched.append(id)
            }
            for job in ended.values { state.completeTaskRecords(below: job, change.now) }
            change.touchedRecords.insert(run)
            return touched.compactMap { state.runs[run]?.records[$0] }
        }
    }

    /// Console lines for those who watch; they are not kept, the log is.
    public func feed(plan: PlanID, record: RecordID, lines: [String], startLine: Int?) {
        guard let run = read({ $0.runOfPlan[plan] }), runEvents.isWatched(run) else { return }
        runEvents.publish(.lines(record: record, lines, startLine: startLine), to: run)
    }

    // MARK: Attachments

    /// Keeps a file that belongs to a record.
    public func putAttachment(
        plan: PlanID,
        record: RecordID,
        type: String,
        name: String,
        bytes: [UInt8]
    )
        async throws(ControlError)
    {
        let run = try await runID(plan: plan)
        let key = try attachmentKey(run, type, record, name)
        do {
            try await blobs.delete(key)
            _ = try await blobs.append(bytes, to: key, at: 0)
            try await blobs.finish(key)
        } catch { throw Self.blobError(error) }
        let entry = AttachmentEntry(record: record.rawValue, type: type, name: name, size: bytes.count)
        try await addAttachment(entry, to: run)
    }

    /// The bytes of an attachment; nil when there is none.
    public func attachment(
        run: RunID,
        record: RecordID,
        type: String,
        name: String
    ) async throws(ControlError) -> [UInt8]? {
        let key = try attachmentKey(run, type, record, name)
        do {
            guard let size = try await blobs.size(key) else { return nil }
            return try await blobs.read(key, 0..<size)
        } catch { throw Self.blobError(error) }
    }

    /// The attachments of a kind, in the order they came.
    public func attachments(run: RunID, type: String) async throws(ControlError) -> [AttachmentEntry] {
        try await attachmentIndex(run).filter { $0.type.lowercased() == type.lowercased() }
    }

    /// Files that steps put beside the logs, with `task.uploadfile` and `build.uploadlog`.
    func uploadedFiles(of run: RunID) async throws(ControlError) -> [AttachmentEntry] {
        try await attachmentIndex(run).filter { Self.fileKinds.contains($0.type.lowercased()) }
    }

    private static let fileKinds: Set = ["distributedtask.core.fileattachment", "distributedtask.core.log"]

    private func attachmentKey(
        _ run: RunID,
        _ type: String,
        _ record: RecordID,
        _ name: String
    ) throws(ControlError) -> BlobKey {
        let digest = NameUUID.make(record.rawValue, "\(type.lowercased())/\(name)").uuidString.lowercased()
        guard let key = BlobKey("runs/\(run)/attachments/\(digest)") else { throw .logNotFound(0) }
        return key
    }

    private func attachmentIndexKey(_ run: RunID) throws(ControlError) -> BlobKey {
        guard let key = BlobKey("runs/\(run)/attachments/index") else { throw .logNotFound(0) }
        return key
    }

    private func attachmentIndex(_ run: RunID) async throws(ControlError) -> [AttachmentEntry] {
        let key = try attachmentIndexKey(run)
        do {
            guard let size = try await blobs.size(key) else { return [] }
            let text = try await blobs.read(key, 0..<size)
            return text.split(separator: UInt8(ascii: "\n")).compactMap {
                try? JSONDecoder().decode(AttachmentEntry.self, from: Data($0))
            }
        } catch { throw Self.blobError(error) }
    }

    private func addAttachment(_ entry: AttachmentEntry, to run: RunID) async throws(ControlError) {
        guard !(try await attachmentIndex(run)).contains(entry) else { return }
        let key = try attachmentIndexKey(run)
        do {
            let line = Array(try JSONEncoder().encode(entry)) + [UInt8(ascii: "\n")]
            _ = try await blobs.append(line, to: key, at: nil)
        } catch { throw Self.blobError(error) }
    }

    static func blobError(_ error: any Error) -> ControlError {
        if let error = error as? StoreError { return .storeUnavailable(error) }
        return .storeUnavailable(.failed(path: "", reason: String(describing: error)))
    }
}

/// A file that belongs to a record.
public struct AttachmentEntry: Hashable, Sendable, Codable {
    public var record: UUID
    public var type: String
    public var name: String
    /// Bytes.
    public var size: Int
}

extension TimelineRecord {
    /// An agent may say how its job goes, not where the record stands.
    fileprivate mutating func keepServerOwned(_ known: TimelineRecord) {
        parent = known.parent
        kind = known.kind
        name = known.name
        refName = known.refName
        identifier = known.identifier
        order = known.order
        attempt = known.attempt
        // The end of a job is its completion event, which frees the agent: the record follows it.
        if known.kind == .job, state == .completed || known.state == .completed { keepEnd(known) }
    }

    fileprivate mutating func keepEnd(_ known: TimelineRecord) {
        state = known.state
        result = known.result
        finishedAt = known.finishedAt
    }
}
