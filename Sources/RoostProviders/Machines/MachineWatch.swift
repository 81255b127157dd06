import CRoostLinux
import Foundation
import Synchronization

/// Hears of the ends of machines, and tells those who listen.
///
/// One thread waits for all of them: a keeper's end of a socket is closed when its machine has ended.
final class MachineWatch: Sendable {
    private struct State {
        /// Places of machines by the descriptors that are watched.
        var places: [Int32: String] = [:]
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var count = 0
    }
    private let state: Mutex<State>
    /// What the thread waits at; it ends with the other end of `end`.
    private let poll: Int32
    private let end: Int32

    init() {
        poll = roost_watch_make()
        var ends: [Int32] = [-1, -1]
        _ = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
        end = ends[0]
        state = Mutex(State())
        roost_watch_add(poll, ends[1])
        let (poll, stop) = (poll, ends[1])
        Thread.detachNewThread { [weak self] in
            while true {
                let descriptor = roost_watch_next(poll)
                guard descriptor >= 0, descriptor != stop else { break }
                self?.forget(descriptor)
            }
            close(stop)
            close(poll)
        }
    }

    deinit {
        let descriptors = state.withLock { Array($0.places.keys) }
        // The thread may not be told of descriptors whose numbers others have by then.
        for descriptor in descriptors { roost_watch_remove(poll, descriptor) }
        close(end)
        descriptors.forEach { close($0) }
    }

    /// Watches a machine by a descriptor that its keeper holds the other end of; closes it in the end.
    func add(_ place: MachinePlace, _ descriptor: Int32) {
        state.withLock { state in
            state.places[descriptor] = place.path
            roost_watch_add(poll, descriptor)
        }
    }

    /// Watches a machine that an earlier provider made.
    func adopt(_ place: MachinePlace) {
        guard state.withLock({ !$0.places.values.contains(place.path) }) else { return }
        let descriptor = roost_keeper_connect(place.path)
        if descriptor >= 0 { add(place, descriptor) }
    }

    private func forget(_ descriptor: Int32) {
        let listeners = state.withLock { state in
            roost_watch_remove(poll, descriptor)
            state.places.removeValue(forKey: descriptor)
            close(descriptor)
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield() }
    }

    /// An element whenever a machine has ended.
    func wakes() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let id = state.withLock { state in
                state.count += 1
                state.listeners[state.count] = continuation
                return state.count
            }
            continuation.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) }
            }
        }
    }
}
