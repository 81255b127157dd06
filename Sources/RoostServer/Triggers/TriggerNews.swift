import RoostModel

/// What happened in the control plane that triggers look at.
enum TriggerNews: Sendable, Hashable {
    case runEnded(RunID)
    case stagesMoved(RunID)
    /// It is new, or its settings changed.
    case pipelineChanged(PipelineID)
}

/// The way from the control plane to its triggers; has one reader.
///
/// What must not be lost is a row as well and is found at the next start, so that the oldest news may be dropped when nobody reads.
final class TriggerNewsChannel: Sendable {
    let stream: AsyncStream<TriggerNews>
    private let continuation: AsyncStream<TriggerNews>.Continuation

    /// News kept for a reader that is behind.
    private static let capacity = 10_000

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.capacity))
    }

    func send(_ news: TriggerNews) { continuation.yield(news) }
}
