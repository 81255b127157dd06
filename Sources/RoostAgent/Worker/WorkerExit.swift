public import RoostModel

/// The exit code by which a worker tells its listener the result of the job: 100 and the result's number on the wire.
public enum WorkerExit {
    /// The channel was of no use, or closed before a job came.
    public static let noJob: Int32 = 0
    public static let badChannel: Int32 = 2

    /// The code of a result.
    public static func code(of result: TaskResult) -> Int32 {
        100 + Int32(TaskResult.allCases.firstIndex(of: result) ?? 0)
    }

    /// The result a code stands for; nil when the worker ended in another way.
    public static func result(of code: Int32) -> TaskResult? {
        let place = Int(code) - 100
        return TaskResult.allCases.indices.contains(place) ? TaskResult.allCases[place] : nil
    }
}
