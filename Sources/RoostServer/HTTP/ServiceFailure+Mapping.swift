import HTTPTypes
import Hummingbird
import NIOCore
import RoostModel
import RoostStore

extension ServiceFailure {
    /// Where every error of a handler becomes an answer.
    ///
    /// - Parameters:
    ///   - error: what was thrown.
    ///   - requestID: named in the text of faults nobody expected.
    init(_ error: any Error, requestID: String) {
        switch error {
        case let failure as ServiceFailure: self = failure
        case let error as ControlError: self.init(error)
        case let error as AccessRefusal: self.init(error)
        case let error as RequestProblem: self.init(error)
        case let error as ContentError: self.init(error)
        case let error as TaskPackageError: self.init(error)
        case let error as AgentPackageError: self.init(error)
        case let error as SecureFileError: self.init(error)
        case let error as IdentityError: self.init(error)
        case let error as GalleryError: self.init(error)
        case let error as ImageTemplateError: self.init(error)
        case let error as MachineRefusal:
            self.init(error.status, "AccessDeniedException", anyError: error)
        case let error as ConnectionRefusal: self.init(.forbidden, "AccessDeniedException", anyError: error)
        case let error as StoreError: self.init(.storeUnavailable(error))
        case is NIOTooManyBytesError: self.init(RequestProblem.bodyTooLarge(limit: nil))
        case is CancellationError: self.init(ControlError.shuttingDown)
        case let error as any UserFacingError: self.init(.badRequest, "VssServiceException", anyError: error)
        default: self.init(.internalServerError, "VssServiceException", Fault(requestID: requestID))
        }
        self.requestID = requestID
    }

    /// Whether nobody expected it, so that it belongs into the log.
    var isFault: Bool { status == .internalServerError }

    private init(_ status: HTTPResponse.Status, _ typeKey: String, anyError error: any UserFacingError) {
        self.init(
            status,
            typeKey,
            Plain(code: error.code, summary: error.summary, location: error.location, advice: error.advice)
        )
    }

    private struct Plain: UserFacingError {
        var code: String
        var summary: String
        var location: String?
        var advice: String?
    }

    private struct Fault: UserFacingError {
        var requestID: String
        var code: String { "server.fault" }
        var summary: String { "Something went wrong that nobody expected." }
        var advice: String? { "The server's log says more under request \(requestID)." }
    }

    private init(_ error: TaskPackageError) {
        switch error {
        case .notFound: self.init(.notFound, "TaskDefinitionNotFoundException", anyError: error)
        case .installed, .nameTaken: self.init(.conflict, "TaskDefinitionExistsException", anyError: error)
        case .invalid, .otherID, .builtIn: self.init(.badRequest, "TaskDefinitionInvalidException", anyError: error)
        case .tooLarge: self.init(.contentTooLarge, "VssServiceException", anyError: error)
        }
    }

    private init(_ error: AgentPackageError) {
        switch error {
        case .notFound: self.init(.notFound, "VssServiceException", anyError: error)
        case .known, .notWanted: self.init(.conflict, "VssServiceException", anyError: error)
        case .otherType, .otherPlatform, .noVersion, .invalidPolicy, .notRoosts, .cannotUpdate, .hasIt:
            self.init(.badRequest, "VssServiceException", anyError: error)
        }
    }

    private init(_ error: SecureFileError) {
        switch error {
        case .notFound: self.init(.notFound, "SecureFileNotFoundException", anyError: error)
        case .nameTaken: self.init(.conflict, "SecureFileExistsException", anyError: error)
        case .nameInvalid, .tooLarge: self.init(.badRequest, "InvalidSecureFileException", anyError: error)
        case .noTicket, .notNamed: self.init(.forbidden, "AccessDeniedException", anyError: error)
        }
    }

    private init(_ error: IdentityError) {
        switch error {
        case .notFound, .credentialNotFound: self.init(.notFound, "IdentityNotFoundException", anyError: error)
        case .invalid: self.init(.badRequest, "VssPropertyValidationException", anyError: error)
        }
    }

    private init(_ error: GalleryError) {
        switch error {
        case .notFound, .unresolved, .regionUnknown: self.init(.notFound, "ResourceNotFoundException", anyError: error)
        case .nameInvalid, .missing, .flaw, .publishing, .limitReached:
            self.init(.badRequest, "InvalidParameterException", anyError: error)
        case .fixed, .identifierTaken, .notEmpty, .exists, .kept, .notUsable, .notRevoked:
            self.init(.conflict, "ResourceConflictException", anyError: error)
        }
    }

    private init(_ error: ImageTemplateError) {
        switch error {
        case .notFound, .outputNotFound, .triggerNotFound:
            self.init(.notFound, "ResourceNotFoundException", anyError: error)
        case .nameInvalid, .files, .notTemplate, .triggerUseless, .limitReached:
            self.init(.badRequest, "InvalidParameterException", anyError: error)
        case .exists, .fixed, .running, .notRunning, .triggerTaken:
            self.init(.conflict, "ResourceConflictException", anyError: error)
        case .notKept: self.init(.internalServerError, "VssServiceException", anyError: error)
        case .jobReach: self.init(.forbidden, "AccessDeniedException", anyError: error)
        }
    }

    private init(_ error: ElasticPoolError) {
        switch error {
        case .instanceNotFound:
            self.init(.notFound, "ElasticNodeDoesNotExistException", anyError: error)
        case .notElastic:
            self.init(.notFound, "ElasticPoolDoesNotExistException", anyError: error)
        case .setNotFound: self.init(.notFound, "ResourceNotFoundException", anyError: error)
        case .providerUnknown, .settings, .setName:
            self.init(.badRequest, "InvalidElasticPoolSettingsException", anyError: error)
        case .provider, .instance, .deleting, .noTrial, .notWithdrawn, .setInUse, .setNotDeleted, .authority:
            self.init(.conflict, "ElasticPoolException", anyError: error)
        case .machineNotWaiting, .creation:
            self.init(.forbidden, "AccessDeniedException", anyError: error)
        case .row: self.init(.internalServerError, "VssServiceException", anyError: error)
        }
    }

    private init(_ error: ControlError) {
        switch error {
        case .projectNotFound: self.init(.notFound, "ProjectDoesNotExistWithNameException", in: .core, error)
        case .poolNotFound: self.init(.notFound, "TaskAgentPoolNotFoundException", in: .distributedTask, error)
        case .queueNotFound: self.init(.notFound, "TaskAgentQueueNotFoundException", in: .distributedTask, error)
        case .agentNotFound: self.init(.notFound, "TaskAgentNotFoundException", in: .distributedTask, error)
        case .pipelineNotFound: self.init(.notFound, "DefinitionNotFoundException", in: .build, error)
        case .runNotFound: self.init(.notFound, "BuildNotFoundException", in: .build, error)
        case .planNotFound: self.init(.notFound, "TaskOrchestrationPlanNotFoundException", in: .distributedTask, error)
        case .timelineNotFound: self.init(.notFound, "TimelineNotFoundException", in: .distributedTask, error)
        case .jobNotFound: self.init(.notFound, "TaskOrchestrationJobNotFoundException", in: .distributedTask, error)
        case .requestNotFound: self.init(.notFound, "TaskAgentJobNotFoundException", in: .distributedTask, error)
        case .logNotFound:
            self.init(.notFound, "TaskOrchestrationPlanLogNotFoundException", in: .distributedTask, error)
        case .environmentNotFound:
            self.init(.notFound, "EnvironmentNotFoundException", in: .distributedTask, error)
        case .checkNotFound: self.init(.notFound, "CheckConfigurationNotFoundException", in: .pipelines, error)
        case .maintenanceNotFound:
            self.init(.notFound, "TaskAgentPoolMaintenanceNotFoundException", in: .distributedTask, error)
        case .validationNotFound: self.init(.notFound, "ValidationNotFoundException", in: .pipelines, error)
        case .approvalNotFound: self.init(.notFound, "ApprovalNotFoundException", in: .pipelines, error)
        case .variableGroupNotFound:
            self.init(.notFound, "VariableGroupNotFoundException", in: .distributedTask, error)
        case .vaultNotFound: self.init(.notFound, "VssServiceException", error)
        case .serviceConnectionNotFound: self.init(.notFound, "ServiceEndpointNotFoundException", error)
        case .tokenNotFound: self.init(.notFound, "TokenNotFoundException", error)
        case .signInNotFound: self.init(.notFound, "SignInNotFoundException", error)
        case .userNotFound: self.init(.notFound, "IdentityNotFoundException", error)
        case .userDisabled: self.init(.conflict, "VssServiceException", error)
        case .machineNotFound: self.init(.notFound, "MachineNotFoundException", error)
        case .trustRuleNotFound: self.init(.notFound, "TrustRuleNotFoundException", error)
        case .sessionExpired: self.init(.notFound, "TaskAgentSessionExpiredException", in: .distributedTask, error)
        case .nameTaken(let kind, _): self.init(taken: kind, error)
        case .sessionConflict: self.init(.conflict, "TaskAgentSessionConflictException", in: .distributedTask, error)
        case .leaseLost: self.init(.conflict, "TaskAgentJobTokenExpiredException", in: .distributedTask, error)
        case .invalid: self.init(.badRequest, "VssPropertyValidationException", error)
        case .pipelineInvalid: self.init(.badRequest, "PipelineValidationException", in: .pipelines, error)
        case .repositoryUnavailable: self.init(.badRequest, "ExternalSourceProviderException", in: .build, error)
        case .identity(let error): self.init(error)
        case .gallery(let error): self.init(error)
        case .imageTemplate(let error): self.init(error)
        case .elastic(let error): self.init(error)
        case .inUse, .lastAdministrator: self.init(.conflict, "VssServiceException", error)
        case .forbidden, .roleMissing, .enrollment, .personalTokenRefused:
            self.init(.forbidden, "AccessDeniedException", in: .security, error)
        case .storeUnavailable, .shuttingDown:
            self.init(.serviceUnavailable, "VssServiceException", error, headers: [.retryAfterSeconds: "2"])
        }
    }

    private init(_ error: ContentError) {
        switch error {
        case .artifactNotFound: self.init(.notFound, "ArtifactNotFoundException", in: .build, error)
        case .artifactExists: self.init(.conflict, "ArtifactExistsException", in: .build, error)
        case .artifactIsElsewhere: self.init(.badRequest, "InvalidArtifactDataException", in: .build, error)
        case .fileNotFound: self.init(.notFound, "ArtifactNotFoundException", in: .build, error)
        case .cacheNotFound: self.init(.notFound, "VssResourceNotFoundException", error)
        case .notReadable: self.init(.forbidden, "AccessDeniedException", in: .security, error)
        case .chunksMissing: self.init(.conflict, "VssServiceException", error)
        case .chunk(_, let owner) where owner.isEmpty: self.init(.badRequest, "VssRequestContentException", error)
        // What was stored is gone: no later try brings it.
        case .chunk: self.init(.gone, "VssServiceException", error)
        case .manifest: self.init(.badRequest, "VssRequestContentException", error)
        case .noSourceRun: self.init(.notFound, "BuildNotFoundException", in: .build, error)
        }
    }

    private init(taken kind: String, _ error: ControlError) {
        switch kind {
        case "pool": self.init(.conflict, "TaskAgentPoolExistsException", in: .distributedTask, error)
        case "queue": self.init(.conflict, "TaskAgentQueueExistsException", in: .distributedTask, error)
        case "agent": self.init(.conflict, "TaskAgentExistsException", in: .distributedTask, error)
        case "project": self.init(.conflict, "ProjectAlreadyExistsException", in: .core, error)
        default: self.init(.conflict, "DefinitionExistsException", in: .build, error)
        }
    }

    private init(_ refusal: AccessRefusal) {
        switch refusal {
        case .unauthenticated(.refused(.jobEnded)):
            self.init(
                .unauthorized,
                "TaskOrchestrationPlanSecurityException",
                in: .distributedTask,
                refusal,
                headers: Self.challenges
            )
        case .unauthenticated(.refused(.agentRemoved)):
            self.init(
                .unauthorized,
                "TaskAgentAccessTokenExpiredException",
                in: .distributedTask,
                refusal,
                headers: Self.challenges
            )
        case .unauthenticated:
            self.init(.unauthorized, "VssUnauthorizedException", refusal, headers: Self.challenges)
        case .forbidden, .otherPool:
            self.init(.forbidden, "AccessDeniedException", in: .security, refusal)
        case .tooManyRequests(_, let seconds):
            let wait = String(seconds)
            self.init(
                .tooManyRequests,
                "RequestBlockedException",
                refusal,
                headers: [.retryAfterSeconds: wait, .rateDelay: wait]
            )
        }
    }

    /// Clients only ask for a new token when the answer names their scheme.
    private static let challenges: HTTPFields = {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .wwwAuthenticate, value: "Bearer"))
        fields.append(HTTPField(name: .wwwAuthenticate, value: #"Basic realm="Roost""#))
        return fields
    }()

    private init(_ problem: RequestProblem) {
        switch problem {
        case .noSuchRoute: self.init(.notFound, "VssResourceNotFoundException", problem)
        case .notServed: self.init(.notFound, "VssResourceNotFoundException", problem)
        case .wrongMethod(_, _, let allowed):
            self.init(
                .methodNotAllowed,
                "VssMethodNotAllowedException",
                problem,
                headers: [.allow: allowed.joined(separator: ", ")]
            )
        case .bodyTooLarge: self.init(.contentTooLarge, "RequestEntityTooLargeException", problem)
        case .malformed, .badParameter, .badHeader: self.init(.badRequest, "VssRequestContentException", problem)
        case .needsProject: self.init(.badRequest, "ProjectRequiredException", in: .core, problem)
        case .notFound: self.init(.notFound, "VssResourceNotFoundException", problem)
        }
    }
}
