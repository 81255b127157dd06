import FoundationEssentials
import RoostModel
import Synchronization

/// Hands changes to whoever watches, and keeps nothing for those who do not.
///
/// A watcher that does not keep up loses the oldest events of its stream (``capacity``); it is meant to read the state anew when it
/// sees a gap, which pages do by the change id.
final class EventHub<Topic: Hashable & Sendable, Event: Sendable>: Sendable {
    /// Events kept for one slow watcher.
    private let capacity: Int
    private struct State {
        var nextID = 0
        var watchers: [Topic: [Int: AsyncStream<Event>.Continuation]] = [:]
    }
    private let state = Mutex(State())

    init(capacity: Int = 1024) { self.capacity = capacity }

    /// Whether anybody watches; lets callers skip making events.
    func isWatched(_ topic: Topic) -> Bool { state.withLock { $0.watchers[topic] != nil } }

    /// A stream of what is published from now on; ends with ``finish(_:)`` or when the reader stops.
    func watch(_ topic: Topic) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream<Event>.makeStream(bufferingPolicy: .bufferingNewest(capacity))
        let id = state.withLock { state in
            state.nextID += 1
            state.watchers[topic, default: [:]][state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in self?.remove(id, from: topic) }
        return stream
    }

    func publish(_ event: Event, to topic: Topic) {
        let continuations = state.withLock { $0.watchers[topic].map { Array($0.values) } } ?? []
        for continuation in continuations { continuation.yield(event) }
    }

    /// Ends the streams of a topic.
    func finish(_ topic: Topic) {
        let continuations = state.withLock { $0.watchers.removeValue(forKey: topic).map { Array($0.values) } } ?? []
        for continuation in continuations { continuation.finish() }
    }

    /// Ends every stream, when the server stops.
    func finishAll() {
        let topics = state.withLock { Array($0.watchers.keys) }
        for topic in topics { finish(topic) }
    }

    private func remove(_ id: Int, from topic: Topic) {
        state.withLock { state in
            state.watchers[topic]?[id] = nil
            if state.watchers[topic]?.isEmpty == true { state.watchers[topic] = nil }
        }
    }
}
