import Logging
import RoostClient
import RoostModel

/// Why a version that did not come online need not be a bad one: the version that worked would not be online either.
struct UpdateExcuse: Sendable {
    let root: AgentRoot
    let environment: [String: String]
    let logger: Logger

    /// - Returns: nil when nothing here stands in the way of an agent.
    func reason() async -> String? {
        guard let settings = try? AgentFiles(root: root).settings() else { return "its settings cannot be read." }
        let configuration = AgentEnvironment(root: root, base: environment, usesPathFile: false).values
        let network = await DoctorProbe(root: root, environment: environment).network(settings, configuration)
        if case .failed(let error)? = network?.answer { return "the server is not reached. \(error.summary)" }
        guard let policy = try? settings.upkeepPolicy() else { return nil }
        let upkeep = Upkeep(
            root: root,
            folders: AgentFolders(
                root: root.path,
                work: settings.workFolder,
                tools: environment["AGENT_TOOLSDIRECTORY"]
            ),
            policy: policy,
            environment: configuration,
            logger: logger
        )
        return await upkeep.obstacle(.beforeJob).map { "there is no room for jobs: \($0)." }
    }
}
