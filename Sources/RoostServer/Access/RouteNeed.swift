import HTTPTypes
import RoostModel

/// What a person or a program must be allowed by its roles to use a route; scopes of the token only ever narrow that.
struct RouteNeed: Hashable, Sendable {
    /// What the role must be on.
    enum Target: Hashable, Sendable {
        case organization
        case pools
        /// `poolId` of the path.
        case pool
        /// The project that the path names; the organization when it names none.
        case project
        /// The pipeline that this parameter names.
        case pipeline(String)
        /// The pipeline of the run that `buildId` names.
        case run
        /// The pipeline of the run that `planId` names.
        case plan
        /// The pipeline of the run whose job `requestId` names.
        case request
        case environment
        case serviceConnection
        case variableGroup
        case secureFile
        /// `providerName` of the path.
        case provider
    }

    var permission: Permission
    var target: Target

    init(_ permission: Permission, _ target: Target) {
        self.permission = permission
        self.target = target
    }
}

extension RouteNeed {
    /// One line of the table: routes whose template begins so, by any of the methods; the first line that fits counts.
    private struct Rule {
        var methods: Set<HTTPRequest.Method>
        var prefix: String
        /// The whole template, not only its beginning.
        var isWhole = false
        /// Nil: the handler judges, or shows each only what is theirs.
        var need: RouteNeed?

        func fits(_ method: HTTPRequest.Method, _ template: String) -> Bool {
            (methods.isEmpty || methods.contains(method)) && (isWhole ? template == prefix : template.hasPrefix(prefix))
        }
    }

    private static func rule(
        _ methods: Set<HTTPRequest.Method>,
        _ prefix: String,
        isWhole: Bool = false,
        _ need: RouteNeed?
    ) -> Rule { Rule(methods: methods, prefix: prefix, isWhole: isWhole, need: need) }

    private static let reads: Set<HTTPRequest.Method> = [.get, .head, .options]

    /// Pools and agents: who manages a pool registers, changes and removes its agents.
    private static let poolRules: [Rule] = [
        rule([.get], "distributedtask/pools", isWhole: true, nil),
        rule([.post], "distributedtask/pools", isWhole: true, RouteNeed(.create, .pools)),
        rule(reads, "distributedtask/pools/{poolId}", RouteNeed(.view, .pool)),
        rule([], "distributedtask/pools/{poolId}", RouteNeed(.manage, .pool)),
        rule(reads, "roost/pools/{poolId}/enrollmenttokens", RouteNeed(.manage, .pool)),
        rule(reads, "roost/pools/{poolId}", RouteNeed(.view, .pool)),
        rule([], "roost/pools/{poolId}", RouteNeed(.manage, .pool)),
        rule([.get], "distributedtask/elasticpools", isWhole: true, nil),
        // Which provider, connection and project it is about stands in the body.
        rule([.post], "distributedtask/elasticpools", isWhole: true, nil),
        rule(reads, "distributedtask/elasticpools/{poolId}", RouteNeed(.view, .pool)),
        rule([], "distributedtask/elasticpools/{poolId}", RouteNeed(.manage, .pool)),
        rule([.get], "roost/elasticpools", isWhole: true, nil),
        // Which provider, connection and project it is about stands in the body.
        rule([.post], "roost/elasticpools", isWhole: true, nil),
        rule(reads, "roost/elasticpools/{poolId}", RouteNeed(.view, .pool)),
        rule([], "roost/elasticpools/{poolId}", RouteNeed(.manage, .pool)),
        rule(reads, "roost/providers/{providerName}", RouteNeed(.view, .provider)),
        rule([], "roost/providers/{providerName}", RouteNeed(.use, .provider)),
        rule(reads, "roost/providers", RouteNeed(.view, .pools)),
        rule(reads, "distributedtask/queues", RouteNeed(.view, .project)),
        rule([.post], "distributedtask/queues", RouteNeed(.create, .project)),
        rule([], "distributedtask/queues", RouteNeed(.manage, .project)),
        rule([.put, .delete], "distributedtask/tasks", RouteNeed(.manage, .organization)),
        rule([.put, .delete], "distributedtask/packages", RouteNeed(.manage, .organization)),
    ]

    /// What a project has beside pipelines: who makes it manages it.
    private static let libraryRules: [Rule] = [
        rule(reads, "serviceendpoint/endpoints/{endpointId}", RouteNeed(.view, .serviceConnection)),
        rule([], "serviceendpoint/endpoints/{endpointId}", RouteNeed(.manage, .serviceConnection)),
        rule(reads, "serviceendpoint/endpoints", RouteNeed(.view, .project)),
        rule(reads, "serviceendpoint/{endpointId}/executionhistory", RouteNeed(.view, .serviceConnection)),
        // Which connection it is about stands in the query.
        rule([.post], "serviceendpoint/endpointproxy", nil),
        rule(reads, "pipelines/pipelinepermissions", RouteNeed(.view, .project)),
        // What it is about stands behind two parameters or in the body, which the handler reads.
        rule([], "pipelines/pipelinepermissions", nil),
        // The project may stand in the body, which the handler reads.
        rule([.post], "serviceendpoint/endpoints", nil),
        rule(reads, "distributedtask/variablegroups/{groupId}", RouteNeed(.view, .variableGroup)),
        rule([], "distributedtask/variablegroups/{groupId}", RouteNeed(.manage, .variableGroup)),
        rule(reads, "distributedtask/variablegroups", RouteNeed(.view, .project)),
        rule([.post], "distributedtask/variablegroups", nil),
        rule(reads, "distributedtask/securefiles/{secureFileId}", RouteNeed(.view, .secureFile)),
        rule([], "distributedtask/securefiles/{secureFileId}", RouteNeed(.manage, .secureFile)),
        rule(reads, "distributedtask/securefiles", RouteNeed(.view, .project)),
        rule([.post], "distributedtask/securefiles", RouteNeed(.create, .project)),
        rule([.post], "pipelines/checks/queryconfigurations", RouteNeed(.view, .project)),
        rule(reads, "pipelines/checks", RouteNeed(.view, .project)),
        rule([], "pipelines/checks", RouteNeed(.manage, .project)),
        // Approvers are named by the check; it is enough that they may see the project.
        rule([], "pipelines/approvals", RouteNeed(.view, .project)),
    ]

    private static let environmentRules: [Rule] = [
        "distributedtask/environments", "pipelines/environments", "roost/environments",
    ].flatMap {
        [
            rule(reads, "\($0)/{environmentId}", RouteNeed(.view, .environment)),
            rule([], "\($0)/{environmentId}", RouteNeed(.manage, .environment)),
            rule(reads, $0, RouteNeed(.view, .project)),
            rule([.post], $0, RouteNeed(.create, .project)),
        ]
    }

    private static let pipelineRules: [Rule] = [
        rule([.put], "build/definitions/{definitionId}", RouteNeed(.create, .pipeline("definitionId"))),
        rule([.delete], "build/definitions/{definitionId}", RouteNeed(.manage, .pipeline("definitionId"))),
        rule([.post], "build/definitions/{definitionId}", RouteNeed(.use, .pipeline("definitionId"))),
        rule([.patch], "build/definitions/{definitionId}", RouteNeed(.create, .pipeline("definitionId"))),
        rule(reads, "build/definitions/{definitionId}", RouteNeed(.view, .pipeline("definitionId"))),
        rule([.post], "build/definitions", RouteNeed(.create, .project)),
        rule([.post], "pipelines/{pipelineId}", RouteNeed(.use, .pipeline("pipelineId"))),
        rule(reads, "pipelines/{pipelineId}", RouteNeed(.view, .pipeline("pipelineId"))),
        rule([.post], "pipelines", isWhole: true, RouteNeed(.create, .project)),
        rule([.delete], "build/builds/{buildId}", isWhole: true, RouteNeed(.manage, .run)),
        // Which pipeline it is about stands in the body.
        rule([.post], "build/builds", isWhole: true, nil),
        rule([.delete], "roost/caches", RouteNeed(.manage, .project)),
        rule(reads, "roost/pipelines/{pipelineId}", RouteNeed(.view, .pipeline("pipelineId"))),
        rule([.patch], "roost/pipelines/{pipelineId}", RouteNeed(.create, .pipeline("pipelineId"))),
        rule([.post], "roost/pipelines/{pipelineId}", RouteNeed(.use, .pipeline("pipelineId"))),
        // The queue shows each what is of pipelines they may see; the pipeline stands in the query of the others.
        rule(reads, "roost/queue", isWhole: true, nil),
        rule(reads, "roost/tests/flaky", isWhole: true, nil),
        rule(reads, "roost/tests/history", isWhole: true, nil),
        rule(reads, "roost/jobs/{requestId}", RouteNeed(.view, .request)),
        rule(reads, "roost/requests/{requestId}", RouteNeed(.view, .request)),
    ]

    /// Galleries are the organization's: who makes things in it builds and publishes images, an administrator deletes.
    private static let galleryRules: [Rule] = [
        rule(reads, "galleries", RouteNeed(.view, .organization)),
        rule([], "galleries/{galleryName}", isWhole: true, RouteNeed(.manage, .organization)),
        rule([.delete], "galleries/", RouteNeed(.manage, .organization)),
        rule([.post], "galleries/{galleryName}/images/{imageName}/retention", RouteNeed(.manage, .organization)),
        rule([], "galleries/", RouteNeed(.create, .organization)),
        rule(reads, "roost/imageregions", RouteNeed(.view, .organization)),
        rule(reads, "roost/imageuses", RouteNeed(.view, .organization)),
        rule(reads, "imagetemplates", RouteNeed(.view, .organization)),
        rule([], "imagetemplates/", RouteNeed(.create, .organization)),
    ]

    private static let organizationRules: [Rule] = [
        rule([.get], "projects", isWhole: true, nil),
        rule([.post], "projects", isWhole: true, RouteNeed(.manage, .organization)),
        rule(reads, "projects/{projectId}", RouteNeed(.view, .project)),
        rule([], "projects/{projectId}", RouteNeed(.manage, .project)),
        rule([], "roost/audit", RouteNeed(.manage, .organization)),
        rule([.post], "roost/vaults", isWhole: true, RouteNeed(.create, .organization)),
        // Who manages a thing says who else may; which one stands in the body, the query or behind two parameters.
        rule([], "roost/roles", nil),
        rule([], "securityroles", nil),
        // A vault has grants of its own; its maker and administrators change it, as the handler says.
        rule([], "roost/vaults", nil),
        rule([], "roost/trustrules", RouteNeed(.manage, .organization)),
        rule([], "roost/warnings", RouteNeed(.manage, .organization)),
        rule(reads, "roost/enrollment/policy", RouteNeed(.view, .organization)),
        // People make and revoke their own tokens; those of others are an administrator's, as the handler says.
        rule([], "roost/tokens", nil),
        rule([], "roost/signins", nil),
    ]

    private static let rules =
        poolRules + libraryRules + environmentRules + pipelineRules + galleryRules + organizationRules

    /// What a route needs that says nothing itself; every route with scopes has an answer.
    ///
    /// - Parameters:
    ///   - method: the route's.
    ///   - template: below its place.
    ///   - access: what it declares.
    /// - Returns: nil where roles say nothing: no person reaches it, anybody does, or the handler judges.
    static func derived(_ method: HTTPRequest.Method, _ template: String, _ access: RouteAccess) -> RouteNeed? {
        guard case .scoped(let scopes) = access.users else { return nil }
        if let rule = rules.first(where: { $0.fits(method, template) }) { return rule.need }
        if scopes.contains(.full) { return RouteNeed(.manage, .organization) }
        let isRead = !scopes.isDisjoint(with: [.agentPools, .build, .project])
        return RouteNeed(isRead ? .view : .use, target(of: template))
    }

    private static func target(of template: String) -> Target {
        if template.contains("{buildId}") { return .run }
        if template.contains("{planId}") { return .plan }
        return .project
    }
}
