import CRoostLinux
import Glibc
import RoostClient
import Synchronization

/// A process that has loaded and looked up all that a worker needs, and makes a worker by copying itself.
///
/// Loading the program and the first use of its types take most of the time of a short job; a copy (fork) has them done. The template
/// knows no job and no secret, and has one thread only. What it copies becomes a child of this process, the subreaper.
final class WorkerTemplate: Sendable {
    /// The word on the command line.
    static let verb = "worker-template"

    /// A copy takes about a millisecond; a template that needs longer than this will not answer any more.
    private static let patience = Duration.seconds(5)

    private let program: String
    private let pid: pid_t
    /// Held while a copy is made, because answers come in the order of the requests; nil when the template is of no use.
    private let control: Mutex<OwnedDescriptor?>

    /// Starts a template; its workers have walls when `hasWalls` says so.
    ///
    /// - Throws: ``ProcessFailure``.
    init(
        program: AgentProgram,
        root: AgentRoot,
        environment: [String: String],
        hasWalls: Bool
    ) throws(ProcessFailure) {
        let words = [Self.verb] + (hasWalls ? [WorkerMain.walls] : [])
        let launch = program.launch(words, environment: environment, directory: root.path)
        let arguments = LaunchWords(launch)
        var control: Int32 = -1
        let started = OwnChildren.spawn { pid in
            roost_template_start(
                launch.executable,
                arguments.arguments.pointers,
                arguments.environment.pointers,
                launch.workingDirectory,
                &control,
                &pid
            )
        }
        guard started.error == 0 else { throw .refused(program: launch.executable, error: started.error) }
        self.program = launch.executable
        pid = started.pid
        self.control = Mutex(OwnedDescriptor(control))
    }

    var isUsable: Bool { control.withLock { $0 != nil } }

    /// A new worker.
    ///
    /// - Parameter receive: gets what it writes to either output, on one thread.
    /// - Returns: the worker.
    /// - Throws: ``ProcessFailure``; the template is of no use after that.
    func copy(receive: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) throws(ProcessFailure) -> PipedProcess {
        do throws(ProcessFailure) {
            return try PipedProcess(program, receive: receive) { pid, input, output in
                control.withLock { control in
                    guard let control else { return EPIPE }
                    let patience = Int32(Self.patience / .milliseconds(1))
                    return roost_template_copy(control.number, patience, &input, &output, &pid)
                }
            }
        } catch {
            end()
            throw error
        }
    }

    /// Ends the template; its copies stay.
    func end() {
        guard control.withLock({ $0.take() }) != nil else { return }
        // It waits for requests only and goes when their socket closes; one that hangs must not stay.
        if !isReaped(within: .seconds(1)) {
            kill(pid, SIGKILL)
            if !isReaped(within: .seconds(1)) { OwnChildren.abandon(pid) }
        }
    }

    private func isReaped(within time: Duration) -> Bool {
        let handle = pidfdOpen(pid)
        if handle >= 0 {
            var request = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
            poll(&request, 1, Int32(time / .milliseconds(1)))
            close(handle)
        }
        return OwnChildren.reap(pid) != nil
    }

    // MARK: In the template

    /// Prepares and then serves until the listener is gone; a copy goes on with `worker` instead.
    ///
    /// Everything here happens on the one thread of the process.
    static func serve(worker: @escaping @Sendable () -> Never) -> Never {
        hideMemory()
        WorkerWarmUp.prepareTypes()
        ClientRehearsal.onThisThread(WorkerWarmUp.rehearse) {
            if roost_template_serve() == 0 { exit(WorkerExit.noJob) }
            showVerb(WorkerMain.verb)
            worker()
        }
    }

    /// Puts a shorter word in place of the verb, for those who look at the processes; what follows the verb is taken away.
    private static func showVerb(_ verb: String) {
        let words = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }
        guard let index = words.firstIndex(where: { strcmp($0, Self.verb) == 0 }) else { return }
        for word in words[index...] { memset(word, 0, strlen(word)) }
        memcpy(words[index], verb, verb.utf8.count)
    }
}
