import FoundationEssentials
import RoostModel

/// What an id token of a job says: who it is, for clouds that trust this server.
struct JobTokenClaims: Encodable, Hashable, Sendable {
    var iss: String
    var aud: String
    var sub: String
    var jti: String
    var iat: Int
    var nbf: Int
    var exp: Int
    var org: String
    var org_id: String
    var project: String
    var project_id: String
    var pipeline: String
    var pipeline_id: String
    /// Such as `refs/heads/main`.
    var branch: String
    var commit: String
    var run_id: String
    var job_id: String
    var stage: String
    /// What a deployment job deploys to.
    var environment: String?
    /// The service connection it was asked for.
    var connection: String?

    /// A job has so long to use it.
    static let life = 600

    /// The subject of a connection, as Azure DevOps writes it.
    static func subject(organization: String, project: String, connection: String) -> String {
        "sc://\(organization)/\(project)/\(connection)"
    }

    /// The subject of a pipeline, as Azure DevOps writes it.
    static func subject(organization: String, project: String, pipeline: String) -> String {
        "p://\(organization)/\(project)/\(pipeline)"
    }
}
