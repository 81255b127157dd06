import RoostLanguage
import RoostTemplate

/// What one target needs of a cloud.
struct AzureCheck {
    /// An answer, as a rule wants it.
    enum Known<Value> {
        case found(Value)
        case missing
        /// Not yet, or not at all, which is told already.
        case nothing

        var value: Value? {
            if case .found(let value) = self { value } else { nil }
        }
    }

    let signIn: AzureSignIn
    let build: AzureBuild
    /// Whether what is there already may be replaced.
    let isForced: Bool
    var inquiry: PreflightInquiry
    /// Processors that the machine takes of what the region has left.
    var demands: [ProcessorDemand] = []

    /// Walks through everything that the target needs.
    mutating func run() {
        guard isSignedIn(), isSubscriptionUsable(build.subscription) else { return }
        let location = location()
        checkRegion(build.location)
        let base = checkBase(in: location)
        checkMachine(base, in: location)
        checkNetwork(in: location)
        for store in build.managedImages { checkManagedImage(store, in: location) }
        for publication in build.publications { checkPublication(publication, base, in: location) }
        checkAccount(in: location)
        for resource in build.used { checkUsed(resource) }
        if build.makesGroup {
            checkRight("Microsoft.Resources/subscriptions/resourceGroups/write", in: nil, at: build.span)
        }
    }

    // MARK: Who asks

    /// Whoever cannot sign in can ask nothing.
    private mutating func isSignedIn() -> Bool {
        guard case .unknown(let obstacle) = inquiry.ask(.azure(signIn, .signIn)) else { return true }
        let address = obstacle.address.map { " (\($0))" } ?? ""
        let isMachine = if case .machine = signIn.way { true } else { false }
        let summary =
            isMachine
            ? "\(build.name) has no authentication, and the managed identity of this machine, which is used then, gives no token: \(obstacle.reason)\(address)"
            : "\(build.name) cannot sign in to \(signIn.cloud): \(obstacle.reason)\(address)"
        let advice =
            isMachine
            ? "Give \"client_id\", \"subscription_id\" and one of \"client_secret\", \"client_cert_path\", \"client_jwt\" and \"oidc_request_token\" (a variable that is empty gives nothing), or use_azure_cli_auth = true."
            : obstacle.advice
        inquiry.find(
            PreflightFinding(.error("preflight.sign-in", summary, at: build.span, advice: advice))
        )
        return false
    }

    /// What signing in leads to when the template names none.
    func subscription(_ name: String) -> String {
        guard name.isEmpty, case .found(.signedIn(let own)) = inquiry.facts[.azure(signIn, .signIn)] else {
            return name
        }
        return own
    }

    mutating func isSubscriptionUsable(_ name: String, at span: SourceSpan? = nil) -> Bool {
        if name.isEmpty, case .found(.signedIn(subscription: "")) = inquiry.facts[.azure(signIn, .signIn)] {
            problem(
                "subscription",
                "\(build.name) names no subscription, and signing in to \(signIn.cloud) leads to none",
                at: span ?? build.span,
                advice: "Give \"subscription_id\", or choose one with 'az account set --subscription'."
            )
            return false
        }
        let question = AzureQuestion.subscription(name)
        switch answer(question, at: span ?? build.span) {
        case .missing:
            problem(
                "subscription",
                "The subscription \"\(subscription(name))\" is not there, or \(build.name) has no rights in it",
                at: span ?? build.span,
                advice: "Look whether it is the right one and of the right cloud with 'az account list --output table'."
            )
            return false
        case .found(.subscription(let state)) where !["enabled", "warned", "pastdue"].contains(state.lowercased()):
            problem("subscription", "The subscription \"\(subscription(name))\" is \(state)", at: span ?? build.span)
            return false
        default: return true
        }
    }

    // MARK: Asking

    mutating func answer(
        _ question: AzureQuestion,
        isNeeded: Bool = true,
        at span: SourceSpan?
    ) -> Known<PreflightFact> {
        let whole = PreflightQuestion.azure(signIn, question)
        switch inquiry.ask(whole) {
        case nil: return .nothing
        case .missing: return .missing
        case .found(let fact): return .found(fact)
        case .unknown(let obstacle):
            if obstacle.kind != .signIn { inquiry.note(obstacle, of: whole, isNeeded: isNeeded, at: span) }
            return .nothing
        }
    }

    mutating func resource(_ id: AzureResourceID, at span: SourceSpan?) -> Known<AzureResourceFact> {
        switch answer(.resource(id), at: span) {
        case .found(.resource(let fact)): .found(fact)
        case .missing: .missing
        default: .nothing
        }
    }

    /// With the subscription that signing in leads to, for what is shown and made.
    func whole(_ id: AzureResourceID) -> AzureResourceID {
        var id = id
        id.subscription = subscription(id.subscription)
        return id
    }

    // MARK: Finding

    mutating func problem(
        _ code: String,
        _ summary: String,
        at span: SourceSpan?,
        advice: String? = nil,
        command: String? = nil,
        draft: AzureDraft? = nil,
        isWarning: Bool = false
    ) {
        let problem = Diagnostic.error("preflight.\(code)", summary, at: span, advice: advice)
        inquiry.find(
            PreflightFinding(
                isWarning ? problem.asWarning : problem,
                command: command,
                draft: draft.map { .azure(signIn, $0) }
            )
        )
    }

    // MARK: Where

    /// The region of the machine: as written, or that of the group it is built in.
    private mutating func location() -> String? {
        if let group = build.group {
            return checkGroup(group.text, build.subscription, "in which \(build.name) is built", nil, at: group.span)
                .value?.location.map(Self.region)
        }
        return build.location.map { Self.region($0.text) }
    }

    /// As the cloud compares the names of regions.
    static func region(_ name: String) -> String { name.lowercased().filter { !$0.isWhitespace } }

    mutating func checkRegion(_ region: PlacedText?) {
        guard let region,
            case .found(.regions(let known)) = answer(.regions(build.subscription), isNeeded: false, at: region.span),
            known[Self.region(region.text)] == nil
        else { return }
        let near = nearName(Self.region(region.text), among: known.keys.sorted())
        problem(
            "region",
            "The subscription has no region \"\(region.text)\"",
            at: region.span,
            advice: (near.map { "Did you mean \"\($0)\"? " } ?? "")
                + "'az account list-locations --output table' lists them."
        )
    }

    /// A resource group that has to be there.
    ///
    /// The purpose continues the sentence after its name; without a location it is not for this to decide where it is made.
    @discardableResult
    mutating func checkGroup(
        _ name: String,
        _ subscription: String,
        _ purpose: String,
        _ location: String?,
        at span: SourceSpan?
    ) -> Known<AzureResourceFact> {
        let id = AzureResourceID(subscription: subscription, resourceGroup: name)
        let known = resource(id, at: span)
        if case .missing = known {
            let draft = AzureDraft(whole(id), location: location ?? "REGION", .group)
            problem(
                "group",
                "The resource group \"\(name)\", \(purpose), is not there",
                at: span,
                command: draft.command,
                draft: location == nil ? nil : draft
            )
        }
        return known
    }

    /// Whether one may do something; without a group, in the subscription.
    mutating func checkRight(_ action: String, in group: AzureResourceID?, at span: SourceSpan?) {
        let scope = group ?? AzureResourceID(subscription: build.subscription, resourceGroup: "")
        guard case .found(.rights(let rights)) = answer(.rights(scope), isNeeded: false, at: span),
            !rights.contains(where: { $0.allows(action) })
        else { return }
        let place = whole(scope)
        let path = group == nil ? "/subscriptions/\(place.subscription)" : "\(place)"
        problem(
            "rights",
            "\(build.name) has no right to \"\(action)\" in \(group?.title ?? "subscription \"\(place.subscription)\"")",
            at: span,
            advice: "Somebody who owns it gives the right.",
            command: TypedCommand("az", "role", "assignment", "create", "--assignee", signIn.client ?? "WHO")
                .adding("--role", Self.role(for: action)).adding("--scope", path).text
        )
    }

    /// The smallest role of the cloud's own that allows an action.
    private static func role(for action: String) -> String {
        if action.hasPrefix("Microsoft.Compute/galleries") { return "Compute Gallery Artifacts Publisher" }
        if action.hasPrefix("Microsoft.Network") { return "Network Contributor" }
        return "Contributor"
    }
}
