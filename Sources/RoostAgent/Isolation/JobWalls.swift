import CRoostLinux
import Glibc
import Synchronization

/// What keeps one job apart: namespaces for its steps, and for its worker a view of the machine in which the same is hidden.
///
/// A keeper, the first process of the job's namespaces, holds them; with its end everything inside ends. It ends when this object is dropped, and
/// when this process ends in whatever way. The worker is in another namespace of processes, so nobody inside sees it. It sees files as the job does,
/// because it reads and writes what the job names.
final class JobWalls: Sendable {
    private struct State {
        var walls: roost_walls
        /// What a job sees has been arranged.
        var isStanding = false
    }

    /// The first process inside, by its number outside.
    let keeper: pid_t
    private let state: Mutex<State>

    private init(_ walls: roost_walls) {
        keeper = walls.keeper
        state = Mutex(State(walls: walls))
    }

    /// Makes namespaces in which nothing is hidden yet.
    ///
    /// This process must have one thread. It should know no secret yet: the keeper is a copy of it, though nobody can look into it.
    ///
    /// - Throws: ``WallFailure/notRaised(step:error:)``.
    static func raise() throws(WallFailure) -> JobWalls {
        var walls = roost_walls()
        var step: UnsafePointer<CChar>?
        let started = OwnChildren.spawn { pid in
            let error = roost_walls_raise(&walls, &step)
            pid = walls.keeper
            return error
        }
        guard started.error == 0 else {
            throw .notRaised(step: step.map { String(cString: $0) } ?? "", error: started.error)
        }
        return JobWalls(walls)
    }

    /// Tries whether they can be made here; this process stays as it is.
    ///
    /// - Throws: ``WallFailure/notRaised(step:error:)``.
    static func attempt() throws(WallFailure) {
        var step: UnsafePointer<CChar>?
        let error = roost_walls_try(&step)
        guard error == 0 else { throw .notRaised(step: step.map { String(cString: $0) } ?? "", error: error) }
    }

    var isStanding: Bool { state.withLock { $0.isStanding } }

    /// Arranges what is seen; called once.
    ///
    /// - Parameters:
    ///   - job: for the job's steps.
    ///   - worker: for this process.
    /// - Throws: ``WallFailure/notChanged(path:error:)``.
    func stand(job: [Wall], worker: [Wall]) throws(WallFailure) {
        try change(job, isInside: true)
        try change(worker, isInside: false)
        // A working folder from before would lead behind what is hidden.
        chdir("/")
        state.withLock { $0.isStanding = true }
    }

    private func change(_ walls: [Wall], isInside: Bool) throws(WallFailure) {
        let texts = CStringArray(walls.flatMap { [$0.path, $0.source] })
        let parts = walls.indices.map { index in
            roost_wall(
                kind: walls[index].kind.number,
                path: texts.pointers[2 * index].map { UnsafePointer($0) },
                source: texts.pointers[2 * index + 1].map { UnsafePointer($0) }
            )
        }
        var failed = 0
        let error = state.withLock { state in
            roost_walls_change(&state.walls, isInside ? 1 : 0, parts, parts.count, &failed)
        }
        guard error != 0 else { return }
        throw .notChanged(path: failed < walls.count ? walls[failed].path : "/", error: error)
    }

    /// Starts a program inside; see `roost_walls_spawn`.
    func spawn(_ launch: ProcessLaunch, _ words: LaunchWords, output: Int32, errors: Int32, _ pid: inout pid_t) -> Int32
    {
        var walls = state.withLock { $0.walls }
        return roost_walls_spawn(
            &walls,
            launch.executable,
            words.arguments.pointers,
            words.environment.pointers,
            launch.workingDirectory,
            output,
            errors,
            &pid
        )
    }

    /// Whether processes live inside that lost their parent.
    var hasOrphans: Bool {
        state.withLock { state in state.walls.control >= 0 && roost_walls_have_orphans(&state.walls) != 0 }
    }

    /// Ends everything inside, and waits for its end.
    func drop() async {
        let isFirst = state.withLock { state in
            guard state.walls.control >= 0 else { return false }
            roost_walls_drop(&state.walls)
            state.isStanding = false
            return true
        }
        guard isFirst else { return }
        let keeper = keeper
        _ = try? await OwnThread.run { deliver in deliver(Self.collect(keeper)) }
    }

    private static func collect(_ keeper: pid_t) -> Bool {
        let handle = OwnedDescriptor(pidfdOpen(keeper))
        var request = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
        if handle.number >= 0 { poll(&request, 1, Int32(ProcessTree.killPatience / .milliseconds(1))) }
        if OwnChildren.reap(keeper) != nil { return true }
        OwnChildren.abandon(keeper)
        return false
    }

    deinit {
        state.withLock { state in
            if state.walls.control >= 0 { roost_walls_drop(&state.walls) }
        }
    }
}

extension Wall.Kind {
    fileprivate var number: roost_wall_kind {
        switch self {
        case .hide: ROOST_WALL_HIDE
        case .cover: ROOST_WALL_COVER
        case .empty: ROOST_WALL_EMPTY
        case .show: ROOST_WALL_SHOW
        case .showReadOnly: ROOST_WALL_SHOW_READ_ONLY
        case .own: ROOST_WALL_OWN
        }
    }
}

/// Keeps other processes of the same user from reading this one's memory and environment.
func hideMemory() { roost_hide_memory() }
