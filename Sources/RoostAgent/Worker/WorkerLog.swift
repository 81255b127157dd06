import Logging
import RoostModel
import Synchronization

/// What a worker writes down of its job: one line for each event, by the names that the pipeline's author gave, never texts of the job.
final class WorkerLog: Sendable {
    private let logger: Logger
    private let ended = Mutex<[String]>([])

    init(_ logger: Logger) { self.logger = logger }

    /// Nobody reads it.
    static let none = WorkerLog(Logger(label: "Worker") { _ in SwiftLogNoOpLogHandler() })

    /// What became of the steps, in the order of their ends.
    var steps: [String] { ended.withLock { $0 } }

    func begin(_ order: JobOrder, _ settings: WorkerSettings) {
        logger.notice(
            "a job begins",
            metadata: [
                "job": "\(order.job)", "plan": "\(order.plan)", "steps": "\(order.steps.count)",
                "proxy": "\(settings.network.proxyURL ?? "none")",
                "authority": "\(settings.network.authorityFile ?? "the system's")",
            ]
        )
    }

    func begin(_ step: JobStep) {
        logger.info(
            "a step begins",
            metadata: ["step": "\(step.name)", "task": "\(step.task.name)@\(step.task.version)"]
        )
    }

    func end(_ step: JobStep, _ result: TaskResult, after time: Duration) {
        let took = time.formatted()
        logger.info(
            "a step has ended",
            metadata: ["step": "\(step.name)", "result": "\(result.rawValue)", "seconds": "\(took)"]
        )
        ended.withLock {
            $0.append("\(step.name) (\(step.task.name)@\(step.task.version)): \(result.rawValue), \(took) s")
        }
    }

    func skip(_ step: JobStep) {
        logger.info("a step could not begin before the job's end", metadata: ["step": "\(step.name)"])
    }

    /// Writes down an event.
    func note(_ text: String, _ details: [String: String] = [:]) {
        logger.notice("\(text)", metadata: details.mapValues { .string($0) })
    }
}

extension Duration {
    /// Seconds with three digits behind the point.
    fileprivate func formatted() -> String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        let rest = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}
