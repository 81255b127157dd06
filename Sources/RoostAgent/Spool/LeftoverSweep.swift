import FoundationEssentials
import Glibc
import Logging
import RoostModel

/// Cleans up after a listener that was killed: workers, processes of steps, temporary files.
///
/// Log pages that no worker will upload any more stay for diagnosis: the token that could send them was in memory only. They are deleted by age.
struct LeftoverSweep: Sendable {
    let root: AgentRoot
    let folders: AgentFolders
    let logger: Logger

    /// How long a worker without listener may take to report its job as abandoned.
    var patience = Duration.seconds(90)
    /// How old pages may get that nobody uploads.
    static let pageAge: TimeInterval = 7 * 86_400

    /// Cleans; returns when nothing of earlier jobs runs any more.
    func run() async {
        let journals = JobJournal.all(root)
        for journal in journals {
            await end(journal)
            JobJournal.remove(job: journal.job, root)
        }
        // A file that cannot be read names no job, but it would be met again at each start.
        FileTree.empty(root.journals)
        if let told = await ContainerJournal(folders, nil).sweep() { logger.notice("\(told)") }
        if !journals.isEmpty { FileTree.empty(folders.temp) }
        removeOldPages()
    }

    private func end(_ journal: JobJournal) async {
        logger.notice("a job was left by an earlier listener", metadata: ["job": "\(journal.job)"])
        if let worker = journal.worker { await wait(for: worker) }
        let mark = journal.mark
        let left: Int? = try? await OwnThread.run { deliver in
            deliver(ProcessTree(mark: mark, takesAllAdopted: false).end(grace: .zero))
        }
        if let left, left > 0 {
            logger.error(
                "processes of a job cannot be killed",
                metadata: ["job": "\(journal.job)", "count": "\(left)"]
            )
        }
    }

    /// It has seen the end of its listener, and is about to report and go.
    private func wait(for worker: ProcessEntry) async {
        let limit = Int32(clamping: Int64(patience / .milliseconds(1)))
        let hasEnded: Bool? = try? await OwnThread.run { deliver in
            let handle = pidfdOpen(worker.pid)
            guard handle >= 0 else {
                deliver(false)
                return
            }
            defer { close(handle) }
            var request = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
            deliver(poll(&request, 1, limit) > 0)
        }
        if hasEnded != true {
            logger.warning("a worker without listener is killed", metadata: ["pid": "\(worker.pid)"])
            worker.signal(SIGKILL)
        }
    }

    private func removeOldPages() {
        let now = Date().timeIntervalSince1970
        for name in FileTree.names(in: folders.pages) {
            let path = "\(folders.pages)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            if now - TimeInterval(status.st_mtim.tv_sec) > Self.pageAge { FileTree.delete(path) }
        }
    }
}
