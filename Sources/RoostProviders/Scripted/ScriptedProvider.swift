import FoundationEssentials
public import RoostModel
import Synchronization

/// A provider whose engine does what a script says, for tests: slow, failing, lying, throttling, with a quota.
///
/// Its machines are tasks. ``plan(_:_:)`` says what becomes of the next calls; without a plan ``ScriptedFaults`` and the seed do. Nothing in
/// it waits but by the function that it was given for that.
public final class ScriptedProvider: MachineProvider {
    /// What a machine runs until it is ended; when it returns, the machine has stopped.
    public typealias Program = @Sendable (ScriptedMachine) async -> Void

    struct State {
        var machines: [String: ScriptedRecord] = [:]
        var tasks: [String: Task<Void, Never>] = [:]
        /// Tasks of machines that were ended, until they are over.
        var leaving: [Task<Void, Never>] = []
        var plans: [ScriptedCall: [ScriptedFate]] = [:]
        var attempts: [String: UInt64] = [:]
        var faults: ScriptedFaults
        var quota: Int?
        var readiness = ProviderReadiness()
        var lastListing: [ListedMachine] = []
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var listenerCount = 0
        /// Calls of each kind so far.
        var calls: [ScriptedCall: Int] = [:]
    }
    let state: Mutex<State>
    public let traits: ProviderTraits
    private let numbers: ScriptedNumbers
    private let pause: @Sendable (Duration) async -> Void
    private let program: Program

    /// A provider without machines.
    ///
    /// - Parameters:
    ///   - seed: decides what becomes of calls that no plan is for.
    ///   - faults: how often what happens.
    ///   - quota: most machines that there can be.
    ///   - traits: what it says of itself.
    ///   - pause: waits for a time; ``ScriptedClock/pause(_:)`` for a time that is told to pass.
    ///   - program: what machines run.
    public init(
        seed: UInt64 = 0,
        faults: ScriptedFaults = ScriptedFaults(),
        quota: Int? = nil,
        traits: ProviderTraits = ProviderTraits(images: .optional),
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) },
        program: @escaping Program
    ) {
        numbers = ScriptedNumbers(seed: seed)
        self.traits = traits
        self.pause = pause
        self.program = program
        state = Mutex(State(faults: faults, quota: quota))
    }

    // MARK: The script

    /// Says what becomes of the next calls of a kind, before seed and faults decide again.
    public func plan(_ call: ScriptedCall, _ fates: ScriptedFate...) {
        state.withLock { $0.plans[call, default: []] += fates }
    }

    public func set(_ faults: ScriptedFaults) { state.withLock { $0.faults = faults } }
    /// What it says of the computer.
    public func set(_ readiness: ProviderReadiness) { state.withLock { $0.readiness = readiness } }
    public func set(quota: Int?) { state.withLock { $0.quota = quota } }

    /// Calls of a kind so far.
    public func calls(_ call: ScriptedCall) -> Int { state.withLock { $0.calls[call] ?? 0 } }

    /// All machines that there really are.
    public var truth: [ListedMachine] { state.withLock { $0.machines.values.map(\.listed) } }

    /// Ends what a machine runs, as when it loses its power; it is listed as stopped.
    public func kill(_ id: String) {
        halt(id) { $0.machines[id]?.listed.state = .stopped }
        wake()
    }

    /// Takes a machine away without having been asked to.
    public func lose(_ id: String) {
        halt(id) { $0.machines.removeValue(forKey: id) }
        wake()
    }

    /// Ends all machines and waits for what they run.
    public func shutDown() async {
        let tasks = state.withLock { state in
            defer { (state.tasks, state.leaving, state.machines) = ([:], [], [:]) }
            return state.leaving + state.tasks.values
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Ends the task of a machine and changes what there is.
    func halt(_ id: String, _ change: (inout State) -> Void) {
        let task = state.withLock { state in
            change(&state)
            guard let task = state.tasks.removeValue(forKey: id) else { return Task<Void, Never>?.none }
            state.leaving.removeAll(where: \.isCancelled)
            state.leaving.append(task)
            return task
        }
        task?.cancel()
    }

    func wake() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
    }

    // MARK: Fates

    /// What becomes of a call, once its time has passed.
    func fate(of call: ScriptedCall, _ about: String, _ parts: UInt64...) async -> ScriptedFate {
        let (fate, delay) = state.withLock { state -> (ScriptedFate, Duration) in
            state.calls[call, default: 0] += 1
            let key = "\(call) \(about)"
            let attempt = state.attempts[key] ?? 0
            state.attempts[key] = attempt + 1
            let kind = UInt64(ScriptedCall.allCases.firstIndex(of: call) ?? 0)
            let base = parts.reduce(numbers.number(kind, attempt)) { numbers.number($0, $1) }
            let delay = state.faults.delay(numbers.number(base, 1))
            if var plan = state.plans[call], !plan.isEmpty {
                let fate = plan.removeFirst()
                state.plans[call] = plan
                return (fate, delay)
            }
            return (state.faults.fate(of: call, numbers.number(base, 0)), delay)
        }
        if delay > .zero { await pause(delay) }
        return fate
    }

    // MARK: Machines

    /// Starts what a machine runs.
    func start(_ id: String) {
        state.withLock { state in
            guard let record = state.machines[id], !record.isDead, state.tasks[id] == nil else { return }
            let generation = record.listed.tag.generation
            let task = Task { [self] in
                if !record.dies { await program(ScriptedMachine(id: id, order: record.order)) }
                end(id, generation)
            }
            state.tasks[id] = task
        }
    }

    /// What a machine ran has ended by itself.
    private func end(_ id: String, _ generation: Int) {
        let isNews = state.withLock { state in
            guard state.machines[id]?.listed.tag.generation == generation, state.tasks[id]?.isCancelled == false else {
                return false
            }
            state.tasks.removeValue(forKey: id)
            state.machines[id]?.listed.state = .stopped
            return true
        }
        if isNews { wake() }
    }
}
