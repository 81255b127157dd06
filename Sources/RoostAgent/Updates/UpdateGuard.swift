import CRoostLinux
import Glibc
import Logging
import RoostModel
import Synchronization

/// Watches another version of the agent prove itself, and makes it the one that starts, or not.
///
/// The process stays the same all the time: who started it, a service manager or a person, sees no end and no start. After the verdict it becomes the
/// version that is to run (`execve`).
struct UpdateGuard: Sendable {
    let root: AgentRoot
    let update: PreparedUpdate
    /// The words with which this process was started.
    let words: [String]
    /// Of children: what a service manager told this process is not theirs.
    let environment: [String: String]
    let console: any AgentConsole
    let service: ServiceManager?
    let logger: Logger

    /// By this a child says how it is, among its other lines.
    static let mark = "##roost[guarded "
    static func line(_ state: String) -> String { "\(mark)\(state)]" }

    private enum News: Sendable {
        case line(String)
        case event(GuardRule.Event)
    }

    /// With the moment of their coming: what is dealt with late did not happen late.
    private struct Dated: Sendable {
        var news: News
        var at = ContinuousClock.now
    }

    /// Starts the version and waits for the verdict.
    ///
    /// - Parameter stops: requests to stop this agent.
    /// - Returns: nil when the agent is to go on, in the version that ``UpdateFiles`` has in place; else the code to end with.
    func run(stops: AsyncStream<ShutdownRequests.Request>) async -> Int32? {
        let verdict: GuardRule.Verdict
        var lastWords = ""
        do throws(ProcessFailure) {
            (verdict, lastWords) = try await watch(stops)
        } catch {
            verdict = .unhealthy(error.summary)
        }
        logger.notice("a version was tried", metadata: ["version": "\(update.release)", "verdict": "\(verdict)"])
        switch verdict {
        case .stopped(let code): return code == ListenerExit.updating.rawValue ? ListenerExit.success.rawValue : code
        case .offline(let reason):
            let own = await UpdateExcuse(root: root, environment: environment, logger: logger).reason()
            giveUp(own.map { .excused(update.release, reason: $0) } ?? unhealthy(reason, lastWords))
        case .unhealthy(let reason): giveUp(unhealthy(reason, lastWords))
        case .healthy:
            do throws(UpdateFailure) {
                guard let old = AgentRelease(AgentVersion.level) else { throw .noProgram(update.release) }
                let files = UpdateFiles(root: root)
                try files.switchOver(to: update.release, of: update.digest, from: old)
                // What came of an earlier attempt is not this one's.
                files.forgetOutcome()
                console.say("The agent is updated to \(update.release).")
            } catch { giveUp(error) }
        }
        return nil
    }

    private func unhealthy(_ reason: String, _ lastWords: String) -> UpdateFailure {
        let words = lastWords.isEmpty ? "" : " Its last words: \(lastWords)"
        return .unhealthy(update.release, reason: reason + words)
    }

    private func giveUp(_ failure: UpdateFailure) {
        console.complain(
            "The agent stays with \(AgentVersion.level): \(update.release) did not work. \(failure.summary)"
        )
        let files = UpdateFiles(root: root)
        files.sweep()
        files.write(
            UpdateFiles.Outcome(
                release: update.release,
                digest: update.digest,
                fault: failure.fault,
                reason: failure.summary
            )
        )
    }

    private func watch(
        _ stops: AsyncStream<ShutdownRequests.Request>
    ) async throws(ProcessFailure) -> (GuardRule.Verdict, String) {
        let (news, sender) = AsyncStream.makeStream(of: Dated.self)
        let splitter = LineSplitter { sender.yield(Dated(news: .line($0))) }
        let launch = ProcessLaunch(
            executable: update.program,
            arguments: words + ["--guarded"],
            environment: environment,
            workingDirectory: root.path
        )
        let child = try PipedProcess(launch, receive: splitter.receive)
        service?.tell("STATUS=Trying version \(update.release).")
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let end = await child.end.value
                splitter.finish()
                sender.yield(Dated(news: .event(.ended(Self.code(end)))))
            }
            group.addTask {
                while (try? await Task.sleep(for: GuardRule.pulse)) != nil { sender.yield(Dated(news: .event(.tick))) }
            }
            group.addTask {
                for await request in stops where request == .stop { sender.yield(Dated(news: .event(.stop))) }
            }
            let result = await judge(news, child)
            group.cancelAll()
            return result
        }
    }

    private func judge(_ news: AsyncStream<Dated>, _ child: PipedProcess) async -> (GuardRule.Verdict, String) {
        var rule = GuardRule(at: .now)
        var last = ""
        for await item in news {
            let event: GuardRule.Event
            switch item.news {
            case .event(let known): event = known
            case .line(Self.line("listening")): event = .listening
            case .line(Self.line("alive")): event = .alive
            case .line(Self.line("leaving")): event = .leaving
            case .line(let text):
                if !text.isEmpty { last = String(text.prefix(300)) }
                console.say(text)
                continue
            }
            // The new version's life is this process's; one that is stuck is ended here, sooner than a manager would.
            service?.tell("WATCHDOG=1")
            let (actions, verdict) = rule.apply(event, at: item.at)
            for action in actions { await perform(action, child) }
            if let verdict { return (verdict, last) }
        }
        return (.unhealthy("Nobody waited for it."), last)
    }

    private func perform(_ action: GuardRule.Action, _ child: PipedProcess) async {
        switch action {
        case .handOver: try? await child.write(Array("\n".utf8), patience: .seconds(5))
        case .askToStop: child.closeInput()
        case .kill: child.signal(SIGKILL)
        }
    }

    private static func code(_ end: ProcessOutcome.End) -> Int32 {
        switch end {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        case .unknown: -1
        }
    }

    /// Becomes the version that is in place.
    ///
    /// - Returns: only when that cannot be done, with the code to end with.
    func become(_ serviceVariables: [String: String]) -> Int32 {
        let program = "\(root.home)/bin/\(UpdateFiles.program)"
        let all = environment.merging(serviceVariables) { _, new in new }
        let arguments = CStringArray([program] + words)
        let variables = CStringArray(all.map { "\($0.key)=\($0.value)" })
        // What this process opened itself is closed by that; what it was given by whoever started it stays.
        execve(program, arguments.pointers, variables.pointers)
        console.complain("\(program) cannot be started: \(systemMessage(errno))")
        return ListenerExit.retryable.rawValue
    }
}

/// Where a listener leaves the version that it has ready, and with it the turn to change the agent's program: slots of one agent take turns.
final class UpdateDesk: Sendable {
    private let turn = Mutex<OwnedDescriptor?>(nil)

    /// Waits until no other slot is about to change the program; until this process ends it is this one's turn, or until ``endTurn()``.
    func awaitTurn(_ root: AgentRoot) async throws(UpdateFailure) {
        guard turn.withLock({ $0 == nil }) else { return }
        let path = "\(root.home)/_diag/update.lock"
        _ = FileTree.make("\(root.home)/_diag")
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .notWritable(path: path, error: errno) }
        let file = OwnedDescriptor(descriptor)
        while roost_lock_file(descriptor) == EWOULDBLOCK {
            // Another slot fetches a package, or watches a version: that takes from seconds to as long as its job.
            // A listener that ends prepares nothing any more.
            guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
        }
        turn.withLock { $0 = file }
    }

    func endTurn() { turn.withLock { $0 = nil } }

    private let update = Mutex<PreparedUpdate?>(nil)

    func put(_ prepared: PreparedUpdate) { update.withLock { $0 = prepared } }
    /// What lies there.
    var prepared: PreparedUpdate? { update.withLock { $0 } }
    func take() -> PreparedUpdate? { update.withLock { $0.take() } }
}
