import Foundation
import Glibc
public import RoostModel
import Synchronization

/// Keys for agents of machines, made ahead: making one takes a processor longer than everything else of a machine's start.
///
/// They are made by a thread that stands back, and not while machines are starting, as long as there are enough. Each is handed out once.
/// They are in the memory of the server until then; a machine of this computer has nothing that its owner could not read anyway.
public final class AgentKeyStock: Sendable {
    private struct State {
        var keys: [Secret] = []
        var isMaking = false
        /// Who took the last key is starting until then.
        var isQuietFrom = ContinuousClock.now
    }

    private enum Step {
        case make
        case wait(Duration)
        case end
    }

    private let state = Mutex(State())
    private let most: Int
    private let make: @Sendable () throws -> Secret

    /// How long a machine starts, with much to spare.
    private static let start = Duration.seconds(1)
    private static let lowestPriority: Int32 = 19

    /// One that makes no key before it is asked to: most servers have no elastic pool.
    ///
    /// - Parameters:
    ///   - most: how many are kept; with less than a quarter of them more are made at once.
    ///   - make: makes one, as the file that agents have it in.
    public init(most: Int = 32, make: @escaping @Sendable () throws -> Secret) {
        self.most = most
        self.make = make
    }

    /// Whether no more are made for now.
    public var isFull: Bool { state.withLock { $0.keys.count >= most } }

    /// Begins to make keys for the machines that will need them.
    public func prepare() {
        let begins = state.withLock { state in
            guard !state.isMaking, state.keys.count < most else { return false }
            state.isMaking = true
            return true
        }
        guard begins else { return }
        Thread.detachNewThread { [weak self] in
            // Of this thread alone, on Linux.
            _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, Self.lowestPriority)
            while let step = self?.step() {
                switch step {
                case .make: guard self?.makeOne() == true else { return }
                case .wait(let time): Thread.sleep(forTimeInterval: time / .seconds(1))
                case .end: return
                }
            }
        }
    }

    /// One that was made; nil when there is none yet, so that the agent makes its own.
    func take() -> Secret? {
        let key = state.withLock { state in
            state.isQuietFrom = .now + Self.start
            return state.keys.popLast()
        }
        prepare()
        return key
    }

    private func step() -> Step {
        state.withLock { state in
            guard state.isMaking, state.keys.count < most else {
                state.isMaking = false
                return .end
            }
            let pause = ContinuousClock.now.duration(to: state.isQuietFrom)
            return state.keys.count < max(1, most / 4) || pause <= .zero ? .make : .wait(pause)
        }
    }

    /// - Returns: false when none was made, which ends the making; the next machine has it tried again.
    private func makeOne() -> Bool {
        let key = try? make()
        return state.withLock { state in
            guard let key else {
                state.isMaking = false
                return false
            }
            state.keys.append(key)
            return true
        }
    }
}
