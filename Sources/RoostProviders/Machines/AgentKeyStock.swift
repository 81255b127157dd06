import Foundation
public import RoostModel
import Synchronization

/// Keys for agents of machines, made ahead: making one takes longer than starting a machine.
///
/// Each is handed out once. They are in the memory of the server until then; a machine of this computer has nothing that its owner could not read anyway.
public final class AgentKeyStock: Sendable {
    private struct State {
        var keys: [Secret] = []
        var isMaking = false
    }
    private let state = Mutex(State())
    private let most: Int
    private let make: @Sendable () throws -> Secret
    private let queue = DispatchQueue(label: "roost.machines.keys", qos: .utility)

    /// One that makes no key before a machine needs one: most servers have no elastic pool.
    ///
    /// - Parameters:
    ///   - most: how many are kept.
    ///   - make: makes one, as the file that agents have it in.
    public init(most: Int = 4, make: @escaping @Sendable () throws -> Secret) {
        self.most = most
        self.make = make
    }

    /// One that was made; nil when there is none yet, so that the agent makes its own.
    func take() -> Secret? {
        let key = state.withLock { $0.keys.popLast() }
        refill()
        return key
    }

    private func refill() {
        let begins = state.withLock { state in
            guard !state.isMaking, state.keys.count < most else { return false }
            state.isMaking = true
            return true
        }
        guard begins else { return }
        queue.async { [weak self] in
            guard let self else { return }
            let key = try? make()
            state.withLock { state in
                state.isMaking = false
                if let key { state.keys.append(key) }
            }
            if key != nil { refill() }
        }
    }
}
