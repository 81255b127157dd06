import FoundationEssentials
import RoostModel

extension ControlPlane {
    /// An id token for a running job.
    ///
    /// - Parameters:
    ///   - job: the job that asks, by its own token.
    ///   - connection: name or id of the service connection it is for; nil is the pipeline itself.
    ///   - audience: nil is what the cloud of the connection, or else clouds in general, call such tokens.
    ///   - caller: for the audit.
    /// - Returns: the token.
    /// - Throws: ``ControlError`` when the job is not running, is of a fork, or there is no such connection; ``ConnectionRefusal`` when the job does not name it or may not use it.
    func issueIDToken(
        for job: JobID,
        connection: String?,
        audience: String?,
        by caller: Caller
    ) async throws -> Secret {
        let found = read { state in
            state.job(job).flatMap { job in
                state.runs[job.run].map { (job, $0.run, state.projects[$0.run.project]?.name ?? "") }
            }
        }
        guard let (job, run, project) = found, job.state.lease != nil else {
            throw ControlError.jobNotFound(job.description)
        }
        guard !read({ $0.withholdsSecrets(of: run) }) else {
            throw ControlError.forbidden(
                what: "get an id token",
                needs: "a run that gets secrets, which one of a fork does not"
            )
        }
        let known = try connection.map { try taskConnection($0, for: job, of: run) }
        let audience = audience ?? known?.federationAudience ?? FederatedCredential.defaultAudience
        try Self.check(audience: audience)
        let claims = claims(of: job, run, project: project, connection: known?.name, audience: audience)
        // First the audit, then the token.
        try await change { _, change in
            change.audit(caller, "job-token.issue", "job:\(job.id)", "\(claims.sub) for \(audience)")
        }
        return try await sign(claims)
    }

    private static func check(audience: String) throws(ControlError) {
        let isPlain = audience.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 32 && $0.value < 127 }
        guard (1...500).contains(audience.utf8.count), isPlain else {
            throw .invalid(what: "The audience", problem: "it is empty, too long or has blanks", advice: nil)
        }
        // Such a token must never be taken for one of an identity.
        guard audience.lowercased() != AccessTokenClaims.serviceAudience else {
            throw .invalid(what: "The audience", problem: "it is this server's own", advice: "Use the job's token.")
        }
    }

    private func claims(
        of job: Job,
        _ run: Run,
        project: String,
        connection: String?,
        audience: String
    ) -> JobTokenClaims {
        let now = Int(Date().timeIntervalSince1970)
        let organization = settings.organization
        let subject =
            connection.map { JobTokenClaims.subject(organization: organization, project: project, connection: $0) }
            ?? JobTokenClaims.subject(organization: organization, project: project, pipeline: run.pipelineName)
        return JobTokenClaims(
            iss: tokenIssuerURL,
            aud: audience,
            sub: subject,
            jti: UUID().uuidString.lowercased(),
            iat: now,
            nbf: now,
            exp: now + JobTokenClaims.life,
            org: organization,
            org_id: instanceID.uuidString.lowercased(),
            project: project,
            project_id: run.project.description,
            pipeline: run.pipelineName,
            pipeline_id: run.pipeline.description,
            branch: run.sourceBranch,
            commit: run.sourceVersion,
            run_id: run.id.description,
            job_id: job.id.description,
            stage: job.stage,
            environment: job.variables["Environment.Name"]?.value,
            connection: connection
        )
    }
}
