import CRoostLinux
import Dispatch
import Foundation
import RoostControlGroups
import RoostModel

/// Machines of this computer: what the providers `process` and `sandbox` have in common.
///
/// Each machine is a folder and a keeper process. This holds nothing that would be missed after it is gone.
struct LocalMachines<Form: MachineForm>: Sendable {
    let ground: MachineGround
    let form: Form
    let groups: ControlGroups
    let nursery: KeeperNursery
    /// Nil lets each agent make its own key.
    let keys: AgentKeyStock?
    let watch = MachineWatch()
    /// For what waits in system calls.
    private let queue = DispatchQueue(label: "roost.machines", attributes: .concurrent)

    init(
        _ folder: String,
        _ form: Form,
        _ groups: ControlGroups,
        _ keeper: KeeperProgram,
        _ keys: AgentKeyStock?
    ) throws(ProviderFailure) {
        ground = try MachineGround(folder)
        self.form = form
        self.groups = groups
        nursery = KeeperNursery(keeper)
        self.keys = keys
    }

    // MARK: Making

    func create(_ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        let record = MachineRecord(order)
        if let known = try known(record) { return known }
        guard let lock = try ground.claim(record) else {
            guard let known = try known(record) else { throw .unknown("\(record.id) came and went at once") }
            return known
        }
        defer { withExtendedLifetime(lock) {} }
        let place = ground.place(record.id)
        do throws(ProviderFailure) {
            try await start(order, place)
        } catch {
            // An error while cleaning up leaves a machine that is listed as stopped, and deleted by who lists it.
            try? await delete(record.id)
            throw error
        }
        try await expectMachine(record)
        return ListedMachine(id: record.id, tag: record.tag, state: .running, image: record.image)
    }

    /// The machine when it is there already.
    private func known(_ record: MachineRecord) throws(ProviderFailure) -> ListedMachine? {
        guard let known = ground.machine(record.id) else { return nil }
        guard known.tag == record.tag else {
            throw .failed("\(record.id) is there in generation \(known.tag.generation), not \(record.tag.generation)")
        }
        return known
    }

    private func start(_ order: MachineOrder, _ place: MachinePlace) async throws(ProviderFailure) {
        let base = try await form.base(for: order)
        let leaves = try groups.makeMachine(MachineRecord.id(order.tag), order.size)
        let keeperOrder = try await form.keeperOrder(order, base, place, leaves: leaves)
        let lines = try JoiningText.lines(of: order, keys, keepsApart: Form.keepsApart)
        let descriptor = try await waiting { () throws(ProviderFailure) in
            try nursery.start(keeperOrder, input: lines)
        }
        watch.add(place, descriptor)
    }

    func reimage(_ id: String, _ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        let record = MachineRecord(order)
        guard record.id == id, let known = ground.machine(id) else { throw .failed("there is no machine \(id)") }
        guard known.tag.generation < record.tag.generation else { return known }
        let place = ground.place(id)
        guard let lock = MachineLock(place.makingFile) else { throw .failed("\(id) is being made") }
        defer { withExtendedLifetime(lock) {} }
        try await end(id, place)
        try place.write(record)
        let before = try ground.putAside(place.generation(known.tag.generation))
        // They are of no use any more, whatever comes of the start.
        defer { if let before { removeLater(before) } }
        do throws(ProviderFailure) { try await start(order, place) } catch {
            try await expectMachine(record)
            throw error
        }
        try await expectMachine(record)
        return ListedMachine(id: id, tag: record.tag, state: .running, image: record.image)
    }

    /// Ends what was started for a machine that somebody deleted meanwhile.
    ///
    /// - Throws: ``ProviderFailure/failed(_:)`` when it was deleted.
    private func expectMachine(_ record: MachineRecord) async throws(ProviderFailure) {
        let id = record.id
        guard ground.machine(id) == nil else { return }
        try await waiting { () throws(ProviderFailure) in
            groups.kill(id)
            form.endStrays(of: id)
        }
        try await delete(id)
        throw .failed("\(id) was deleted while it was made")
    }

    // MARK: Ending

    func delete(_ id: String) async throws(ProviderFailure) {
        guard MachineRecord.isID(id) else { return }
        _ = try ground.putAside(ground.place(id).path, as: "\(id).\(UUID().uuidString)")
        for deletion in try ground.deletions() where deletion.id == id { try await bury(id, deletion.place) }
        // Whoever was making the machine meanwhile may have made groups after they were removed.
        if ground.machine(id) == nil {
            try await waiting { () throws(ProviderFailure) in try groups.removeMachine(id) }
        }
    }

    /// Removes all of a machine; its record goes last, so that it is listed until then.
    private func bury(_ id: String, _ place: MachinePlace) async throws(ProviderFailure) {
        try await end(id, place)
        if ground.machine(id) == nil {
            try await waiting { () throws(ProviderFailure) in try groups.removeMachine(id) }
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        for name in names where name.hasPrefix("g") { try await form.remove("\(place.path)/\(name)") }
        let error = roost_remove_tree(place.path)
        guard error == 0 else { throw ProviderFailure(file: place.path, error) }
    }

    private func end(_ id: String, _ place: MachinePlace) async throws(ProviderFailure) {
        try await waiting { () throws(ProviderFailure) in
            try KeeperEnding(place: place).run()
            // Also when it answered: one that was killed meanwhile hangs up just as one does that has ended everything.
            groups.kill(id)
            form.endStrays(of: id)
        }
    }

    /// Removes files when there is time; what is not removed when this process ends is removed by the next one.
    private func removeLater(_ path: String) {
        Task.detached(priority: .background) { [form] in try? await form.remove(path) }
    }

    // MARK: What there is

    func machines(of server: UUID, in pool: PoolID?) throws(ProviderFailure) -> [ListedMachine] {
        // Who has a pool has it before its first job.
        if pool != nil { keys?.prepare() }
        let found = try ground.machines().filter { $0.tag.server == server && (pool == nil || $0.tag.pool == pool) }
        for machine in found where machine.state == .running { watch.adopt(ground.place(machine.id)) }
        return found
    }

    func console(of id: String) -> [String] { MachineRecord.isID(id) ? ground.place(id).console : [] }

    /// Removes what an interrupted provider left besides machines.
    func sweep() async throws(ProviderFailure) {
        var first: ProviderFailure?
        for path in try ground.rubbish() {
            // One that cannot be removed does not keep the others; one that somebody else has just removed is no failure.
            do throws(ProviderFailure) { try await form.remove(path) } catch {
                if access(path, F_OK) == 0 { first = first ?? error }
            }
        }
        if let first { throw first }
    }

    /// Does something that waits, away from the threads of tasks.
    private func waiting<Value: Sendable>(
        _ body: @escaping @Sendable () throws(ProviderFailure) -> Value
    ) async throws(ProviderFailure) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, ProviderFailure>, Never>) in
            queue.async {
                do throws(ProviderFailure) { continuation.resume(returning: .success(try body())) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
