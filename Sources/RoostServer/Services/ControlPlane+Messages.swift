import FoundationEssentials
import Logging
import RoostModel
import RoostWire

extension ControlPlane {
    /// The text of the message that carries a job to its agent; nil when the job is no longer the agent's.
    func jobMessage(_ job: Job, of run: Run, for agent: Agent) throws(ControlError) -> Data? {
        let (pipeline, project, planned, pool, withholds) = read { state in
            (
                state.pipelines[run.pipeline], state.projects[run.project], state.plannedJob(of: job),
                job.pool.flatMap { state.pools[$0] }, state.withholdsSecrets(of: run)
            )
        }
        let files = withholds ? [] : read { $0.secureFiles(of: job, in: run.project) }
        guard let pipeline, let project, let planned, let pool else { return nil }
        do {
            let context = JobMessageContext(
                serverURL: settings.publicURL,
                instanceID: instanceID,
                organization: settings.organization,
                project: project,
                pipeline: pipeline,
                pool: pool,
                agent: agent,
                token: try issueJobToken(job, of: run),
                servesMirrors: settings.mirrorService,
                endpoints: withholds ? [] : try allEndpoints(of: job, planned, in: project.id),
                secureFiles: files.map { file in
                    SecureFileWire(id: file.id, name: file.name, ticket: ticket(for: file, job: job.id))
                }
            )
            return try WireJSON.encode(JobMessage.make(run: run, job: job, plannedJob: planned, context: context))
        } catch {
            logger.error("a job message cannot be built", metadata: ["job": "\(job.id)", "error": "\(error)"])
            throw .invalid(what: "The job '\(job.displayName)'", problem: "its message cannot be built", advice: nil)
        }
    }

    private func allEndpoints(of job: Job, _ planned: PlannedJob, in project: ProjectID) throws -> [ServiceEndpointWire]
    {
        endpoints(JobMessage.connections(of: planned, job), in: project)
            + (try taskEndpoints(of: job, planned, in: project))
    }

    /// Connections to registries, with their passwords; the agent says which it misses.
    private func endpoints(_ names: [String], in project: ProjectID) -> [ServiceEndpointWire] {
        let wanted = Set(names.map { $0.lowercased() })
        guard !wanted.isEmpty else { return [] }
        return serviceConnections(in: project).compactMap { connection in
            guard wanted.contains(connection.name.lowercased()), let registry = connection.registry else { return nil }
            return ServiceEndpointWire(
                id: connection.id.rawValue,
                name: connection.name,
                type: ServiceConnection.registryType,
                url: registry.address,
                authorization: EndpointAuthorizationWire(
                    scheme: "UsernamePassword",
                    parameters: [
                        "registry": registry.address, "username": registry.username,
                        "password": registry.password.exposed,
                    ]
                ),
                isShared: false,
                isReady: true
            )
        }
    }
}
