public import RoostClient
public import RoostImages
import RoostModel

/// Answers questions about clouds, through their resource managers; it only reads.
///
/// Close it with ``close()``.
public final class AzureFacts: PreflightSource {
    let sessions: AzureSessions
    private let web: WebClient
    private let identity: IdentityClient

    /// The list of what a region has is some megabytes.
    private static let answerLimit = 64 << 20
    /// Everything is asked at once.
    private static let connections = 24

    /// - Throws: ``ClientError/tlsFailure(url:reason:)`` for an authority file that cannot be read.
    public init(_ environment: LookupEnvironment) throws(ClientError) {
        let options = ClientOptions(
            userAgent: environment.userAgent,
            timeout: .seconds(30),
            retries: 0,
            authorityFile: environment["REQUESTS_CA_BUNDLE"] ?? environment["SSL_CERT_FILE"],
            proxy: environment.proxy(for: "https://management.azure.com"),
            connections: Self.connections
        )
        web = try WebClient(options: options, answerLimit: Self.answerLimit)
        identity = try IdentityClient(options: options)
        sessions = AzureSessions(AzureAuthority(environment: environment, web: web, identity: identity))
    }

    /// Ends its connections.
    public func close() async {
        await web.close()
        await identity.close()
    }

    public func answer(
        _ question: PreflightQuestion,
        until deadline: ContinuousClock.Instant
    ) async -> PreflightAnswer? {
        guard case .azure(let signIn, let question) = question else { return nil }
        do throws(AzureObstacle) {
            let connection = try await sessions.connection(signIn, by: deadline)
            let fact = try await AzureReader(connection: connection, deadline: deadline).fact(question)
            return fact.map(PreflightAnswer.found) ?? .missing
        } catch { return .unknown(error.preflight) }
    }
}
