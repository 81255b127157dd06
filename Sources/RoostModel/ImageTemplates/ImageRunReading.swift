import FoundationEssentials

/// Reads out of a run and its records what became of the build of a template.
///
/// The build writes what it does as records below its step; nothing else is known of it.
public struct ImageRunReading: Sendable {
    private let run: Run
    private let records: [TimelineRecord]

    public init(_ run: Run, _ records: [TimelineRecord]) {
        self.run = run
        self.records = records
    }

    public var status: ImageRunStatus {
        ImageRunStatus(
            startTime: run.queuedAt,
            endTime: run.state.isCompleted ? run.finishedAt : nil,
            state: state,
            subState: run.state.isCompleted && state == .succeeded ? nil : subState,
            message: message
        )
    }

    private var state: ImageRunState {
        switch run.state {
        case .queued, .running: .running
        case .canceling: .canceling
        case .completed(.succeeded), .completed(.succeededWithIssues): .succeeded
        case .completed(.canceled): .canceled
        case .completed: isPartial ? .partiallySucceeded : .failed
        }
    }

    /// The image was made and passed its validations, and somebody got it.
    private var isPartial: Bool {
        let hasFailedStep = records.contains { $0.kind == .imageStep && $0.result == .failed }
        return !hasFailedStep && outputs.contains(where: \.isMade) && outputs.contains { !$0.isMade }
    }

    /// Of several targets, that of the one that is behind.
    private var subState: ImageRunSubState {
        let phases = records.filter { $0.kind == .imagePhase }
        let open = phases.filter { $0.state == .inProgress }.compactMap { ImageRunSubState(rawValue: $0.name) }
        if let first = open.min(by: { $0.place < $1.place }) { return first }
        return phases.compactMap { ImageRunSubState(rawValue: $0.name) }.max { $0.place < $1.place } ?? .queued
    }

    /// Why it failed: what the step that failed says, else the first error of the run.
    private var message: String? {
        guard let result = run.state.result, result != .succeeded else { return nil }
        let failed = records.filter { $0.kind == .imageStep && $0.result == .failed }.compactMap { record in
            record.currentOperation.map { "\(record.name): \($0)" }
        }
        let unmade = outputs.filter { !$0.isMade }.compactMap { output in output.message.map { "\(output.name): \($0)" }
        }
        let errors = (run.issues + records.flatMap(\.issues)).filter { $0.kind == .error }.map(\.message)
        return (failed + unmade + errors).first
    }

    public var outputs: [ImageRunOutput] {
        ordered(.imageOutput).map { record in
            let isMade = record.result == .succeeded
            return ImageRunOutput(
                name: record.name,
                place: isMade ? record.currentOperation : nil,
                isMade: isMade,
                message: isMade ? nil : record.currentOperation
            )
        }
    }

    /// What was done to the machine, in order.
    public var steps: [ImageRunStep] {
        ordered(.imageStep).map { record in
            let isReused = record.result == .succeeded && record.currentOperation == Self.reused
            return ImageRunStep(
                title: record.name,
                state: record.state,
                result: record.result,
                isReused: isReused,
                startedAt: record.startedAt,
                finishedAt: record.finishedAt,
                message: isReused ? nil : record.currentOperation
            )
        }
    }

    /// What the record of a step says whose layer was there.
    public static let reused = "reused"

    private func ordered(_ kind: RecordKind) -> [TimelineRecord] {
        records.filter { $0.kind == kind }.sorted { ($0.order ?? 0, $0.name) < ($1.order ?? 0, $1.name) }
    }
}

extension ImageRunSubState {
    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
