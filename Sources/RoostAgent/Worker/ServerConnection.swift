import FoundationEssentials
public import RoostClient
import RoostModel

/// How a worker, or a listener in its place, talks to the server about one job.
public enum ServerConnection {
    /// How often a call of a job is made again while the server is away: for one to two minutes, so that a step outlives a restart of the server.
    static let retries = 9

    /// A client with the job's own token.
    ///
    /// - Parameters:
    ///   - order: the job.
    ///   - configuration: how the agent reaches its server.
    /// - Returns: The client; close it.
    /// - Throws: ``JobOrderFault`` without a token, ``ClientError`` for an address that is none.
    public static func client(_ order: JobOrder, _ configuration: WorkerConfiguration) throws -> RoostClient {
        guard let connection = order.systemConnection, let token = connection.parameter("AccessToken") else {
            throw JobOrderFault.noAccessToken
        }
        let options = ClientOptions(
            userAgent: "RoostAgent/\(configuration.agentVersion)",
            retries: retries,
            authorityFile: configuration.network.authorityFile,
            verifiesCertificates: configuration.network.verifiesCertificates,
            proxy: configuration.network.proxy(for: connection.url)
        )
        return try RoostClient(url: connection.url, credential: .bearer(Secret(token)), options: options)
    }

    /// Reports the job through a client of it.
    public static func reporter(_ order: JobOrder, _ client: RoostClient) -> ServerReporter {
        ServerReporter(
            client: client,
            address: PlanAddress(
                scope: order.scope,
                hub: order.hub,
                plan: order.plan.rawValue,
                timeline: order.timeline
            ),
            job: order.job.rawValue,
            request: order.request.rawValue,
            run: run(order)
        )
    }

    /// The artifacts and the cache of the job's run; nil for a job of no run.
    public static func content(_ order: JobOrder, _ client: RoostClient) -> ServerContent? {
        run(order).map { run in
            let token = order.systemConnection?.parameter("AccessToken")
            let mirrors = token.map { ServerMirrors(client: client, token: Secret($0), run: run) }
            return ServerContent(client: client, run: run, mirrors: mirrors)
        }
    }

    private static func run(_ order: JobOrder) -> Int? {
        order.variables.first { $0.key.lowercased() == "build.buildid" }.flatMap { Int($0.value.value) }
    }
}
