import FoundationEssentials

/// What all calls of git for one checkout have in common.
struct GitSession: Sendable {
    let executable: String
    let work: StepWork
    /// For every call; credentials are among them.
    let settings: [(key: String, value: String)]
    /// Where git writes what took how long.
    let trace: String
    let clock = CheckoutClock()

    init(_ executable: String, _ work: StepWork, settings: [(key: String, value: String)]) {
        self.executable = executable
        self.work = work
        self.settings = settings
        trace = "\(work.settings.folders.temp)/git-trace-\(UUID().uuidString.lowercased())"
    }

    /// Git in a folder.
    func command(in folder: String, with more: [(key: String, value: String)] = []) -> GitCommand {
        GitCommand(executable: executable, work: work, folder: folder, settings: settings + more, trace: trace)
    }

    /// More than this is not read of a trace.
    private static let traceLimit = 16 << 20

    /// How the checkout went until now.
    func times() -> CheckoutTimes {
        let bytes = ProcFile.read(trace, limit: Self.traceLimit) ?? []
        return clock.times(FetchTrace(String(decoding: bytes, as: UTF8.self)))
    }
}
