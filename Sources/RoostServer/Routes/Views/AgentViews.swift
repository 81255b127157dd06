import FoundationEssentials
import RoostModel
import RoostWire

/// Pools, queues and agents as answers show them.
extension Call {
    /// A person, an agent or the system by its name in audit events.
    func identity(_ auditName: String) -> IdentityWire {
        let name = auditName.hasPrefix("user:") ? String(auditName.dropFirst(5)) : auditName
        let id = NameUUID.make(plane.instanceID, auditName).uuidString.lowercased()
        return IdentityWire(
            id: id,
            displayName: name,
            uniqueName: name,
            descriptor: "Roost.Identity;\(auditName)",
            subjectDescriptor: "rst.\(id)",
            providerDisplayName: name,
            isActive: true
        )
    }

    func view(_ pool: AgentPool) -> TaskAgentPoolWire {
        TaskAgentPoolWire(
            id: pool.id.rawValue,
            name: pool.name,
            isHosted: false,
            isLegacy: false,
            poolType: "automation",
            scope: plane.instanceID,
            size: plane.poolCounts(pool.id).agents,
            options: pool.singleUse ? "singleUseAgents" : "none",
            autoProvision: pool.autoProvision,
            autoSize: true,
            autoUpdate: pool.autoUpdate,
            createdBy: identity(pool.createdBy),
            owner: identity(pool.createdBy),
            createdOn: pool.createdAt,
            singleUse: pool.singleUse,
            openToAll: pool.openToAll,
            authorizedPipelines: pool.openToAll ? nil : pool.authorizedPipelines.map(\.rawValue).sorted(),
            concurrencyLimit: pool.concurrencyLimit,
            patEnrollment: pool.patEnrollment.rawValue,
            enabled: pool.pause == nil ? nil : false,
            pause: pool.pause.map(view)
        )
    }

    private func view(_ pause: Pause) -> PauseWire {
        PauseWire(
            reason: pause.reason.isEmpty ? nil : pause.reason,
            by: pause.person,
            since: pause.since,
            drains: pause.isDrain ? true : nil
        )
    }

    func reference(_ pool: AgentPool) -> TaskAgentPoolReferenceWire {
        TaskAgentPoolReferenceWire(
            id: pool.id.rawValue,
            name: pool.name,
            isHosted: false,
            isLegacy: false,
            poolType: "automation",
            scope: plane.instanceID,
            options: pool.singleUse ? "singleUseAgents" : "none"
        )
    }

    func view(_ queue: AgentQueue) -> TaskAgentQueueWire {
        TaskAgentQueueWire(
            id: queue.id.rawValue,
            name: queue.name,
            pool: (try? plane.pool(queue.pool)).map(reference),
            projectId: queue.project.rawValue
        )
    }

    /// The queue through which a project uses a pool.
    func queue(of pool: PoolID?, in project: ProjectID) -> TaskAgentQueueWire? {
        guard let pool, let queue = plane.queues(in: project).first(where: { $0.pool == pool }) else { return nil }
        return view(queue)
    }

    func view(_ agent: AgentView, _ parts: AgentParts) -> TaskAgentWire {
        let known = agent.agent
        return TaskAgentWire(
            id: known.id.rawValue,
            name: known.name,
            version: known.version,
            osDescription: known.osDescription,
            enabled: known.enabled,
            status: agent.online ? "online" : "offline",
            provisioningState: "Provisioned",
            maxParallelism: 1,
            createdOn: known.createdAt,
            statusChangedOn: known.statusChangedAt,
            authorization: parts.authorization ? authorization(known) : nil,
            systemCapabilities: parts.capabilities ? known.systemCapabilities.dictionary : nil,
            userCapabilities: parts.capabilities ? known.userCapabilities.dictionary : nil,
            assignedRequest: parts.assignedRequest ? agent.assigned.map(view) : nil,
            lastCompletedRequest: parts.lastCompletedRequest ? agent.lastCompleted.map(view) : nil,
            singleUse: known.singleUse ? true : nil,
            retiredOn: known.retiredAt,
            warmUp: known.warmUp.map {
                AgentWarmUpWire(
                    state: $0.state.rawValue,
                    reason: $0.reason.isEmpty ? nil : $0.reason,
                    since: $0.since
                )
            },
            enrolledBy: known.enrolledBy.map {
                AgentEnrolmentWire(signIn: $0.signIn.rawValue, actor: $0.actor, at: $0.at)
            },
            pause: known.pause.map(view)
        )
    }

    private func authorization(_ agent: Agent) -> TaskAgentAuthorizationWire {
        TaskAgentAuthorizationWire(
            authorizationUrl: services.tokenAddress,
            clientId: agent.clientID.rawValue,
            publicKey: AgentPublicKeyWire(exponent: agent.publicKey.exponent, modulus: agent.publicKey.modulus)
        )
    }

    func view(_ session: OpenedSession) -> TaskAgentSessionWire {
        TaskAgentSessionWire(
            sessionId: session.id.rawValue,
            ownerName: session.ownerName,
            agent: TaskAgentReferenceWire(
                id: session.agent.id.rawValue,
                name: session.agent.name,
                version: session.agent.version,
                osDescription: session.agent.osDescription,
                enabled: session.agent.enabled,
                status: "online"
            ),
            encryptionKey: TaskAgentSessionKeyWire(encrypted: true, value: session.wrappedKey)
        )
    }

    func view(_ message: SealedMessage) -> TaskAgentMessageWire {
        TaskAgentMessageWire(
            messageId: message.id,
            messageType: message.type,
            iv: message.iv,
            body: message.body.base64EncodedString()
        )
    }

    func view(_ job: Job) -> TaskAgentJobRequestWire {
        let run = plane.facts(of: job.run)
        let lease = job.state.lease
        return TaskAgentJobRequestWire(
            requestId: job.request?.rawValue,
            queueTime: job.queuedAt,
            assignTime: lease?.assignedAt ?? job.startedAt,
            receiveTime: job.startedAt,
            finishTime: job.finishedAt,
            lockedUntil: lease?.lockedUntil,
            result: job.state.result?.rawValue,
            hostId: plane.instanceID,
            scopeId: job.project.rawValue,
            planType: "Build",
            planId: run?.plan.rawValue,
            jobId: job.id.rawValue,
            jobName: job.displayName,
            demands: job.demands.map(\.description),
            poolId: job.pool?.rawValue,
            orchestrationId: "\(job.run).\(job.stage).\(job.name)\(job.leg.map { ".\($0)" } ?? "")",
            planGroup: "Build:\(job.project):\(job.pipeline)",
            reservedAgent: lease.map { TaskAgentReferenceWire(id: $0.agent.rawValue, name: $0.agentName) }
                ?? job.agentName.map { TaskAgentReferenceWire(name: $0) },
            definition: ReferenceWire(id: job.pipeline.rawValue, name: run?.pipelineName),
            owner: ReferenceWire(id: job.run.rawValue, name: run?.number)
        )
    }
}

extension AgentPublicKeyWire {
    /// The key, when both its parts are there.
    func model() throws(ControlError) -> AgentPublicKey {
        guard let exponent, let modulus, !exponent.isEmpty, !modulus.isEmpty else {
            throw .invalid(what: "The agent's public key", problem: "its exponent or modulus is missing", advice: nil)
        }
        return AgentPublicKey(exponent: exponent, modulus: modulus)
    }
}
