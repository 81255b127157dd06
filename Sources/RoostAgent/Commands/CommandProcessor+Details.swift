import FoundationEssentials
import RoostModel
import RoostWire

extension CommandProcessor {
    /// Carries out `task.logdetail id=UUID;parentid=;type=;name=;order=;starttime=;finishtime=;progress=;state=;result=` with TEXT as data: makes a record
    /// below the step's, or changes one it made.
    func logDetail(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard let text = command["id"], let id = UUID(uuidString: text), id != Self.zero else {
            throw Refusal("the property 'id' must be a UUID")
        }
        let known = surroundings.progress.parent(ofDetail: id)
        var record = TimelineRecordWire(id: id)
        record.parentId = try parent(command, known: known)
        record.name = command["name"].map(surroundings.masker.mask)
        record.type = command["type"]
        // As Azure Pipelines' agent takes them: what is no number counts as absent, and one too large or small as the nearest.
        record.order = command["order"].flatMap(Int.init)
        record.percentComplete = command["progress"].flatMap(Int.init).map { min(max($0, 0), 100) }
        record.startTime = command["starttime"].map(Self.moment)
        record.finishTime = command["finishtime"].map(Self.moment)
        record.state = command["state"].map(Self.state)
        record.result = command["result"].map(Self.result)
        if !command.data.isEmpty { record.currentOperation = surroundings.masker.mask(command.data) }
        if known == nil { try begin(&record) } else { Self.complete(&record) }
        surroundings.progress.addDetail(id, parent: record.parentId ?? surroundings.record)
        surroundings.tell([record])
        return []
    }

    private static let zero = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    private static let detailLimit = 1000

    private func begin(_ record: inout TimelineRecordWire) throws(Refusal) {
        guard record.name != nil else { throw Refusal("a new detail needs the property 'name'") }
        guard record.type != nil else { throw Refusal("a new detail needs the property 'type'") }
        guard surroundings.progress.details < Self.detailLimit else {
            throw Refusal("a step has at most \(Self.detailLimit) details")
        }
        record.startTime = record.startTime ?? Date()
        record.state = record.state ?? RecordState.inProgress.rawValue
    }

    private static func complete(_ record: inout TimelineRecordWire) {
        guard record.state == RecordState.completed.rawValue else { return }
        record.percentComplete = record.percentComplete ?? 100
        record.finishTime = record.finishTime ?? Date()
    }

    /// The step's record, when none is named.
    private func parent(_ command: VSOCommand, known: UUID?) throws(Refusal) -> UUID {
        guard let text = command["parentid"] else { return known ?? surroundings.record }
        guard let id = UUID(uuidString: text) else { throw Refusal("'\(text)' is no UUID for 'parentid'") }
        let wanted = id == Self.zero ? surroundings.record : id
        if let known, wanted != known { throw Refusal("the parent of a detail cannot be changed") }
        guard wanted == surroundings.record || surroundings.progress.parent(ofDetail: wanted) != nil else {
            throw Refusal("the parent \(text) has not been made by '##vso[task.logdetail]'")
        }
        return wanted
    }

    private static func state(_ text: String) -> String {
        let wanted = text.lowercased()
        let states: [RecordState] = [.inProgress, .completed]
        return (states.first { $0.rawValue.lowercased() == wanted } ?? .pending).rawValue
    }

    private static func result(_ text: String) -> String {
        (TaskResult.allCases.first { $0.rawValue.lowercased() == text.lowercased() } ?? .succeeded).rawValue
    }

    private static func moment(_ text: String) -> Date {
        WireDate.date(text) ?? WireDate.date(text.split(separator: " ", maxSplits: 1).joined(separator: "T")) ?? Date()
    }
}
