import FoundationEssentials
import RoostModel
public import RoostWire

extension JobOrder {
    /// Reads a job's message.
    ///
    /// - Parameters:
    ///   - message: as the server sent it.
    ///   - needsConnection: whether the server must be named; a local run has none.
    /// - Throws: ``JobOrderFault`` when it cannot be carried out.
    public init(_ message: PipelineAgentJobRequestWire, needsConnection: Bool = true) throws(JobOrderFault) {
        guard let plan = message.plan else { throw .missing("plan") }
        guard let scope = plan.scopeIdentifier else { throw .missing("plan.scopeIdentifier") }
        guard let planID = plan.planId else { throw .missing("plan.planId") }
        guard let timeline = message.timeline?.id else { throw .missing("timeline.id") }
        guard let job = message.jobId else { throw .missing("jobId") }
        guard let variables = message.variables else { throw .missing("variables") }
        guard let resources = message.resources else { throw .missing("resources") }
        let endpoints = (resources.endpoints ?? []).map(JobEndpoint.init)
        if needsConnection { try Self.checkConnection(endpoints) }
        let steps = try (message.steps ?? []).filter { $0.enabled ?? true }.map(Self.step)
        if let twin = Self.duplicate(steps.map(\.name)) { throw .duplicateStepName(twin) }
        self.init(
            scope: scope,
            hub: (plan.planType ?? "build").lowercased(),
            plan: PlanID(planID),
            planVersion: plan.version ?? 0,
            timeline: timeline,
            job: JobID(job),
            request: RequestID(message.requestId ?? 0),
            name: message.jobName ?? "__default",
            displayName: message.jobDisplayName ?? message.jobName ?? "Job",
            variables: variables.mapValues {
                OutputVariable(value: $0.value ?? "", isSecret: $0.isSecret ?? false)
            },
            readOnlyVariables: Set(variables.filter { $0.value.isReadOnly ?? false }.keys),
            endpoints: endpoints,
            repositories: (resources.repositories ?? []).map(JobRepository.init),
            secureFiles: (resources.secureFiles ?? []).compactMap(JobSecureFile.init),
            masks: (message.mask ?? []).compactMap(Self.maskedText),
            workspaceCleaning: message.workspace?.clean.flatMap { WorkspaceCleaning(rawValue: $0.lowercased()) },
            containers: (resources.containers ?? []).map(JobContainer.init),
            container: message.jobContainer.flatMap { $0.isEmpty ? nil : $0 },
            sidecars: message.jobSidecarContainers ?? [:],
            steps: steps
        )
    }

    private static func checkConnection(_ endpoints: [JobEndpoint]) throws(JobOrderFault) {
        let connections = endpoints.filter(\.isSystemConnection)
        guard let connection = connections.first, connections.count == 1 else {
            throw .noSystemConnection(count: connections.count)
        }
        guard connection.parameter("AccessToken") != nil else { throw .noAccessToken }
    }

    private static func step(_ wire: JobStepWire) throws(JobOrderFault) -> JobStep {
        guard let reference = wire.reference else { throw .missing("steps.reference") }
        let minutes = wire.timeoutInMinutes ?? 0
        return JobStep(
            id: wire.id ?? UUID(),
            name: wire.name ?? "",
            displayName: wire.displayName ?? wire.name ?? reference.name ?? "Step",
            task: TaskReference(
                id: reference.id?.lowercased() ?? "",
                name: reference.name ?? "",
                version: reference.version ?? ""
            ),
            inputs: wire.inputs ?? [:],
            environment: wire.environment ?? [:],
            condition: wire.condition,
            continueOnError: wire.continueOnError ?? false,
            timeout: minutes > 0 ? .seconds(minutes * 60) : nil,
            retryCount: max(0, wire.retryCountOnTaskFailure ?? 0),
            limits: CommandLimits(
                isRestricted: wire.target?.commands?.lowercased() == "restricted",
                settableVariables: wire.target?.settableVariables?.allowed
            ),
            target: wire.target?.target
        )
    }

    private static func duplicate(_ names: [String]) -> String? {
        var seen: Set<String> = []
        return names.first { !$0.isEmpty && !seen.insert($0.lowercased()).inserted }
    }

    /// The literal a hint stands for; servers write it as a regular expression with everything special escaped.
    private static func maskedText(_ hint: MaskHintWire) -> String? {
        guard hint.type?.lowercased() == "regex", let pattern = hint.value else { return nil }
        var literal = ""
        var isEscaped = false
        for character in pattern {
            if isEscaped {
                // A class such as \d or \w is no literal.
                if character.isLetter || character.isNumber { return nil }
                literal.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if "^$.|?*+()[]{}".contains(character) {
                return nil
            } else {
                literal.append(character)
            }
        }
        return literal
    }
}

extension JobContainer {
    fileprivate init(_ wire: ContainerResourceWire) {
        let bag = wire.properties
        self.init(
            alias: wire.alias ?? "",
            image: bag?.image ?? "",
            options: bag?.options ?? "",
            environment: bag?.env ?? [:],
            ports: bag?.ports ?? [],
            volumes: bag?.volumes ?? [],
            endpoint: wire.endpoint.flatMap { $0.id?.uuidString ?? $0.name },
            mapsDockerSocket: bag?.mapDockerSocket ?? false,
            isLocalImage: bag?.localImage ?? false,
            readOnlyMounts: Set(bag?.readOnlyMounts?.map { $0.lowercased() } ?? [])
        )
    }
}

extension JobEndpoint {
    fileprivate init(_ wire: ServiceEndpointWire) {
        self.init(
            id: wire.id?.uuidString ?? "",
            name: wire.name ?? "",
            url: wire.url ?? "",
            scheme: wire.authorization?.scheme ?? "",
            parameters: wire.authorization?.parameters ?? [:],
            data: wire.data ?? [:]
        )
    }
}

extension JobSecureFile {
    fileprivate init?(_ wire: SecureFileWire) {
        guard let id = wire.id?.uuidString else { return nil }
        self.init(id: id, name: wire.name ?? "", ticket: wire.ticket ?? "")
    }
}

extension JobRepository {
    fileprivate init(_ wire: RepositoryResourceWire) {
        let bag = wire.properties
        self.init(
            alias: wire.alias ?? "self",
            id: bag?.id ?? wire.id ?? "",
            type: bag?.type ?? wire.type ?? "Git",
            name: bag?.name ?? wire.name ?? "",
            url: bag?.url ?? wire.url ?? "",
            ref: bag?.ref ?? "",
            version: bag?.version ?? wire.version ?? "",
            endpoint: wire.endpoint?.id?.uuidString,
            // The client knows the server under an address of its own.
            mirrorPath: bag?.roostMirrorUrl.flatMap { url in
                url.utf8Range(of: "_apis/roost/").map { String(url[$0.lowerBound...]) }
            }
        )
    }
}
